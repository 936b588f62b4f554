"""Who holds a place without an account yet, in words: for an approval, or until an address is confirmed."""

from markupsafe import Markup

from bot.wording.phrases import Words

UNCONFIRMED = "✉️"  # the mark of an address that isn't confirmed yet


def counted(words: Words, waiting: int, unconfirmed: int) -> list[Markup]:
    """Say how many wait for an approval, and how many have yet to confirm their address; empty if nobody does."""
    approval = words.count(
        "{number} person is waiting for approval", "{number} people are waiting for approval", waiting
    )
    confirmation = words.count(
        "{number} person has not confirmed their address yet",
        "{number} people have not confirmed their address yet",
        unconfirmed,
    )
    return [*([approval] if waiting else []), *([marked(confirmation)] if unconfirmed else [])]


def marked(text: Markup) -> Markup:
    """Put the mark of an unconfirmed address before a text about it."""
    return Markup("{} {}").format(UNCONFIRMED, text)
