"""The buttons that open a closed link from where it is to be sent: afterwards that screen is shown again."""

from collections.abc import Mapping
from dataclasses import replace

from bot.context import Context
from bot.handlers import (
    link_mail_lists,
    link_mails,
    link_resending,
    missing_people,
    people_to_remind,
    reminder_choosing,
    reminders,
)
from bot.input.arguments import StaleButton, is_number
from bot.menu.buttons import ButtonHandler
from bot.screens.link_cures import OFFERED, VERB
from bot.screens.screen import Screen
from core.services import link_cures
from core.services.link_letters import SENDABLE

BACK: Mapping[str, ButtonHandler] = {  # those that only show
    "send": link_mails.BUTTONS["send"],
    "sendagain": link_resending.BUTTONS["sendagain"],
    "sendas": link_mail_lists.BUTTONS["sendas"],
    "missingtext": missing_people.BUTTONS["missingtext"],
    "remind-missing": reminders.BUTTONS["remind-missing"],
    people_to_remind.VERB: reminder_choosing.BUTTONS[people_to_remind.VERB],
}


async def cure(context: Context, data: str) -> Screen:
    """Open a link, from `<cure>:<profile>:<button that leads back>`."""
    match data.split(":", 3):
        case [place, profile_id, verb, back] if is_number(place) and is_number(profile_id) and verb in BACK:
            if int(place) >= len(OFFERED):
                raise StaleButton
            state = await context.write(
                link_cures.cure, context.actor_id, int(profile_id), OFFERED[int(place)], context.now
            )
            toast = context.words.say("The link works now.") if state in SENDABLE else None
            return replace(await BACK[verb](context, back), toast=toast)
    raise StaleButton


BUTTONS: Mapping[str, ButtonHandler] = {VERB: cure}
