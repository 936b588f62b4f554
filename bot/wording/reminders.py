"""What reminding people would do, in words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from bot.wording.addresses import called_with_mail
from bot.wording.labels import COMMA
from bot.wording.left_out import counted, refusing
from bot.wording.left_out import described as left_out
from bot.wording.link_mails import no_server, not_working
from bot.wording.lists import more
from bot.wording.phrases import N_, Words
from bot.wording.text import isolate, lines, shortened
from core import errors
from core.domain.left_out import LeftOut
from core.domain.reminders import Occasion
from core.services.planned_reminders import TakenBack
from core.services.reminder_previews import Preview

PIECES_NAMED = 5  # of those typed that name nobody missing
LONGEST_PIECE = 40  # letters
WHO: Mapping[Occasion, str] = {
    Occasion.NOT_COME: N_("Remind those who haven't come"),
    Occasion.NOT_STARTED: N_("Remind those who haven't started"),
    Occasion.DUE_SOON: N_("Remind those who have courses due soon"),
    Occasion.OVERDUE: N_("Remind those who are overdue"),
}


def described(words: Words, found: Preview) -> Markup:
    """Say who would be reminded and when, and who not and why."""
    say, count = words.say, words.count
    return lines(
        Markup("<b>{}</b>").format(say(WHO[found.occasion])),
        _obstacle(words, found) or reminded(words, found.new, found.at),
        *_named(words, found),
        *left_out(words, found.left_out),
        *refusing(words, found.unlisted),
        _unreachable(words, found) if found.unreachable else None,
        "",
        count("In all: {number} person", "In all: {number} people", found.people),
        say("Nobody is reminded twice in a day, four times in a row, at night or at weekends."),
    )


def _unreachable(words: Words, found: Preview) -> Markup:
    if found.occasion is not Occasion.NOT_COME:
        return words.count(
            "{number} can't be reached: without an address",
            "{number} can't be reached: without an address",
            found.unreachable,
        )
    return words.count(
        "{number} can't be reached: without an address, with an account already, or not let in yet",
        "{number} can't be reached: without an address, with an account already, or not let in yet",
        found.unreachable,
    )


def reminded(words: Words, people: int, at: datetime) -> Markup:
    """Say how many get a reminder, and when."""
    if at <= words.now:
        return words.count("{number} person gets a message at once.", "{number} people get a message at once.", people)
    return words.count(
        "{number} person gets a message: {when}.", "{number} people get a message: {when}.", people, when=words.echo(at)
    )


def _named(words: Words, found: Preview) -> list[Markup]:
    """Name the first of those who would be reminded, and say how many more there are."""
    named = [Markup("• {}").format(called_with_mail(words, each)) for each in found.named]
    return [*named, *more(words, found.new - len(named))]


def can_be_undone(words: Words, at: datetime) -> Markup | None:
    """Say until when reminders can be taken back, if that is later than now."""
    return None if at <= words.now else words.say("Until then you can take it back.")


def taken_back(words: Words, done: TakenBack) -> Markup:
    """Say how many people get no reminder after all, and how many have theirs already."""
    if not done.people and not done.sent:
        return words.say("There is nothing left to take back.")
    taken = words.count(
        "Taken back: {number} person gets no reminder.", "Taken back: {number} people get no reminder.", done.people
    )
    sent = words.count(
        "{number} reminder was sent already, or is just being sent.",
        "{number} reminders were sent already, or are just being sent.",
        done.sent,
    )
    return lines(taken if done.people else None, sent if done.sent else None)


def without_mail(words: Words, number: int) -> Markup | None:
    """Say how many can't be reached because there is no mail server, if any."""
    return counted(words, LeftOut.WITHOUT_MAIL, number) if number else None


def _obstacle(words: Words, found: Preview) -> Markup | None:
    """Say why nobody can be reminded, if so."""
    if found.closed is not None:
        return not_working(words, found.closed)
    if not found.new and found.without_mail:
        return no_server(words)
    if not found.new:
        return words.say("Nobody gets a message.")
    if found.mails > found.left:
        return words.count(
            "Only {number} more email can be sent on that day.",
            "Only {number} more emails can be sent on that day.",
            found.left,
        )
    return None


def can_be_sent(found: Preview) -> bool:
    """Return whether nothing stands in the way."""
    return found.closed is None and found.new > 0 and found.mails <= found.left


REMINDERS: Mapping[type[errors.Refusal], Callable[[Words, Any], Markup]] = {
    errors.NobodyToRemind: lambda words, _: words.say(
        "There is nobody to remind: all have gone on, had a reminder today, or three in a row."
    ),
    errors.TooManyNames: lambda words, refused: words.count(
        "Only {number} name is looked for at once: send the line again with fewer.",
        "Only {number} names are looked for at once: send the line again with fewer.",
        refused.most,
    ),
    errors.ReminderLinkGone: lambda words, _: words.say(
        "This link no longer works. The newest reminder has one that does."
    ),
}


def not_missing(words: Words, pieces: Sequence[str]) -> Markup:
    """Say which typed pieces name nobody who is missing."""
    named = [isolate(shortened(piece, LONGEST_PIECE)) for piece in pieces[:PIECES_NAMED]]
    others = [Markup("…")] if len(pieces) > PIECES_NAMED else []
    return words.say("Not among the missing: {who}", who=COMMA.join([*named, *others]))
