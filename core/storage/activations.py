"""Queries on activation history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, func, select, text, union_all
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.periods import Period
from core.storage.departments import among
from core.storage.profiles import readable_by
from core.storage.tables import Activation, Link, Profile, User

SHARE_LOCK = text("LOCK TABLE activation IN SHARE MODE")
Found = Row[Activation, User, Link]
MOST_HEADS = 100  # departments that are looked into one by one for the newest of their learners


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many activations of a profile have learners now in one department who signed up to another, or the same."""

    profile_id: int
    learners_in: int
    signed_up_to: int
    count: int


def user_of_form(session: Session, form_key: str) -> int | None:
    """Find the user that this very form made."""
    return session.scalars(select(Activation.user_id).where(Activation.form_key == form_key)).one_or_none()


def find(session: Session, activation_id: int) -> Row[Activation, User] | None:
    """Find an activation and its learner."""
    return session.execute(_with_learner().where(Activation.id == activation_id)).one_or_none()


def of_user(session: Session, user_id: int) -> Activation | None:
    """Give the activation that a user came by."""
    return session.scalars(select(Activation).where(Activation.user_id == user_id)).one_or_none()


def tallies(session: Session, profile_id: int) -> list[Tally]:
    """Count a profile's activations by where their learners are, and where it pointed when they signed up."""
    return _tallies(session, _tally().where(Activation.profile_id == profile_id))


def tallies_between(session: Session, scope: Scope, *, after: int, through: int) -> list[Tally]:
    """Count the activations (after, through] of the profiles that the scope may read."""
    return _tallies(session, _readable(scope, Activation.id > after, Activation.id <= through))


def tallies_during(session: Session, scope: Scope, period: Period) -> list[Tally]:
    """Count the activations of a period, of the profiles that the scope may read."""
    return _tallies(session, _readable(scope, Activation.at >= period.since, Activation.at < period.until))


def page(
    session: Session, profile_id: int, departments: Iterable[int] | None, *, before: int | None, size: int
) -> Sequence[Found]:
    """List a profile's activations, newest first, from before a number on, with learners now in these departments.

    None stands for all departments. A few departments are asked for their newest one by one, so that the page costs
    the same however many others there are in between.
    """
    numbers = None if departments is None else sorted(set(departments))
    if numbers == []:
        return []
    ids = _newest(profile_id, before, size)
    if numbers is not None and len(numbers) <= MOST_HEADS:
        heads = [
            select(_newest(profile_id, before, size).where(Activation.learner_department_id == number).subquery())
            for number in numbers
        ]
        ids = select(union_all(*heads).subquery().c.id)
    elif numbers is not None:
        ids = ids.where(Activation.learner_department_id.in_(numbers))
    query = (
        select(Activation, User, Link)
        .join(User, User.id == Activation.user_id)
        .join(Link, Link.id == Activation.link_id)
        .where(Activation.id.in_(ids))
        .order_by(Activation.id.desc())
        .limit(size)
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


def reached_by(session: Session, scope: Scope, tallies: Iterable[Tally]) -> set[int]:
    """Give those of the departments in the tallies that the scope reaches."""
    return among(session, scope, {number for tally in tallies for number in (tally.learners_in, tally.signed_up_to)})


def last_settled_number(session: Session) -> int:
    """Give the newest activation's number, when no smaller one can be committed any more.

    PostgreSQL hands numbers out before the commit. The lock waits for the sign-ups under way and keeps the next ones
    from taking a number until this transaction ends. SQLite's writers are alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(SHARE_LOCK)
    return session.scalars(select(func.coalesce(func.max(Activation.id), 0))).one()


def _newest(profile_id: int, before: int | None, size: int) -> Select[int]:
    query = select(Activation.id).where(Activation.profile_id == profile_id)
    if before is not None:
        query = query.where(Activation.id < before)
    return query.order_by(Activation.id.desc()).limit(size)


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
