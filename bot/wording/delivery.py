"""What is known about messages that did not arrive, in words."""

from markupsafe import Markup

from bot.wording.phrases import Words
from bot.wording.text import command
from core.services.missed_digests import Missed


def refused(words: Words, reason: str) -> Markup:
    """Say why Telegram refused a message."""
    return words.say("Telegram refused it: {reason}", reason=command(reason))


def not_arrived(words: Words, missed: Missed) -> Markup:
    """Say which digests didn't arrive, or may not have."""
    day = words.day(missed.last_at.astimezone(words.zone).date())
    if missed.number == 1 and missed.certain:
        return words.say("The digest of {day} didn't arrive.", day=day)
    if missed.number == 1:
        return words.say("The digest of {day} may not have arrived.", day=day)
    if missed.certain:
        return words.count(
            "{number} earlier digest didn't arrive.", "{number} earlier digests didn't arrive.", missed.number
        )
    return words.count(
        "{number} earlier digest may not have arrived.",
        "{number} earlier digests may not have arrived.",
        missed.number,
    )
