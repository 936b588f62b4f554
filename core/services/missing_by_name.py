"""Missing people of a roster by what they are called: `Olga Smirnova`, `smirnova olga`, `olg`, or by their address."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.rosters import RosterOf
from core.domain.text import search_key, search_words
from core.errors import TooManyNames
from core.services import roster_holders
from core.services.authorisation import authorise
from core.services.people_by_name import ALIKE, BEGINNING
from core.storage import rosters

MOST_NAMES = 10  # that are looked for together
SHOWN = 5  # of several who may be meant
COMPARED = 200  # people whose names begin like one that nobody has
BETWEEN_WORDS = re.compile(r"[\W_]+")  # in an address


@dataclass(frozen=True, kw_only=True)
class MissingNamed:
    """An expected person who didn't come, by what tells them from others."""

    number: int
    name: str
    email: str | None
    phone: str | None


@dataclass(frozen=True, kw_only=True)
class Meant:
    """Whom a text may mean, SHOWN at most: `called` so are these; if nobody is, `alike` have a similar name.

    `more`: others are called so, too.
    """

    called: tuple[MissingNamed, ...]
    alike: tuple[MissingNamed, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """A person with the words of their name, and of their address before the @."""

    person: MissingNamed
    name: frozenset[str]
    address: frozenset[str]

    @property
    def words(self) -> frozenset[str]:
        return self.name | self.address


def find(session: Session, actor_id: int, of: RosterOf, names: Mapping[str, Sequence[str]]) -> Mapping[str, Meant]:
    """Return which of a roster's missing people each name may mean.

    `names` has each name with those that it joins (`olga and anna`), or itself alone: they are looked for if nobody is
    called by the whole. Each word is the beginning of one of their name's, or of their address before the @, in any
    order; if there are several, those with just this name are meant. Raises TooManyNames, and what `rosters.show`
    raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
    if sum(map(len, names.values())) > MOST_NAMES:
        raise TooManyNames(MOST_NAMES)
    people = [_known(*row) for row in rosters.missing_names(session, holder.of)]
    found = dict[str, Meant]()
    for name, joined in names.items():
        whole = _meant(people, search_words(name))
        is_one = whole.called or tuple(joined) == (name,)
        found |= {name: whole} if is_one else {each: _meant(people, search_words(each)) for each in joined}
    return found


def _known(number: int, first: str, last: str, email: str | None, phone: str | None) -> _Known:
    person = MissingNamed(number=number, name=f"{first} {last}".strip(), email=email, phone=phone)
    local = BETWEEN_WORDS.sub(" ", (email or "").rpartition("@")[0])
    return _Known(person, frozenset(search_key(person.name).split()), frozenset(search_key(local).split()))


def _meant(people: Sequence[_Known], words: Sequence[str]) -> Meant:
    called = [each for each in people if _begins_so(each, words)] if words else []
    if not called:
        return Meant(called=(), alike=tuple(islice(_alike(people, words), SHOWN)))
    whole = [each for each in called if each.name == set(words)] or called
    return Meant(called=tuple(each.person for each in whole[:SHOWN]), more=len(whole) > SHOWN)


def _begins_so(known: _Known, words: Sequence[str]) -> bool:
    return all(any(own.startswith(word) for own in known.words) for word in words)


def _alike(people: Sequence[_Known], words: Sequence[str]) -> Iterator[MissingNamed]:
    """Give those who have a word like each of these; among COMPARED people with a word that begins like one of them."""
    begun = tuple(word[:BEGINNING] for word in words if len(word) >= BEGINNING)
    near = (each for each in people if any(own.startswith(begun) for own in each.words))
    for each in islice(near, COMPARED):
        if all(get_close_matches(word, each.words, 1, ALIKE) for word in words):
            yield each.person
