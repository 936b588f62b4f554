"""Whom a preview leaves out, by name: the first of each reason beside its number, and all of them on pages."""

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from bot.wording.addresses import called, called_with_mail
from bot.wording.labels import COMMA, several
from bot.wording.lists import more
from bot.wording.phrases import Words
from core.domain.left_out import Group, LeftOut, PeopleLeftOut
from core.services.roster_additions import TurnedAway

NAMED = 3  # beside each reason

_COUNTED: Mapping[LeftOut, Callable[[Words, int], Markup]] = {
    LeftOut.SUSPENDED: lambda words, number: words.count(
        "{number} is suspended there", "{number} are suspended there", number
    ),
    LeftOut.EXPECTED: lambda words, number: words.count(
        "{number} is on the list already", "{number} are on the list already", number
    ),
    LeftOut.SIGNED_UP: lambda words, number: words.count(
        "{number} has signed up already", "{number} have signed up already", number
    ),
    LeftOut.HAS_ACCOUNT: lambda words, number: words.count(
        "{number} has an account already", "{number} have an account already", number
    ),
    LeftOut.HAS_LINK: lambda words, number: words.count(
        "{number} has got the link already", "{number} have got the link already", number
    ),
    LeftOut.REFUSED: lambda words, number: words.count(
        "{number} didn't get the link: “{again}” tries it again",
        "{number} didn't get the link: “{again}” tries it again",
        number,
        again=words.say("Send again"),
    ),
    LeftOut.NOT_LISTED: lambda words, number: words.count(
        "{number} is not on the list: the link would refuse them",
        "{number} are not on the list: the link would refuse them",
        number,
    ),
    LeftOut.WITHDRAWN: lambda words, number: words.count(
        "{number} had the link, and it was withdrawn: “{send}” sends a new one",
        "{number} had the link, and it was withdrawn: “{send}” sends a new one",
        number,
        send=words.say("Send by email"),
    ),
    LeftOut.WRITTEN_ENOUGH: lambda words, number: words.count(
        "{number} was written to five times already", "{number} were written to five times already", number
    ),
    LeftOut.REMINDED: lambda words, number: words.count(
        "{number} has a reminder already", "{number} have a reminder already", number
    ),
    LeftOut.STOPPED: lambda words, number: words.count(
        "{number} wants no reminders", "{number} want no reminders", number
    ),
    LeftOut.ENOUGH: lambda words, number: words.count(
        "{number} was reminded three times in a row already",
        "{number} were reminded three times in a row already",
        number,
    ),
    LeftOut.WITHOUT_MAIL: lambda words, number: words.count(
        "{number} can't be reached: no email can be sent, and no Telegram is connected",
        "{number} can't be reached: no email can be sent, and no Telegram is connected",
        number,
    ),
}


def counted(words: Words, reason: LeftOut, number: int) -> Markup:
    """Say how many are left out for a reason."""
    return _COUNTED[reason](words, number)


def described(words: Words, left_out: PeopleLeftOut) -> list[Markup]:
    """Say how many are left out for each reason, and name the first of those who may be named."""
    return [_described(words, reason, group) for reason, group in left_out.items()]


def refusing(words: Words, found: TurnedAway) -> list[Markup]:
    """Say whose lists refuse people, if any do, and who can put them there."""
    named = [name for name in found.by if name is not None]
    if len(named) < len(found.by):
        return [words.say("They are not on the list of a department above you; who manages it can add them.")]
    if not named:
        return []
    said = words.count(
        "“{add}” puts them on the list of {names}.",
        "“{add}” puts them on the lists of {names}.",
        len(named),
        add=words.say("Add them to the list"),
        names=several(words, named),
    )
    return [said]


def entries(words: Words, left_out: PeopleLeftOut) -> list[tuple[LeftOut, Markup]]:
    """Name all who are left out and may be named, each with the reason; the others of it are counted in one entry."""
    return [(reason, entry) for reason, group in left_out.items() for entry in _entries(words, group)]


def below_reasons(words: Words, left_out: PeopleLeftOut, shown: Sequence[tuple[LeftOut, Markup]]) -> list[Markup]:
    """Return some of the entries, each reason above the first one that it has among them."""
    found = list[Markup]()
    for place, (reason, entry) in enumerate(shown):
        if place == 0 or shown[place - 1][0] is not reason:
            found.append(Markup("<b>{}</b>").format(counted(words, reason, left_out[reason].number)))
        found.append(entry)
    return found


def number_left_out(left_out: PeopleLeftOut) -> int:
    """Return how many are left out."""
    return sum(group.number for group in left_out.values())


def are_all_described(left_out: PeopleLeftOut) -> bool:
    """Return whether what `described` says names all who may be named."""
    return all(len(group.people) <= NAMED for group in left_out.values())


def _described(words: Words, reason: LeftOut, group: Group) -> Markup:
    number = counted(words, reason, group.number)
    if not group.people:
        return number
    named = [called(words, each) for each in group.people[:NAMED]]
    return Markup("{} ({})").format(number, COMMA.join([*named, *more(words, group.number - len(named))]))


def _entries(words: Words, group: Group) -> list[Markup]:
    hidden = words.count(
        "· {number} person who is not in your departments",
        "· {number} people who are not in your departments",
        group.hidden,
    )
    named = [Markup("· {}").format(called_with_mail(words, each)) for each in group.people]
    return [*named, *([hidden] if group.hidden else [])]
