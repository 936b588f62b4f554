"""Who in the chat hears of a profile or a department: those who may do something about it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.outbox import Kind
from core.storage import actors, outbox, people
from core.storage import notice_recipients as stored
from core.storage.tables import Profile, User


@dataclass(frozen=True, kw_only=True)
class Concern:
    """Something to do about a department: who has the permission there may do it; `besides` its managers these, too."""

    department_id: int
    permission: Permission
    besides: frozenset[int] = frozenset()


def of_profile(session: Session, profile: Profile) -> list[int]:
    """Return a profile's creator, if they may edit it, or else the managers over it, or else the administrators."""
    creator = frozenset({profile.created_by})
    concern = Concern(department_id=profile.department_id, permission=Permission.MANAGE_PROFILES, besides=creator)
    [found] = _who_may(session, [concern])
    return sorted(found & creator or found) or people.administrators(session)


def of_person(session: Session, user: User) -> list[int]:
    """Return who else manages people over a user's department, the owner if nobody does."""
    [found] = _who_may(session, [Concern(department_id=user.department_id, permission=Permission.MANAGE_PEOPLE)])
    owner_id = people.owner_id(session)
    return sorted(found - {user.id} or {owner_id or user.id} - {user.id})


def managers(session: Session, concerns: Sequence[Concern]) -> list[int]:
    """Return who may do something about any of these, the administrators for those about which nobody else may.

    The number of statements doesn't depend on how many concerns, departments or managers there are.
    """
    found = _who_may(session, concerns)
    others = [] if all(found) else people.administrators(session)
    return sorted(set().union(*found, others))


def notify(session: Session, user_ids: Collection[int], kind: Kind, subject_id: int, now: datetime) -> None:
    """Queue a notice to the private chats of those of the people who are in the chat; two statements."""
    outbox.add(session, stored.chats(session, user_ids), kind, subject_id, now)


def _who_may(session: Session, concerns: Sequence[Concern]) -> list[set[int]]:
    over = stored.managers_over(session, {each.department_id for each in concerns})
    possible = {number for each in concerns for number in (*each.besides, *over.get(each.department_id, ()))}
    in_chat, rights = stored.chats(session, possible), actors.several(session, possible)
    able = {number: rights[number] for number in in_chat if number in rights}
    return [_of(each, over.get(each.department_id, set()), able) for each in concerns]


def _of(concern: Concern, over: set[int], able: Mapping[int, Actor]) -> set[int]:
    """Return who of the able may do something; `over` are those who manage the department, or one above it."""
    return {
        number
        for number in concern.besides | over
        if (actor := able.get(number)) is not None
        and actor.may(concern.permission)
        and (actor.scope.everywhere or number in over)
    }
