"""How many of the expected people came, in words."""

from markupsafe import Markup

from bot.wording.phrases import Words
from core.services.roster_counts import RosterCounts


def came(words: Words, counts: RosterCounts) -> Markup:
    """Say how many of the expected came, how many are missing, and how many of those who came are hidden."""
    said = words.say(
        "{came} of {expected} expected came, {missing} missing",
        came=counts.came,
        expected=counts.expected,
        missing=counts.missing,
    )
    if not counts.hidden:
        return said
    hidden = words.count("{number} hidden from you", "{number} hidden from you", counts.hidden)
    return Markup("{}, {}").format(said, hidden)
