"""What follows from another time zone, in words."""

from markupsafe import Markup

from bot.wording.phrases import Words
from core.services.reminder_moving import Moved
from core.services.time_zone import Rezoned


def moved(words: Words, reminders: Moved) -> Markup | None:
    """Say when planned reminders go out, with the words of the new zone; None if there are none."""
    if reminders.first is None:
        return None
    return words.count(
        "{number} planned reminder goes out on {first}.",
        "{number} planned reminders go out in this zone’s hours. The first goes out on {first}.",
        reminders.number,
        first=words.echo(reminders.first),
    )


def next_digest(words: Words, done: Rezoned) -> Markup | None:
    """Say when the next digest comes, with the words of the new zone; None if none is scheduled."""
    if done.next_digest is None:
        return None
    return words.count(
        "{number} digest is scheduled. It comes on {first}.",
        "{number} digests are scheduled. The first comes on {first}.",
        done.digests,
        first=words.echo(done.next_digest),
    )
