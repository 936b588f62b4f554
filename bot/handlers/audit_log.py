"""/log: who did what and when."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Command, Subject
from bot.screens.audit_log_subjects import opening_rows
from bot.screens.paging import page_buttons
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording import delivery
from bot.wording.audit_log import entry
from bot.wording.lists import page_of
from bot.wording.phrases import N_
from bot.wording.text import command, isolate, lines, shortened
from core.domain.access import Permission
from core.domain.inbox import UpdateState
from core.domain.keywords import LOG, find_keyword
from core.domain.naming import not_understood
from core.domain.outbox import Kind
from core.services import audit_log, unconfirmed
from core.services.unconfirmed import Unconfirmed

LONGEST_QUOTE = 200
UNCONFIRMED = "unconfirmed"
NEWEST = FIRST = 0  # in a button's data


async def show(context: Context, text: str) -> Screen:
    """Show the newest page of the log, or with `unconfirmed` what may not have arrived."""
    if find_keyword(text, LOG):
        return await list_unconfirmed(context, FIRST)
    if text:
        raise not_understood(text, LOG)
    return await page(context, NEWEST)


async def list_unconfirmed(context: Context, wanted: int) -> Screen:
    """List a page of the answers and messages that may not have arrived."""
    found, say = await context.read(unconfirmed.listing, context.actor_id, context.now), context.words.say
    back = [tap(say("‹ Log"), "log", NEWEST)]
    if not found.newest:
        return Screen(text=say("All answers and messages of the last days arrived."), rows=rows(back))
    written = [lines("", _unconfirmed(context, each)) for each in found.newest]
    shown = page_of(written, wanted, most=len(written))
    title = Markup("<b>{}</b>").format(say("These may not have arrived"))
    return Screen(
        text=lines(title, *(written[place] for place in shown.places)),
        rows=rows(page_buttons(context.words, shown, UNCONFIRMED), back),
    )


async def page(context: Context, before: int) -> Screen:
    """Show a page of the log, older than an entry; as many entries as fit into a message."""
    found, say = await context.read(audit_log.page, context.actor_id, before=before or None), context.words.say
    if not found.entries:
        return Screen(text=say("The log has nothing for you to see yet."))
    written = [lines("", entry(context.words, each)) for each in found.entries]
    shown = page_of(written, 0, most=len(written)).places
    more = found.older_than is not None or len(shown) < len(written)
    return Screen(
        text=lines(Markup("<b>{}</b>").format(say("Who did what")), *written[: len(shown)]),
        rows=rows(
            *opening_rows(context.words, context.person.permissions, found.entries[: len(shown)]),
            [
                tap(say("« Newest"), "log", NEWEST) if before else None,
                tap(say("Older ›"), "log", found.entries[shown[-1]].number) if more else None,
            ],
            [tap(say("What may not have arrived"), UNCONFIRMED, FIRST)] if found.whole_account else [],
            [to_home(context.words)],
        ),
    )


def _unconfirmed(context: Context, lost: Unconfirmed) -> Markup:
    """Write when, for whom, what it was, and what is known about it."""
    say = context.words.say
    if lost.kind is not None:
        what = _message(context, lost.kind)
    else:
        what = say(
            "the answer to {line}", line=command(shortened(lost.line, LONGEST_QUOTE)) if lost.line else say("a tap")
        )
    done = say("It was carried out.") if lost.carried_out else None
    given_up = say("It could not be handled.") if lost.state is UpdateState.GIVEN_UP else None
    who = isolate(lost.recipient) if lost.recipient else say("an unknown person")
    refused = delivery.refused(context.words, lost.refusal) if lost.refusal else None
    return lines(Markup("{} · {}").format(context.words.moment(lost.at), who), what, done, given_up, refused)


def _message(context: Context, kind: Kind) -> Markup:
    match kind:
        case Kind.DIGEST:
            return context.words.say("a digest")
        case Kind.DIGEST_PICTURE:
            return context.words.say("the picture of a digest")
        case Kind.DIGEST_SPREADSHEET:
            return context.words.say("the spreadsheet of a digest")
        case _:
            return context.words.say("a notice")


COMMANDS = (
    Command(
        name="log",
        handler=show,
        summary=N_("Show who did what and when"),
        examples=("/log",),
        permission=Permission.READ_LOG,
        subject=Subject.ACCOUNT,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "log": by_number(page),
    UNCONFIRMED: by_number(list_unconfirmed),
}
