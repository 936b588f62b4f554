"""Who holds a place without an account yet, in words: for an approval, until an address is confirmed, or on request."""

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


def reserved(words: Words, waiting: int, kept: int) -> list[Markup]:
    """Say how many places those have who wait, and how many are kept for granted requests; empty if there are none."""
    for_waiting = words.count("{number} waiting", "{number} waiting", waiting)
    for_granted = words.count("{number} place kept", "{number} places kept", kept)
    return [*([for_waiting] if waiting else []), *([for_granted] if kept else [])]


def marked(text: Markup) -> Markup:
    """Put the mark of an unconfirmed address before a text about it."""
    return Markup("{} {}").format(UNCONFIRMED, text)
