"""The newest profiles, to choose one by a tap, or another one by its name."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.screens.screen import LONGEST_LABEL, Rows, rows
from bot.wording.text import command as copied
from bot.wording.text import shortened
from core.services import profile_lists

MOST = 6


@dataclass(frozen=True, kw_only=True)
class NewestProfiles:
    """A row for each of the newest profiles that the person may edit; `others` says how to choose another one."""

    buttons: Rows
    others: Markup | None


async def newest_profiles(
    context: Context, command: str, button: Callable[[str, int], InlineKeyboardButton]
) -> NewestProfiles:
    """Return the newest profiles, each with a button of its label and number; a command finds others by their names."""
    found = await context.read(profile_lists.shareable, context.actor_id, "", context.now, at_most=MOST + 1)
    chosen = found[:MOST]
    others = context.words.say(
        "For another profile, type {line} and the beginning of its name.", line=copied(f"/{command}")
    )
    return NewestProfiles(
        buttons=rows(*([button(shortened(card.name, LONGEST_LABEL), card.profile_id)] for card in chosen)),
        others=others if len(found) > MOST else None,
    )
