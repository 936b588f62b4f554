"""/reminders: the rules by which people are reminded, of a profile, a department or the account; each on or off."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers import guides
from bot.handlers.planned_reminders import to_planned
from bot.input.arguments import StaleButton, card_number, is_number
from bot.input.cohorts import cohort_target, read_cohort
from bot.menu.buttons import ButtonHandler
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.digest_screen import to_digest
from bot.screens.lists import ticked
from bot.screens.screen import Rows, Screen, rows, tap
from bot.wording import reminder_rules as wording
from bot.wording.phrases import N_, Words
from bot.wording.refusals import refusal
from bot.wording.text import lines
from core.domain.access import Permission
from core.domain.reminder_rules import Place
from core.domain.reminders import Occasion
from core.errors import NoMailServer
from core.services import reminder_rules
from core.services.progress import Cohort
from core.services.reminder_rules import Rules, RuleShown

DAYS = ((1, 2, 3), (5, 7, 14))  # to choose from
ON, OFF, INHERIT = "on", "off", "inherit"
OCCASIONS: Mapping[str, Occasion] = {each.value.replace(" ", "-"): each for each in Occasion}
CODES: Mapping[Occasion, str] = {occasion: code for code, occasion in OCCASIONS.items()}


async def show(context: Context, text: str) -> Screen:
    """Show the rules of a profile or a department; if empty, of the account, or what there is for managers."""
    if (number := card_number(text)) is not None:
        return await rules(context, Place(profile_id=number))
    if text:
        return await rules(context, await context.read(reminder_rules.find, context.actor_id, text))
    if Permission.MANAGE_ACCOUNT in context.person.permissions:
        return await rules(context, Place())
    return _beginning(context)


def _beginning(context: Context) -> Screen:
    """Show a manager who has no rules of the account the ways to those of a department, and to what is planned."""
    say = context.words.say
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(say("Reminders")),
            say("Rules by which people are reminded hold in a department and below it, or for a profile."),
            say("Those of a profile are under “More” on its card."),
        ),
        rows=rows([tap(say("One department"), "reminders-where")], [to_planned(context.words)], [to_digest(context)]),
    )


async def rules(context: Context, place: Place) -> Screen:
    """Show the rules of a place."""
    return _screen(context, await context.read(reminder_rules.show, context.actor_id, place, context.now))


async def by_button(context: Context, data: str) -> Screen:
    """Show the rules of a place from `p12`, `d7` or `all`."""
    return await rules(context, _place(data))


async def one(context: Context, data: str) -> Screen:
    """Show one rule with what it can be, from `place:occasion`."""
    target, code = _parts(data, 2)
    occasion = _occasion(code)
    found = await context.read(reminder_rules.show, context.actor_id, _place(target), context.now)
    return _rule(context, found, occasion)


async def change(context: Context, data: str) -> Screen:
    """Change a rule, from `place:occasion:days`, or `on`, `off` or `inherit` in the place of days."""
    target, code, value = _parts(data, 3)
    place, occasion = _place(target), _occasion(code)
    if value == INHERIT:
        found = await context.write(reminder_rules.inherit, context.actor_id, place, occasion, context.now)
    elif value in (ON, OFF) or is_number(value):
        days = int(value) if is_number(value) else None
        on = None if is_number(value) else value == ON
        found = await context.write(
            reminder_rules.change, context.actor_id, place, occasion, context.now, on=on, days=days
        )
    else:
        raise StaleButton
    return _rule(context, found, occasion, toast=context.words.say("Saved."))


async def choose_department(context: Context, _arguments: str) -> Screen:
    """Ask for the department whose rules are to be shown."""
    command = guides.find(context, "reminders")
    return await guides.ask(context, guides.Guide(command=command, origin="home"))


def _screen(context: Context, found: Rules) -> Screen:
    words, target = context.words, _target(found.place)
    each = ([tap(_label(context, shown), "reminder-rule", target, CODES[shown.occasion])] for shown in found.rules)
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(wording.title(words, found)),
            _without_server(context),
            *(wording.rule(words, found, shown, can_mail=context.can_mail) for shown in found.rules),
            "",
            wording.limits(words),
        ),
        rows=rows(*each, *_ways(context, found.place)),
    )


def _without_server(context: Context) -> Markup | None:
    if context.can_mail:
        return None
    only = context.words.say("Until then only learners who connected their Telegram are reminded.")
    return lines(refusal(context.words, NoMailServer()), only)


def _label(context: Context, shown: RuleShown) -> str:
    mark = wording.ON if shown.on else wording.OFF
    return f"{mark} {context.words.say(wording.SHORT[shown.occasion]).unescape()}"


def _ways(context: Context, place: Place) -> Rows:
    say, planned = context.words.say, to_planned(context.words)
    if place.profile_id is not None:
        return rows([planned], [tap(say("‹ Profile"), "profile", place.profile_id)])
    if place.department_id is not None:
        return rows([planned], [tap(say("‹ Department"), "department", place.department_id, 0)])
    return rows([tap(say("One department"), "reminders-where")], [planned, to_digest(context)])


def _days(words: Words, number: int, *, on: bool) -> Markup:
    return ticked(words.count("{number} day", "{number} days", number), on=on)


def _rule(context: Context, found: Rules, occasion: Occasion, *, toast: Markup | None = None) -> Screen:
    words, say, target, shown = context.words, context.words.say, _target(found.place), found.of(occasion)
    verb, code = "reminder-set", CODES[occasion]
    days = (
        [tap(_days(words, number, on=number == shown.days), verb, target, code, number) for number in group]
        for group in (DAYS if occasion is not Occasion.OVERDUE else ())
    )
    switch = tap(say("Turn off"), verb, target, code, OFF) if shown.on else tap(say("Turn on"), verb, target, code, ON)
    as_above = tap(say("As above it"), verb, target, code, INHERIT)
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(wording.title(words, found)),
            _without_server(context),
            wording.rule(words, found, shown, can_mail=context.can_mail),
            "",
            wording.limits(words),
        ),
        rows=rows(
            *days,
            [switch],
            [as_above] if shown.own and not found.place.is_account else [],
            [tap(say("‹ Reminders"), "reminders", target)],
        ),
        toast=toast,
    )


def _place(target: str) -> Place:
    cohort = read_cohort(target)
    if cohort.course_id is not None:
        raise StaleButton
    return Place(profile_id=cohort.profile_id, department_id=cohort.department_id)


def _target(place: Place) -> str:
    return cohort_target(Cohort(profile_id=place.profile_id, department_id=place.department_id))


def _occasion(code: str) -> Occasion:
    if code not in OCCASIONS:
        raise StaleButton
    return OCCASIONS[code]


def _parts(data: str, number: int) -> list[str]:
    parts = data.split(":")
    if len(parts) != number:
        raise StaleButton
    return parts


COMMANDS = (
    Command(
        name="reminders",
        handler=show,
        summary=N_("Rules that remind people by email or in Telegram"),
        examples=("/reminders", "/reminders 1", "/reminders Sales / EMEA"),
        permission=Permission.MANAGE_PROFILES,
        also=(Permission.MANAGE_PEOPLE,),
        subject=Subject.PROFILES,
        guided=(Part(N_("department"), of=Choice.DEPARTMENT),),
        opens=show,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "reminders": by_button,
    "reminder-rule": one,
    "reminder-set": change,
    "reminders-where": choose_department,
}
