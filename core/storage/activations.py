"""Queries on activation history."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, case, func, insert, select, text, update
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.periods import Period
from core.domain.tallies import Tally
from core.storage.activation_scope import of_profiles, returned
from core.storage.departments import ids_in_scope, within, within_scope
from core.storage.newest_in_scope import newest
from core.storage.tables import Activation, Link, ProfileDepartment, User, table_of
from core.storage.undone_sign_ups import undone

SHARE_LOCK = text("LOCK TABLE activation IN SHARE MODE")
_ADD = insert(table_of(Activation))
Found = Row[Activation, User, Link]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """A profile's activations: in all, with learners now within a scope, and with learners transferred out of it.

    Of those shown, `returned` were given back to the profile, and of these `undone` have no active learner any more.
    """

    total: int
    shown: int
    transferred: int
    returned: int
    undone: int


@dataclass(frozen=True, kw_only=True)
class Recent:
    """A profile's latest activations that weren't undone: how many, and when (UTC) the last of them was."""

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
    back = returned(scope, Activation.profile_id == profile_id).subquery().c
    total, given, gone = session.execute(select(count.scalar_subquery(), back.returned, back.undone)).one()
    if scope.everywhere:
        return Counts(total=total, shown=total, transferred=0, returned=given, undone=gone)
    pointed = ProfileDepartment.profile_id == profile_id, ProfileDepartment.department_id.in_(ids_in_scope(scope))
    visible = session.scalars(select(ProfileDepartment.department_id).where(*pointed)).all()
    came = session.scalars(count.where(Activation.department_id.in_(visible))).one()
    shown, stayed = session.execute(
        select(func.count(), func.count().filter(Activation.department_id.in_(visible))).where(
            Activation.profile_id == profile_id, Activation.learner_department_id.in_(ids_in_scope(scope))
        )
    ).one()
    return Counts(total=total, shown=shown, transferred=came - stayed, returned=given, undone=gone)


def tallies_between(session: Session, scope: Scope, *, after: int, through: int) -> list[Tally]:
    """Count the activations with numbers in (after, through] of the scope's profiles, removed ones included.

    SQLite reads all of them in the order of the groups, which an index has, or else looks for a few by their numbers.
    """
    profile_id = Activation.profile_id + 0 if after else Activation.profile_id.expression
    return _tallies(session, _recorded(scope, *_numbered(after, through), profile_id=profile_id))


def returned_between(session: Session, scope: Scope, *, after: int, through: int) -> list[tuple[int, int, int, int]]:
    """Count those of them that were returned, by profile and by the learners' current department, and those undone."""
    by = (Activation.profile_id + 0, Activation.learner_department_id)  # else SQLite reads those that weren't, too
    wanted = Activation.returned_at.is_not(None), *_numbered(after, through), *of_profiles(scope)
    query = select(*by, func.count(), func.count().filter(undone())).where(*wanted).group_by(*by)
    return [(profile_id, learners_in, count, gone) for profile_id, learners_in, count, gone in session.execute(query)]


def undone_during(session: Session, scope: Scope, period: Period) -> list[tuple[int, int, int]]:
    """Count the undone sign-ups of a period: by profile, and by the learners' current department."""
    by = (Activation.profile_id + 0, Activation.learner_department_id)
    wanted = Activation.at >= period.since, Activation.at < period.until, *of_profiles(scope)
    found = session.execute(select(*by, func.count()).where(undone(), *wanted).group_by(*by))
    return [(profile_id, learners_in, count) for profile_id, learners_in, count in found]


def tallies_during(session: Session, scope: Scope, period: Period) -> list[Tally]:
    """Count the activations in a period of the scope's profiles, removed ones included."""
    return _tallies(session, _recorded(scope, Activation.at >= period.since, Activation.at < period.until))


def returned_during(session: Session, scope: Scope, period: Period) -> int:
    """Count those of them that were returned, of learners within the scope."""
    query = returned(scope, Activation.at >= period.since, Activation.at < period.until, *of_profiles(scope))
    given_back, _ = session.execute(query).one()
    return given_back


def tallies_by_interval(session: Session, scope: Scope, bounds: Sequence[datetime]) -> list[tuple[int, int, int, int]]:
    """Count the activations of the scope's profiles between consecutive bounds that weren't undone.

    Return for each group the place of its interval, the profile, the learners' current department, and the count.
    """
    return _by_interval(session, scope, bounds, Activation.at >= bounds[0], Activation.at < bounds[-1])


def tallies_between_by_interval(
    session: Session, scope: Scope, bounds: Sequence[datetime], *, after: int, through: int
) -> list[tuple[int, int, int, int]]:
    """Count the activations with numbers in (after, through] in the same way.

    One whose transaction was open for long has a moment before the first bound: it counts as of the first interval.
    """
    return _by_interval(session, scope, bounds, Activation.id > after, Activation.id <= through)


def _by_interval(
    session: Session, scope: Scope, bounds: Sequence[datetime], *wanted: ColumnElement[bool]
) -> list[tuple[int, int, int, int]]:
    before = [(Activation.at < end, place) for place, end in enumerate(bounds[1:])]
    place = case(*before, else_=len(before) - 1).label("place")
    by = (place, Activation.profile_id, Activation.learner_department_id)
    query = select(*by, func.count()).where(*wanted, *of_profiles(scope)).group_by(*by)
    counted = Counter({(place, profile, now_in): count for place, profile, now_in, count in session.execute(query)})
    # each by itself: telling them apart in one query would read the table itself for all of them
    for *group, count in session.execute(query.where(undone())):
        counted[group[0], group[1], group[2]] -= count
    return [(*group, count) for group, count in counted.items() if count]


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


def newest_between(
    session: Session, scope: Scope, profile_ids: Collection[int], *, after: int, through: int, size: int
) -> Sequence[Found]:
    """List the activations with numbers in (after, through], of the scope's profiles and learners, newest first.

    Without `profile_ids`, those of all profiles, removed ones included.
    """
    query = _with_learner().add_columns(Link).join(Link, Link.id == Activation.link_id)
    told = _told(scope, profile_ids, after=after, through=through)
    return session.execute(query.where(*told).order_by(Activation.id.desc()).limit(size)).all()


def newest_during(session: Session, scope: Scope, period: Period, *, before: int | None, size: int) -> Sequence[Found]:
    """List the activations in a period, of the scope's profiles (removed ones, too) and learners, newest first.

    Those with numbers below `before`, if given.
    """
    query = _with_learner().add_columns(Link).join(Link, Link.id == Activation.link_id).where(*_during(scope, period))
    if before is not None:
        query = query.where(Activation.id < before)
    return session.execute(query.order_by(Activation.id.desc()).limit(size)).all()


def learners_during(scope: Scope, period: Period) -> Select[int]:
    """Return a query for the learners of the same activations."""
    return select(Activation.user_id).where(*_during(scope, period))


def learners_between(scope: Scope, profile_ids: Collection[int], *, after: int, through: int) -> Select[int]:
    """Return a query for the learners of the same activations."""
    return select(Activation.user_id).where(*_told(scope, profile_ids, after=after, through=through))


def moment_of(session: Session, number: int) -> datetime:
    """Return when (UTC) an activation was."""
    return session.scalars(select(Activation.at).where(Activation.id == number)).one()


def recent(
    session: Session, profile_ids: Collection[int] | None, since: datetime, until: datetime
) -> dict[int, Recent]:
    """Count the activations in [since, until] that weren't undone, of those of the profiles that have any.

    `profile_ids` is None for all profiles.
    """
    query = (
        select(Activation.profile_id, func.count(), func.max(Activation.at))
        .where(Activation.at >= since, Activation.at <= until)
        .group_by(Activation.profile_id)
    )
    if profile_ids is not None:
        query = query.where(Activation.profile_id.in_(profile_ids))
    found = _recent(session, query)
    if changed := _recent(session, query.where(undone())).keys():
        kept = _recent(session, query.where(Activation.profile_id.in_(changed), ~undone()))
        return {number: each for number, each in found.items() if number not in changed} | kept
    return found


def _recent(session: Session, query: Select[int, int, datetime]) -> dict[int, Recent]:
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


def _tally(profile_id: ColumnElement[int]) -> Select[int, int, int, int, int]:
    by = (profile_id, Activation.learner_department_id, Activation.department_id)
    return select(*by, func.count(), func.min(Activation.id)).group_by(*by)


def _recorded(
    scope: Scope, *wanted: ColumnElement[bool], profile_id: ColumnElement[int] = Activation.profile_id.expression
) -> Select[int, int, int, int, int]:
    return _tally(profile_id).where(*wanted, *of_profiles(scope))


def _numbered(after: int, through: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that an activation has a number in (after, through].

    From the first one on they say little, and SQLite must not look all of them up by their numbers: `+ 0` forbids it.
    """
    number = Activation.id.expression if after else Activation.id + 0
    return number > after, number <= through


def _told(scope: Scope, profile_ids: Collection[int], *, after: int, through: int) -> tuple[ColumnElement[bool], ...]:
    covered = Activation.id > after, Activation.id <= through
    chosen = (Activation.profile_id.in_(profile_ids),) if profile_ids else ()
    # `+ 0` keeps the planner from looking into each profile for each department
    return *covered, *chosen, *of_profiles(scope), within(scope, Activation.learner_department_id + 0)


def _during(scope: Scope, period: Period) -> tuple[ColumnElement[bool], ...]:
    shown = within(scope, Activation.learner_department_id.expression)
    return Activation.at >= period.since, Activation.at < period.until, *of_profiles(scope), shown


def _tallies(session: Session, query: Select[int, int, int, int, int]) -> list[Tally]:
    return [Tally(*row) for row in session.execute(query)]


def _with_learner() -> Select[Activation, User]:
    return select(Activation, User).join(User, User.id == Activation.user_id)
