"""What is known about messages that did not arrive, in words."""

from markupsafe import Markup

from bot.wording.phrases import Words
from bot.wording.text import command


def refused(words: Words, reason: str) -> Markup:
    """Say why Telegram refused a message."""
    return words.say("Telegram refused it: {reason}", reason=command(reason))
