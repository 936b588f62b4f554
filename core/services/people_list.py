"""People within scope in pages, by words and by department."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, Role, UserState
from core.services import department_lookup, person_rights
from core.services.authorisation import authorise
from core.services.people import Card, cards
from core.storage import people
from core.storage.tables import User

PAGE = 10


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A page of people out of `total`; `newer_than` is the next page's `after`, None on the last page.

    `changeable` are the numbers of those whom the viewer may transfer, deactivate and delete; use cases check again.
    """

    cards: tuple[Card, ...]
    total: int
    newer_than: int | None
    changeable: frozenset[int]


def listing(
    session: Session, actor_id: int, words: str, *, after: int = 0, size: int = PAGE, department_id: int | None = None
) -> Listing:
    """List the people within scope whose name, e-mail or login contains every word, with numbers above `after`.

    Those who wait, for approval or until they have confirmed their address, are among them. `department_id`: only those
    of this department and those below it; raises DepartmentGone.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    branch = None if department_id is None else department_lookup.find(session, actor, department_id)
    found = people.page(session, actor.scope, words, after=after, size=size + 1, branch=branch)
    return Listing(
        cards=tuple(cards(session, actor, found[:size])),
        total=people.count(session, actor.scope, words, branch),
        newer_than=found[size - 1].id if len(found) > size else None,
        changeable=frozenset(user.id for user in found[:size] if _is_changeable(session, actor, user)),
    )


def _is_changeable(session: Session, actor: Actor, user: User) -> bool:
    others = user.id != actor.user_id and user.role != Role.OWNER and user.state != UserState.PENDING
    return others and person_rights.may_change(session, actor, user)
