"""Queries on activation history."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, case, func, insert, select, text, union_all, update
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.periods import Period
from core.storage.departments import ids_in_scope, within, within_scope
from core.storage.newest_in_scope import newest
from core.storage.profiles import recorded_in
from core.storage.tables import Activation, Link, Profile, ProfileDepartment, User, table_of

SHARE_LOCK = text("LOCK TABLE activation IN SHARE MODE")
_ADD = insert(table_of(Activation))
Found = Row[Activation, User, Link]


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The number of a profile's activations by the learners' current department and the one they signed up to."""

    profile_id: int
    learners_in: int
    signed_up_to: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Counts:
    """A profile's activations: in all, with learners now within a scope, and with learners transferred out of it."""

    total: int
    shown: int
    transferred: int


@dataclass(frozen=True, kw_only=True)
class Recent:
    """A profile's latest activations: how many, and when (UTC) the last of them was."""

    count: int
    last_at: datetime


def add(session: Session, **values: object) -> None:
    """Add an activation with these values of columns."""
    session.connection().execute(_ADD, values)


def user_of_form(session: Session, form_key: str) -> int | None:
    """Return the number of the user that a form created, if any."""
    return session.scalars(select(Activation.user_id).where(Activation.form_key == form_key)).one_or_none()


def end_form(session: Session, user_id: int) -> None:
    """Let the form by which a user signed up create an account again, because the user is deleted."""
    ended = update(Activation).where(Activation.user_id == user_id).values(form_key=f"ended with user {user_id}")
    session.execute(ended.execution_options(synchronize_session=False))


def find(session: Session, activation_id: int) -> Row[Activation, User] | None:
    """Find an activation and its learner."""
    return session.execute(_with_learner().where(Activation.id == activation_id)).one_or_none()


def of_user(session: Session, user_id: int) -> Activation | None:
    """Return the activation by which a user signed up, if any."""
    return session.scalars(select(Activation).where(Activation.user_id == user_id)).one_or_none()


def counts(session: Session, profile_id: int, scope: Scope) -> Counts:
    """Count a profile's activations by the learners' departments, current and at sign-up, relative to a scope.

    Each count reads a range of its own index; a single pass over a large profile takes ten times as long.
    """
    count = select(func.count()).select_from(Activation).where(Activation.profile_id == profile_id)
    total = session.scalars(count).one()
    if scope.everywhere:
        return Counts(total=total, shown=total, transferred=0)
    pointed = ProfileDepartment.profile_id == profile_id, ProfileDepartment.department_id.in_(ids_in_scope(scope))
    visible = session.scalars(select(ProfileDepartment.department_id).where(*pointed)).all()
    came = session.scalars(count.where(Activation.department_id.in_(visible))).one()
    shown, stayed = session.execute(
        select(func.count(), func.count().filter(Activation.department_id.in_(visible))).where(
            Activation.profile_id == profile_id, Activation.learner_department_id.in_(ids_in_scope(scope))
        )
    ).one()
    return Counts(total=total, shown=shown, transferred=came - stayed)


def tallies_between(session: Session, scope: Scope, *, after: int, through: int) -> list[Tally]:
    """Count the activations with numbers in (after, through] of the scope's profiles, removed ones included."""
    return _tallies(session, _recorded(scope, Activation.id > after, Activation.id <= through))


def tallies_during(session: Session, scope: Scope, period: Period) -> list[Tally]:
    """Count the activations in a period of the scope's profiles, removed ones included."""
    return _tallies(session, _recorded(scope, Activation.at >= period.since, Activation.at < period.until))


def tallies_by_interval(session: Session, scope: Scope, bounds: Sequence[datetime]) -> list[tuple[int, int, int, int]]:
    """Count the activations of the scope's profiles between consecutive bounds, in one pass.

    Return for each group the place of its interval, the profile, the learners' current department, and the count.
    """
    before = [(Activation.at < end, place) for place, end in enumerate(bounds[1:])]
    place = case(*before).label("place")
    by = (place, Activation.profile_id, Activation.learner_department_id)
    query = select(*by, func.count()).where(Activation.at >= bounds[0], Activation.at < bounds[-1]).group_by(*by)
    if not scope.everywhere:
        query = query.where(Activation.profile_id.in_(select(Profile.id).where(recorded_in(scope))))
    return [(place, profile_id, learners_in, count) for place, profile_id, learners_in, count in session.execute(query)]


def page(session: Session, profile_id: int, scope: Scope, *, before: int | None, size: int) -> Sequence[Found]:
    """List a profile's activations with learners now within the scope, newest first, with numbers below `before`."""
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


def first_name(session: Session, scope: Scope, profile_id: int) -> str | None:
    """Return the name of a profile's first learner; None if there is none, or they are outside the scope now."""
    first = select(func.min(Activation.id)).where(Activation.profile_id == profile_id).scalar_subquery()
    query = (
        select(User)
        .join(Activation, Activation.user_id == User.id)
        .where(Activation.id == first, within(scope, Activation.learner_department_id.expression))
    )
    learner = session.scalars(query).one_or_none()
    return learner.full_name if learner else None


def names(
    session: Session, departments: Mapping[int, Iterable[int]], *, after: int, through: int, at_most: int
) -> dict[int, list[str]]:
    """Return the names of profiles' first learners with activation numbers in (after, through].

    `departments` are, by profile, those in which the learners are now. One statement, whose parts each stop at
    `at_most`.
    """
    heads = [
        select(Activation.id, Activation.user_id, Activation.profile_id)
        .where(
            Activation.profile_id == profile_id,
            Activation.id > after,
            Activation.id <= through,
            Activation.learner_department_id.in_(set(numbers)),
        )
        .order_by(Activation.id)
        .limit(at_most)
        .subquery()
        for profile_id, numbers in departments.items()
    ]
    if not heads:
        return {}
    found = union_all(*(select(head) for head in heads)).subquery()
    query = select(found.c.profile_id, User.first_name, User.last_name).join(User, User.id == found.c.user_id)
    named = defaultdict[int, list[str]](list)
    for profile_id, first, last in session.execute(query.order_by(found.c.id)):
        named[profile_id].append(f"{first} {last}".strip())
    return named


def recent(session: Session, profile_ids: Collection[int], since: datetime, until: datetime) -> dict[int, Recent]:
    """Count the activations in [since, until] of those of the profiles that have any."""
    query = (
        select(Activation.profile_id, func.count(), func.max(Activation.at))
        .where(Activation.profile_id.in_(profile_ids), Activation.at >= since, Activation.at <= until)
        .group_by(Activation.profile_id)
    )
    return {number: Recent(count=count, last_at=last) for number, count, last in session.execute(query)}


def tallied_in_scope(session: Session, scope: Scope, tallies: Iterable[Tally]) -> set[int]:
    """Return the departments of the tallies that are within the scope."""
    return within_scope(
        session, scope, {number for tally in tallies for number in (tally.learners_in, tally.signed_up_to)}
    )


def last_settled_number(session: Session) -> int:
    """Return the highest activation number, once no smaller one can still be committed.

    PostgreSQL assigns numbers before the commit, so this takes a table lock, which waits for running sign-ups and makes
    new ones wait until this transaction ends. SQLite has only one writer.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(SHARE_LOCK)
    return session.scalars(select(func.coalesce(func.max(Activation.id), 0))).one()


def _tally() -> Select[int, int, int, int]:
    by = (Activation.profile_id, Activation.learner_department_id, Activation.department_id)
    return select(*by, func.count()).group_by(*by)


def _recorded(scope: Scope, *wanted: ColumnElement[bool]) -> Select[int, int, int, int]:
    query = _tally().where(*wanted)
    if scope.everywhere:
        return query
    return query.where(Activation.profile_id.in_(select(Profile.id).where(recorded_in(scope))))


def _tallies(session: Session, query: Select[int, int, int, int]) -> list[Tally]:
    return [
        Tally(profile_id=profile_id, learners_in=learners_in, signed_up_to=signed_up_to, count=count)
        for profile_id, learners_in, signed_up_to, count in session.execute(query).all()
    ]


def _with_learner() -> Select[Activation, User]:
    return select(Activation, User).join(User, User.id == Activation.user_id)
