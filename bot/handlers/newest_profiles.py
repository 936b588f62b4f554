"""The newest profiles, to choose one by a tap, or another one by its name."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.screens.screen import LONGEST_LABEL, Rows, Screen, rows, to_home
from bot.wording.phrases import Words
from bot.wording.text import command as copied
from bot.wording.text import lines, shortened
from core.services import profile_lists

MOST_PROFILES = 6


@dataclass(frozen=True, kw_only=True)
class NewestProfiles:
    """A row for each of the newest profiles that the person may edit; `others` says how to choose another one.

    `others` is None if there are no others.
    """

    rows: Rows
    others: Markup | None

    def question(self, words: Words, *further: InlineKeyboardButton, then: Markup | None = None) -> Screen:
        """Ask for a profile, or say that there is none; `further` are other choices, `then` says what follows."""
        if not self.rows:
            text = words.say("You have no sign-up profile yet. /newprofile creates one.")
            return Screen(text=text, rows=rows([*further], [to_home(words)]))
        asked = lines(words.say("Which profile do you mean?"), self.others, then)
        return Screen(text=asked, rows=rows(*self.rows, [*further], [to_home(words)]))


async def newest_profiles(
    context: Context, command: str, button: Callable[[str, int], InlineKeyboardButton]
) -> NewestProfiles:
    """Return the newest profiles; `button` makes one of a label and a profile's number.

    `command` is the name of the command that finds others by the beginning of their names.
    """
    found = await context.read(profile_lists.shareable, context.actor_id, "", context.now, at_most=MOST_PROFILES + 1)
    others = context.words.say(
        "For another profile, type {line} and the beginning of its name.", line=copied(f"/{command}")
    )
    chosen = ((shortened(card.name, LONGEST_LABEL), card.profile_id) for card in found[:MOST_PROFILES])
    return NewestProfiles(
        rows=rows(*([button(label, number)] for label, number in chosen)),
        others=others if len(found) > MOST_PROFILES else None,
    )
