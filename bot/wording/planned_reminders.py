"""Reminders that wait for their hour, in words."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.wording.phrases import Words
from bot.wording.reminder_rules import SHORT
from bot.wording.text import isolate, lines
from core.services.planned_reminders import Listing, Planned


def described(words: Words, found: Listing) -> Markup:
    """List which reminders are planned: why, to how many, when, and by whom."""
    title = Markup("<b>{}</b>").format(words.say("Planned reminders"))
    nothing = None if found.planned else words.say("No reminders wait to be sent.")
    numbered = (
        Markup("{}. {}").format(place, _one(words, each)) for place, each in enumerate(found.planned, found.before + 1)
    )
    return lines(title, nothing, *numbered)


def question(words: Words, planned: Sequence[Planned]) -> Markup:
    """Ask whether to take back what another person sent."""
    title = words.say("Take back these reminders of {name}?", name=planned[0].by or "")
    return lines(Markup("<b>{}</b>").format(title), *(_one(words, each) for each in planned))


def _one(words: Words, planned: Planned) -> Markup:
    parts = [
        words.say(SHORT[planned.occasion]),
        *([isolate(planned.profile_name)] if planned.profile_name else []),
        words.count("{number} person", "{number} people", planned.people),
        words.echo(planned.due),
        *([words.say("not sent while the link is paused")] if planned.paused else []),
        *([isolate(planned.by)] if planned.by is not None else []),
    ]
    return Markup(" · ").join(parts)
