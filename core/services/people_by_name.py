"""People within the acting user's scope by what they are called: `Boris Ozols`, `ozols boris`, `bor`, or a login."""

from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy.orm import Session

from core.domain.access import Actor, UserState
from core.domain.field_kinds import normal_login
from core.domain.text import begins_so, search_key, search_words
from core.services import people
from core.services.people import Card
from core.storage import named_people
from core.storage.tables import User

COMPARED = 200  # people of whose name or address words begin so
SHOWN = 6  # of several with one name
WORDS_COMPARED = 3  # of a name that nobody has
BEGINNING = 3  # letters of a word
ALIKE = 0.75  # of difflib's ratio, for a word


@dataclass(frozen=True, kw_only=True)
class Namesakes:
    """People of one name, at least one and SHOWN at most; `more`: there are others.

    `just_so`: one has just this name or login, and not only one that begins so.
    """

    cards: tuple[Card, ...]
    more: bool
    just_so: bool


def find(session: Session, actor: Actor, text: str) -> Namesakes:
    """Return the active or inactive people who are called so.

    Each word is the beginning of one of theirs, in any order, or the text is their login; if it has several words,
    those with just this name are meant. Raises UserNotFound, also for those out of scope, and WaitsForApproval.
    """
    found = _called(session, actor, text)
    standing = [user for user in found if user.state != UserState.PENDING]
    if not standing:
        people.find(session, actor.user_id, f"#{found[0].id}" if found else text)  # raises
    return Namesakes(
        cards=tuple(people.cards(session, actor, standing[:SHOWN])),
        more=len(standing) > SHOWN,
        just_so=any(_has_name(user, text) or user.login == normal_login(text) for user in standing),
    )


def alike(session: Session, actor: Actor, text: str) -> list[str]:
    """List names of people within scope that have a word like each word of the text, and begin like one of them."""
    words = search_words(text)
    begun = [word[:BEGINNING] for word in words if len(word) >= BEGINNING][:WORDS_COMPARED]
    pages = (named_people.begun(session, actor.scope, [each], at_most=COMPARED) for each in begun)
    names = dict.fromkeys(user.full_name for page in pages for user in page)
    return [name for name in names if all(get_close_matches(word, _own(name), 1, ALIKE) for word in words)]


def _called(session: Session, actor: Actor, text: str) -> list[User]:
    words = search_words(text)
    among = named_people.begun(session, actor.scope, words, at_most=COMPARED) if words else []
    found = [user for user in among if begins_so(user.full_name, words) or user.login == normal_login(text)]
    found.sort(key=lambda user: user.id)
    whole = [user for user in found if _has_name(user, text)]
    return whole if whole and len(words) > 1 else found


def _has_name(user: User, text: str) -> bool:
    return set(search_words(user.full_name)) == set(search_words(text))


def _own(name: str) -> list[str]:
    return search_key(name).split()
