"""Reminders that wait for their hour, in words."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.wording.phrases import Words
from bot.wording.reminder_rules import SHORT
from bot.wording.text import isolate, lines
from core.services.planned_reminders import Planned


def described(words: Words, planned: Sequence[Planned]) -> Markup:
    """List which reminders are planned: why, to how many, for which day, and by whom."""
    title = Markup("<b>{}</b>").format(words.say("Planned reminders"))
    nothing = None if planned else words.say("No reminders wait to be sent.")
    return lines(title, nothing, *(_one(words, place, each) for place, each in enumerate(planned, 1)))


def _one(words: Words, place: int, planned: Planned) -> Markup:
    parts = [
        words.say(SHORT[planned.occasion]),
        *([isolate(planned.profile_name)] if planned.profile_name else []),
        words.count("{number} person", "{number} people", planned.people),
        Markup.escape(words.weekday_of(planned.day)),
        *([isolate(planned.by)] if planned.by else []),
    ]
    return Markup("{}. {}").format(place, Markup(" · ").join(parts))
