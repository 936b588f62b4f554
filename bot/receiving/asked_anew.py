"""Questions asked anew when what they were about has changed: with today's facts, in place of those of before.

The button that confirms carries a fingerprint of what the question showed, so it would be refused for good. What asks
anew takes the arguments of that button, and changes nothing. Who waits is listed anew, if another person was quicker.
"""

from collections.abc import Mapping

from bot.context import Context
from bot.handlers import (
    account,
    course_editing,
    departments,
    digest_switches,
    form_fields,
    link_mail_lists,
    link_mails,
    link_resending,
    pending_sign_ups,
    person,
    personal_data,
    profile_links,
    profile_removal,
    reminder_choosing,
    reminders,
    retention,
    roles,
    roster_lists,
    rosters,
    rule_application,
    rush_declines,
    rush_undo,
)
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler
from bot.receiving.kept_questions import KEPT
from bot.screens.screen import Screen
from bot.screens.waiting_list import FIRST
from bot.wording import refusals
from core.errors import Refusal


def _unmarked(asking: ButtonHandler) -> ButtonHandler:
    """Ask by the arguments of the button that confirms, but the last one, which is the fingerprint."""

    async def ask_anew(context: Context, arguments: str) -> Screen:
        return await asking(context, arguments.rpartition(":")[0])

    return ask_anew


async def _who_waits(context: Context, arguments: str) -> Screen:
    """List who waits on the list of the button, instead of one who no longer does."""
    *_, search = [*arguments.split(":", 3), "", "", ""][:4]
    return await pending_sign_ups.BUTTONS["waiting"](context, f"{FIRST}:{search}")


ASKED_ANEW: Mapping[str, ButtonHandler] = {
    **KEPT,
    "approve": _who_waits,
    "course-archive!": _unmarked(course_editing.BUTTONS["course-archive"]),
    "decline": _who_waits,
    "decline!": _who_waits,
    "department-end!": _unmarked(departments.BUTTONS["department-end"]),
    "department-move!": departments.ask_anew_to_move,
    "digest-with-file!": digest_switches.ask_anew,
    "end!": profile_removal.ask_anew,
    "expectonly!": rosters.ask_anew_to_switch,
    "field-end!": _unmarked(form_fields.BUTTONS["field-end"]),
    "free-place": _who_waits,
    "free-place!": _who_waits,
    "person-end!": _unmarked(person.BUTTONS["person-end"]),
    "person-erase!": _unmarked(personal_data.BUTTONS["person-erase"]),
    "relink!": profile_links.ask_anew,
    "remind-behind!": _unmarked(reminders.BUTTONS["remind-behind"]),
    "remind-missing!": _unmarked(reminders.BUTTONS["remind-missing"]),
    "remind-missing-add": _unmarked(reminders.BUTTONS["remind-missing"]),
    "remind-some!": reminder_choosing.ask_anew,
    "remind-some-add": reminder_choosing.ask_anew,
    "retention!": retention.ask_anew,
    "rinstead": roster_lists.show,
    "rkeep": roster_lists.show,
    "role-end!": _unmarked(roles.BUTTONS["role-end"]),
    "rule-apply!": _unmarked(rule_application.BUTTONS["rule-ask"]),
    "rush-undone": rush_undo.ask_anew,
    "sendadd": link_mail_lists.show,
    "sendagain-add": _unmarked(link_resending.BUTTONS["sendagain"]),
    "sendgo": link_mail_lists.show,
    "sendstopped": _unmarked(link_mails.BUTTONS["sendstop"]),
    "sentagain": _unmarked(link_resending.BUTTONS["sendagain"]),
    "unexpected": rosters.ask_anew_to_remove,
    "waiting-rush-declined": rush_declines.ask_anew,
    "zone": account.ask_anew,
}


async def ask(context: Context, data: str) -> Screen | None:
    """Return the question of a button as it would be asked now, or why it can't be; None if it has none."""
    verb, _, arguments = data.partition(":")
    if verb not in ASKED_ANEW:
        return None
    try:
        return await ASKED_ANEW[verb](context, arguments)
    except StaleButton:
        return None
    except Refusal as refused:
        return Screen(text=refusals.refusal(context.words, refused))
