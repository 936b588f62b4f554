"""Whom a preview leaves out, by name: the first of each reason beside its number, and all of them on pages."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.wording.addresses import mail
from bot.wording.labels import COMMA
from bot.wording.lists import more
from bot.wording.phrases import Words
from bot.wording.text import isolate
from core.domain.left_out import LeftOut, PeopleLeftOut, Person

NAMED = 3  # beside each reason


def counted(words: Words, reason: LeftOut, number: int) -> Markup:
    """Say how many are left out for a reason."""
    count = words.count
    match reason:
        case LeftOut.SIGNED_UP:
            return count("{number} has signed up already", "{number} have signed up already", number)
        case LeftOut.HAS_LINK:
            return count("{number} has got the link already", "{number} have got the link already", number)
        case LeftOut.REFUSED:
            return count(
                "{number} was refused: {again} tries it again",
                "{number} were refused: {again} tries them again",
                number,
                again=words.say("Send again"),
            )
        case LeftOut.REMINDED:
            return count("{number} has a reminder already", "{number} have a reminder already", number)
        case LeftOut.STOPPED:
            return count("{number} wants no reminders", "{number} want no reminders", number)
        case LeftOut.ENOUGH:
            return count(
                "{number} was reminded three times in a row already",
                "{number} were reminded three times in a row already",
                number,
            )
        case LeftOut.WITHOUT_MAIL:
            return count(
                "{number} can't be reached: no email can be sent, and no Telegram is connected",
                "{number} can't be reached: no email can be sent, and no Telegram is connected",
                number,
            )


def described(words: Words, left_out: PeopleLeftOut) -> list[Markup]:
    """Say how many are left out for each reason, and name the first of them."""
    return [
        Markup("{} ({})").format(counted(words, reason, len(people)), _first(words, people))
        for reason, people in left_out.items()
    ]


def entries(words: Words, left_out: PeopleLeftOut) -> list[Markup]:
    """Name all who are left out, below each reason."""
    return [
        entry
        for reason, people in left_out.items()
        for entry in (
            Markup("<b>{}</b>").format(counted(words, reason, len(people))),
            *(Markup("· {}").format(_named(words, *each)) for each in people),
        )
    ]


def number_left_out(left_out: PeopleLeftOut) -> int:
    """Return how many are left out if they aren't all named in the preview, else 0."""
    return sum(map(len, left_out.values())) if any(len(people) > NAMED for people in left_out.values()) else 0


def _first(words: Words, people: Sequence[Person]) -> Markup:
    named = [isolate(name) if name else mail(words, email) for name, email in people[:NAMED]]
    return COMMA.join([*named, *more(words, len(people) - NAMED)])


def _named(words: Words, name: str, email: str) -> Markup:
    return COMMA.join([*([isolate(name)] if name else []), *([mail(words, email)] if email else [])])
