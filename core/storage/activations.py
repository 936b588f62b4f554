"""Queries on activation history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, func, select, text
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.periods import Period
from core.storage.departments import ids_in_scope, within_scope
from core.storage.newest_in_scope import newest
from core.storage.profiles import readable_by
from core.storage.tables import Activation, Link, Profile, ProfileDepartment, User

SHARE_LOCK = text("LOCK TABLE activation IN SHARE MODE")
Found = Row[Activation, User, Link]


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many activations of a profile have learners now in one department who signed up to another, or the same."""

    profile_id: int
    learners_in: int
    signed_up_to: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Counts:
    """A profile's activations: in all, with learners now within a scope, and with learners who left it since."""

    total: int
    shown: int
    transferred: int


def user_of_form(session: Session, form_key: str) -> int | None:
    """Find the user that this very form made."""
    return session.scalars(select(Activation.user_id).where(Activation.form_key == form_key)).one_or_none()


def find(session: Session, activation_id: int) -> Row[Activation, User] | None:
    """Find an activation and its learner."""
    return session.execute(_with_learner().where(Activation.id == activation_id)).one_or_none()


def of_user(session: Session, user_id: int) -> Activation | None:
    """Give the activation that a user came by."""
    return session.scalars(select(Activation).where(Activation.user_id == user_id)).one_or_none()


def counts(session: Session, profile_id: int, scope: Scope) -> Counts:
    """Count a profile's activations by where their learners are, and by where it pointed when they signed up.

    Each count is a range of an index of its own: one pass over all of a large profile would take ten times as long.
    """
    count = select(func.count()).select_from(Activation).where(Activation.profile_id == profile_id)
    total = session.scalars(count).one()
    if scope.everywhere:
        return Counts(total=total, shown=total, transferred=0)
    pointed = ProfileDepartment.profile_id == profile_id, ProfileDepartment.department_id.in_(ids_in_scope(scope))
    ours = session.scalars(select(ProfileDepartment.department_id).where(*pointed)).all()
    came = session.scalars(count.where(Activation.department_id.in_(ours))).one()
    shown, stayed = session.execute(
        select(func.count(), func.count().filter(Activation.department_id.in_(ours))).where(
            Activation.profile_id == profile_id, Activation.learner_department_id.in_(ids_in_scope(scope))
        )
    ).one()
    return Counts(total=total, shown=shown, transferred=came - stayed)


def tallies_between(session: Session, scope: Scope, *, after: int, through: int) -> list[Tally]:
    """Count the activations (after, through] of the profiles that the scope may read."""
    return _tallies(session, _readable(scope, Activation.id > after, Activation.id <= through))


def tallies_during(session: Session, scope: Scope, period: Period) -> list[Tally]:
    """Count the activations of a period, of the profiles that the scope may read."""
    return _tallies(session, _readable(scope, Activation.at >= period.since, Activation.at < period.until))


def page(session: Session, profile_id: int, scope: Scope, *, before: int | None, size: int) -> Sequence[Found]:
    """List a profile's activations, newest first, from before a number on, with learners now within the scope."""
    wanted = [Activation.profile_id == profile_id]
    if before is not None:
        wanted.append(Activation.id < before)
    numbers = newest(session, scope, Activation.id, Activation.learner_department_id, *wanted, size=size)
    query = (
        select(Activation, User, Link)
        .join(User, User.id == Activation.user_id)
        .join(Link, Link.id == Activation.link_id)
        .where(Activation.id.in_(numbers))
        .order_by(Activation.id.desc())
    )
    return session.execute(query).all()


def names(
    session: Session, profile_id: int, departments: Iterable[int], *, after: int, through: int, at_most: int
) -> Sequence[Row[str, str]]:
    """Name the first learners of a profile's activations (after, through] who are now in these departments."""
    query = (
        select(User.first_name, User.last_name)
        .join(Activation, Activation.user_id == User.id)
        .where(
            Activation.profile_id == profile_id,
            Activation.id > after,
            Activation.id <= through,
            Activation.learner_department_id.in_(set(departments)),
        )
        .order_by(Activation.id)
    )
    return session.execute(query.limit(at_most)).all()


def readable_profiles(session: Session, scope: Scope, tallies: Iterable[Tally]) -> set[int]:
    """Give those of the departments in the tallies that the scope reaches."""
    return within_scope(
        session, scope, {number for tally in tallies for number in (tally.learners_in, tally.signed_up_to)}
    )


def last_settled_number(session: Session) -> int:
    """Give the newest activation's number, when no smaller one can be committed any more.

    PostgreSQL hands numbers out before the commit. The lock waits for the sign-ups under way and keeps the next ones
    from taking a number until this transaction ends. SQLite's writers are alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(SHARE_LOCK)
    return session.scalars(select(func.coalesce(func.max(Activation.id), 0))).one()


def _tally() -> Select[int, int, int, int]:
    by = (Activation.profile_id, Activation.learner_department_id, Activation.department_id)
    return select(*by, func.count()).group_by(*by)


def _readable(scope: Scope, *wanted: ColumnElement[bool]) -> Select[int, int, int, int]:
    query = _tally().where(*wanted)
    if scope.everywhere:
        return query
    return query.where(Activation.profile_id.in_(select(Profile.id).where(*readable_by(scope))))


def _tallies(session: Session, query: Select[int, int, int, int]) -> list[Tally]:
    return [
        Tally(profile_id=profile_id, learners_in=learners_in, signed_up_to=signed_up_to, count=count)
        for profile_id, learners_in, signed_up_to, count in session.execute(query).all()
    ]


def _with_learner() -> Select[Activation, User]:
    return select(Activation, User).join(User, User.id == Activation.user_id)
