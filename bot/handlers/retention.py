"""/retention: how long what is kept, and what the account decides about."""

from collections.abc import Mapping
from datetime import timedelta

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import StaleButton, ValueExpected
from bot.menu.buttons import ButtonHandler
from bot.menu.command import Command, Subject
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording.phrases import N_
from bot.wording.text import lines
from core.domain.access import Permission
from core.domain.keywords import RETENTION, first_keyword
from core.domain.naming import not_understood
from core.domain.retention import Kept
from core.services import retention
from core.services.retention import Change, Retention

NAMES, LISTS = "names", "lists"
KEPT: Mapping[str, Kept] = {LISTS: Kept.LISTS, NAMES: Kept.NAMES}
FOR_GOOD = "unlimited"
OFFERED = {LISTS: (30, 90), NAMES: (365, None)}  # days


async def show(context: Context, text: str) -> Screen:
    """Show how long data is kept, or change what the first word names."""
    if not text:
        return await _all(context)
    name, value = first_keyword(text, RETENTION)
    if name is None:
        raise not_understood(text.split(maxsplit=1)[0], RETENTION)
    if not value:
        raise ValueExpected(name)
    return await _changed(context, name, value)


async def _changed(context: Context, name: str, value: str) -> Screen:
    """Change it, after a question if something would end at once."""
    change = await context.read(retention.preview, context.actor_id, KEPT[name], value, context.now)
    if change.ending:
        return _question(context, name, change)
    await context.write(retention.change, context.actor_id, KEPT[name], value, context.now, seen=change.seen)
    return await _all(context, toast=context.words.say("Saved."))


def _question(context: Context, name: str, change: Change) -> Screen:
    words, say = context.words, context.words.say
    lists = words.count(
        "{number} entry of such lists would be deleted within the hour, whose profile ended before that.",
        "{number} entries of such lists would be deleted within the hour, whose profiles ended before that.",
        change.ending,
    )
    names = words.count(
        "The name of {number} deleted person would be erased within the hour, in histories and in the log.",
        "The names of {number} deleted people would be erased within the hour, in histories and in the log.",
        change.ending,
    )
    sentence = _lists(context, change.after) if name == LISTS else _names(context, change.after)
    return Screen(
        text=lines(sentence, lists if name == LISTS else names, say("This can’t be undone.")),
        rows=rows(
            [
                tap(say("Save"), "retention!", name, change.after, change.seen, style="danger"),
                tap(say("Cancel"), "retention", ""),
            ]
        ),
    )


async def _all(context: Context, *, toast: Markup | None = None) -> Screen:
    found = await context.read(retention.retention, context.actor_id)
    say, line = context.words.say, context.words.line
    examples = Markup(", ").join((line(f"/retention {LISTS} 30"), line(f"/retention {NAMES} 365")))
    return Screen(
        text=lines(
            say("How long data is kept"),
            "",
            say("· People: until they are deleted or erased"),
            say("· Histories, counts and the log: for good"),
            _names(context, found.days[Kept.NAMES]),
            _lists(context, found.days[Kept.LISTS]),
            *_unchangeable(context, found),
            "",
            say("Back-ups: as long as those who run the server keep them."),
            say("To change it: {line}", line=examples),
        ),
        rows=rows(
            [_offer(context, LISTS, days) for days in OFFERED[LISTS]],
            *([_offer(context, NAMES, days)] for days in OFFERED[NAMES] if days != found.days[Kept.NAMES]),
            [to_home(context.words)],
        ),
        toast=toast,
    )


def _offer(context: Context, name: str, days: int | None) -> InlineKeyboardButton:
    say = context.words.say
    if days is None:
        return tap(say("Names: for good"), "retention", name, FOR_GOOD)
    length = context.words.language.duration(timedelta(days=days))
    label = say("Lists: {days}", days=length) if name == LISTS else say("Names: {days}", days=length)
    return tap(label, "retention", name, days)


def _names(context: Context, days: int | None) -> Markup:
    say = context.words.say
    if days is None:
        return say("· Names of deleted people, in histories and in the log: for good")
    length = context.words.language.duration(timedelta(days=days))
    return say("· Names of deleted people, in histories and in the log: {days} after the deletion", days=length)


def _lists(context: Context, days: int | None) -> Markup:
    length = context.words.language.duration(timedelta(days=days or 0))
    return context.words.say(
        "· Lists of people expected or sent a link: {days} after the end of their profile (the last in a department)",
        days=length,
    )


def _unchangeable(context: Context, found: Retention) -> list[Markup]:
    """Say how long what is kept that nobody decides about."""
    return [*_of_pages(context, found), *_of_messages(context, found)]


def _of_pages(context: Context, found: Retention) -> list[Markup]:
    say, long = context.words.say, context.words.language.duration
    return [
        say(
            "· Log-ins: {unused} after they were last used, {longest} at most",
            unused=long(found.log_in_unused),
            longest=long(found.log_in_longest),
        ),
        say("· Who waits for approval: {days}", days=long(found.waiting)),
        say("· Status pages: {days}", days=long(found.status_pages)),
        say(
            "· Requests for access: open {open}, granted {granted}; their answers: {answered}",
            open=long(found.requests),
            granted=long(found.granted),
            answered=long(found.answered),
        ),
        say("· Names of those who open the Mini App: {days}", days=long(found.mini_app)),
        say(
            "· Links to a new password: {links}; requests for one: {requests}",
            links=long(found.password_links),
            requests=long(found.password_requests),
        ),
    ]


def _of_messages(context: Context, found: Retention) -> list[Markup]:
    say, long = context.words.say, context.words.language.duration
    return [
        say(
            "· Messages to the bot: {received}; from the bot: {sent}; emails: {mailed}",
            received=long(found.received),
            sent=long(found.sent),
            mailed=long(found.mailed),
        ),
        say("· Who was reminded on which day: {days}", days=long(found.reminders)),
        say(
            "· Searches: {searches}; forms: {forms}; questions: {questions}",
            searches=long(found.searches),
            forms=long(found.forms),
            questions=long(found.questions),
        ),
    ]


async def choose(context: Context, data: str) -> Screen:
    """Change what a button names (`name:days`), or show all again (empty)."""
    name, _, value = data.partition(":")
    if not name:
        return await _all(context)
    if name not in KEPT:
        raise StaleButton
    return await _changed(context, name, value)


async def save(context: Context, data: str) -> Screen:
    """Change it after the question, from `name:days:seen`."""
    name, _, rest = data.partition(":")
    value, _, seen = rest.partition(":")
    if name not in KEPT:
        raise StaleButton
    await context.write(retention.change, context.actor_id, KEPT[name], value, context.now, seen=seen)
    return await _all(context, toast=context.words.say("Saved."))


async def ask_anew(context: Context, rest: str) -> Screen:
    """Ask anew, from the data of `save`; show all if nothing would end at once any more."""
    name, value, _ = rest.split(":", 2)
    change = await context.read(retention.preview, context.actor_id, KEPT[name], value, context.now)
    return _question(context, name, change) if change.ending else await _all(context)


COMMANDS = (
    Command(
        name="retention",
        handler=show,
        summary=N_("Show or change how long data is kept"),
        examples=("/retention", f"/retention {LISTS} 30", f"/retention {NAMES} 365", f"/retention {NAMES} {FOR_GOOD}"),
        keywords=(*RETENTION, FOR_GOOD),
        permission=Permission.MANAGE_ACCOUNT,
        subject=Subject.ACCOUNT,
        rank=1,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "retention": choose,
    "retention!": save,
}
