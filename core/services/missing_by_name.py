"""Missing people of a roster by what they are called: `Olga Smirnova`, `smirnova olga`, `olg`, or by their address."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.rosters import RosterOf
from core.domain.text import begins_so, search_key, search_words
from core.services import roster_holders
from core.services.authorisation import authorise
from core.services.people_by_name import ALIKE, BEGINNING
from core.storage import rosters

MOST_TEXTS = 10  # that are looked for; what stands behind them names nobody
SHOWN = 5  # of several who may be meant
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
    """Whom a text may mean, SHOWN at most: `called` so are these; if nobody is, `alike` have a similar name."""

    called: tuple[MissingNamed, ...]
    alike: tuple[MissingNamed, ...] = ()


def find(session: Session, actor_id: int, of: RosterOf, texts: Sequence[str]) -> Mapping[str, Meant]:
    """Return which of a roster's missing people each text may mean, of MOST_TEXTS at most.

    Each word is the beginning of one of their name's, or of their address before the @, in any order; if there are
    several, those with just this name are meant. Raises what `rosters.show` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
    people = [
        MissingNamed(number=number, name=f"{first} {last}".strip(), email=email, phone=phone)
        for number, first, last, email, phone in rosters.missing_names(session, holder.of)
    ]
    return {text: _meant(people, search_words(text)) for text in texts[:MOST_TEXTS]}


def _meant(people: Sequence[MissingNamed], words: Sequence[str]) -> Meant:
    called = [each for each in people if begins_so(_known_by(each), words)] if words else []
    whole = [each for each in called if set(search_words(each.name)) == set(words)]
    alike = () if called else (each for each in people if _is_alike(_known_by(each), words))
    return Meant(called=tuple((whole or called)[:SHOWN]), alike=tuple(alike)[:SHOWN])


def _known_by(person: MissingNamed) -> str:
    address = BETWEEN_WORDS.sub(" ", (person.email or "").rpartition("@")[0])
    return f"{person.name} {address}"


def _is_alike(name: str, words: Sequence[str]) -> bool:
    """Return whether a name has a word like each of these, and begins like one of them."""
    own, begun = search_key(name).split(), [word[:BEGINNING] for word in words if len(word) >= BEGINNING]
    if not any(each.startswith(beginning) for each in own for beginning in begun):
        return False
    return all(get_close_matches(word, own, 1, ALIKE) for word in words)
