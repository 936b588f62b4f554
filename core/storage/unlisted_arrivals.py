"""Queries on who came by sign-ups that count for a roster, and is neither on it nor on one of those below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from core.domain.access import Scope, UserState
from core.domain.rosters import RosterOf
from core.storage.departments import within
from core.storage.roster_matches import arrived, matches
from core.storage.tables import Activation, DepartmentTree, ExpectedPerson, Profile, User
from core.storage.undone_sign_ups import undone


@dataclass(frozen=True, kw_only=True)
class Unlisted:
    """A person on no list, and when they signed up (UTC)."""

    activation_id: int
    user_id: int
    name: str
    email: str | None
    at: datetime


def count(session: Session, scope: Scope, of: RosterOf) -> int:
    """Count them within the scope."""
    query = select(func.count()).select_from(Activation).join(User, User.id == Activation.user_id)
    return session.scalars(query.where(*_unlisted(session, scope, of))).one()


def newest(session: Session, scope: Scope, of: RosterOf, *, before: int | None, at_most: int) -> Sequence[Unlisted]:
    """List them within the scope, those who came last first, older than an activation if one is given."""
    query = select(User, Activation.id, Activation.at).join(Activation, Activation.user_id == User.id)
    older = () if before is None else (Activation.id < before,)
    newest_first = query.where(*_unlisted(session, scope, of), *older).order_by(Activation.id.desc())
    return [
        Unlisted(activation_id=number, user_id=user.id, name=user.full_name, email=user.email, at=at)
        for user, number, at in session.execute(newest_first.limit(at_most))
    ]


def _unlisted(session: Session, scope: Scope, of: RosterOf) -> tuple[ColumnElement[bool], ...]:
    """Deleted people are left out: of them nothing is known any more that a list could have."""
    expected = select(matches([of, *_below(session, of)]).subquery().c.activation_id)
    return (
        arrived(of),
        ~undone(),
        Activation.id.not_in(expected),
        within(scope, Activation.learner_department_id.expression),
        User.state != UserState.DELETED,
    )


def _below(session: Session, of: RosterOf) -> list[RosterOf]:
    """List the rosters of the profiles that lead into a department or below it, and of the departments below it."""
    if of.department_id is None:
        return []
    branch = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == of.department_id)
    lists = select(ExpectedPerson.profile_id, ExpectedPerson.department_id).distinct()
    query = lists.outerjoin(Profile, Profile.id == ExpectedPerson.profile_id).where(
        or_(ExpectedPerson.department_id.in_(branch), Profile.department_id.in_(branch))
    )
    found = [RosterOf(profile_id=profile, department_id=department) for profile, department in session.execute(query)]
    return [each for each in found if each != of]
