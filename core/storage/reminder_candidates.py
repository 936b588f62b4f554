"""Queries on whom rules may remind: what is known of them, so that the rules can be applied without further queries."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from core.domain.progress import Progress
from core.domain.reminder_rules import Place, ToDo
from core.domain.rosters import RosterOf
from core.storage import reminders, reminders_to_expected, roster_overlaps
from core.storage.people import is_active
from core.storage.profiles import running
from core.storage.reminders import CHUNK, Recipient
from core.storage.tables import (
    Activation,
    DepartmentTree,
    Enrolment,
    ExpectedPerson,
    Profile,
    Reminder,
    User,
)


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """An earlier reminder, and whether a manager heard that it was of no use.

    `refused`: the key of the address that the mail server refused for good; None if it didn't.
    """

    number: int
    at: datetime
    told: bool
    refused: str | None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A person whom a rule may remind: where they belong, and what of. All moments are UTC.

    `changed`: when they last did something, or got a course, or, of an expected person, could first have come.
    `courses` are those that a learner hasn't completed.
    """

    recipient: Recipient
    profile_id: int | None
    department_id: int
    changed: datetime
    courses: tuple[ToDo, ...] = ()
    earlier: tuple[Earlier, ...] = ()


def expecting(session: Session, at: datetime, *, after: int, at_most: int, place: Place | None = None) -> list[Profile]:
    """List the profiles with numbers above `after` that are open at a moment and expect people; those of a place."""
    has_roster = exists().where(ExpectedPerson.profile_id == Profile.id)
    query = select(Profile).where(*running(at), Profile.id > after, has_roster, *_of(place or Place()))
    return list(session.scalars(query.order_by(Profile.id).limit(at_most)))


def expected(session: Session, profiles: Sequence[Profile]) -> list[Candidate]:
    """List the profiles' expected people who haven't come, and can."""
    by_number = {profile.id: profile for profile in profiles}
    query = select(Reminder).where(Reminder.profile_id.in_(list(by_number)), Reminder.user_id.is_(None))
    earlier = _earlier(session, query)
    return [
        Candidate(
            recipient=each,
            profile_id=profile.id,
            department_id=profile.department_id,
            changed=max(added_at, profile.starts_at),
            earlier=earlier(each),
        )
        for each, added_at in reminders_to_expected.expected_since(session, list(by_number))
        for profile in (by_number[each.profile_id or 0],)
    ]


def departments_expecting(session: Session, *, after: int, at_most: int, place: Place | None = None) -> list[int]:
    """List the departments with numbers above `after` that expect people by a list of their own; those of a place."""
    within = place or Place()
    if within.profile_id is not None:
        return []
    branch = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == within.department_id)
    in_place = () if within.is_account else (ExpectedPerson.department_id.in_(branch),)
    query = select(ExpectedPerson.department_id).where(ExpectedPerson.department_id > after, *in_place).distinct()
    found = session.scalars(query.order_by(ExpectedPerson.department_id).limit(at_most))
    return [number for number in found if number is not None]


def expected_in(session: Session, departments: Sequence[int], at: datetime) -> list[Candidate]:
    """List the departments' expected people who haven't come, and can by a profile that is open at a moment.

    It is the one that `roster_links.leading_to` names first; whom a list further down expects, too, is left to that.
    """
    opened = _opened(session, departments, at)
    leading = {number: profile_id for number, (profile_id, _) in opened.items()}
    found = reminders_to_expected.expected_in(session, leading, besides=roster_overlaps.unended(at))
    entries = select(ExpectedPerson.id).where(ExpectedPerson.department_id.in_(leading))
    earlier = _earlier(session, select(Reminder).where(Reminder.expected_id.in_(entries)))
    return [
        Candidate(
            recipient=recipient,
            profile_id=None,
            department_id=number,
            changed=max(person.added_at, opened[number][1]),
            earlier=earlier(recipient),
        )
        for person, recipient in found
        if (number := person.department_id) is not None
    ]


def expected_of(
    session: Session, of: RosterOf, through: Profile, at: datetime, people: Iterable[tuple[ExpectedPerson, Recipient]]
) -> list[Candidate]:
    """List those of a roster's `people`, who can come by a profile, whom a manager can remind at a moment."""
    if of.department_id is None:
        opened, theirs = through.starts_at, Reminder.profile_id == through.id
    else:
        opened = _opened(session, [of.department_id], at).get(of.department_id, (0, through.starts_at))[1]
        on_list = select(ExpectedPerson.id).where(ExpectedPerson.department_id == of.department_id)
        theirs = Reminder.expected_id.in_(on_list)
    earlier = _earlier(session, select(Reminder).where(theirs, Reminder.user_id.is_(None)))
    return [
        Candidate(
            recipient=recipient,
            profile_id=through.id,
            department_id=through.department_id,
            changed=max(person.added_at, opened),
            earlier=earlier(recipient),
        )
        for person, recipient in people
    ]


def behind(session: Session, people: Select[int]) -> list[Candidate]:
    """List those of the learners who have an address, by their numbers."""
    query = select(User).where(User.id.in_(people), User.email.is_not(None)).order_by(User.id)
    users = session.scalars(query).all()
    chunks = (users[start : start + CHUNK] for start in range(0, len(users), CHUNK))
    return [each for chunk in chunks for each in _described(session, chunk)]


def learners(
    session: Session, until: datetime, *, after: int, at_most: int, among: Select[int] | None = None
) -> list[Candidate]:
    """List learners with numbers above `after` who have not started a course, or have one due before a moment.

    Only those who have an address, sorted by number.
    """
    behind = exists().where(
        Enrolment.user_id == User.id,
        Enrolment.progress != Progress.COMPLETED,
        or_(Enrolment.progress == Progress.NOT_STARTED, Enrolment.due_at < until),
    )
    query = select(User).where(*is_active(), User.id > after, User.email.is_not(None), behind, *_within(among))
    found = list(session.scalars(query.order_by(User.id).limit(at_most)))
    return _described(session, found)


def profiles_of(session: Session, user_ids: Sequence[int]) -> dict[int, int]:
    """Return the profiles by which users came, whose rules hold for them; those that were removed have none."""
    query = select(Activation.user_id, Activation.profile_id).join(Profile, Profile.id == Activation.profile_id)
    kept = query.where(Activation.user_id.in_(user_ids), Profile.removed_at.is_(None))
    return dict(iter(session.execute(kept)))


def _of(place: Place) -> tuple[ColumnElement[bool], ...]:
    if place.profile_id is not None:
        return (Profile.id == place.profile_id,)
    if place.department_id is None:
        return ()
    branch = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == place.department_id)
    return (Profile.department_id.in_(branch),)


def _within(among: Select[int] | None) -> tuple[ColumnElement[bool], ...]:
    return () if among is None else (User.id.in_(among),)


def _described(session: Session, users: Sequence[User]) -> list[Candidate]:
    numbers = [user.id for user in users]
    profiles = profiles_of(session, numbers)
    enrolments = defaultdict[int, list[Enrolment]](list)
    for each in session.scalars(select(Enrolment).where(Enrolment.user_id.in_(numbers))):
        enrolments[each.user_id].append(each)
    earlier = defaultdict[int, list[Earlier]](list)
    for row in session.scalars(select(Reminder).where(Reminder.user_id.in_(numbers))):
        earlier[row.user_id or 0].append(_past(row))
    return [
        Candidate(
            recipient=recipient,
            profile_id=profiles.get(user.id),
            department_id=user.department_id,
            changed=max((each for one in enrolments[user.id] for each in _moments(one)), default=user.created_at),
            courses=tuple(_to_do(enrolments[user.id])),
            earlier=tuple(earlier[user.id]),
        )
        for user, recipient in zip(users, reminders.of_users(session, users), strict=True)
    ]


def _to_do(enrolments: Iterable[Enrolment]) -> Iterable[ToDo]:
    return (
        ToDo(started=each.progress == Progress.STARTED, enrolled_at=each.enrolled_at, due_at=each.due_at)
        for each in enrolments
        if each.progress != Progress.COMPLETED
    )


def _moments(enrolment: Enrolment) -> Iterable[datetime]:
    found = enrolment.enrolled_at, enrolment.started_at, enrolment.completed_at
    return (moment for moment in found if moment is not None)


def _opened(session: Session, departments: Sequence[int], at: datetime) -> Mapping[int, tuple[int, datetime]]:
    """Return for departments the open profile that leads there and ends last, and when the first of them opened."""
    place = DepartmentTree.ancestor_id
    ranked = (
        select(
            place.label("place"),
            Profile.id.label("profile_id"),
            func.min(Profile.starts_at).over(partition_by=place).label("opened_at"),
            func.row_number().over(partition_by=place, order_by=(Profile.ends_at.desc(), Profile.id)).label("rank"),
        )
        .join(Profile, Profile.department_id == DepartmentTree.descendant_id)
        .where(place.in_(departments), *running(at))
        .subquery()
    )
    query = select(ranked.c.place, ranked.c.profile_id, ranked.c.opened_at).where(ranked.c.rank == 1)
    return {number: (profile_id, opened_at) for number, profile_id, opened_at in session.execute(query)}


def _earlier(session: Session, query: Select[Reminder]) -> Callable[[Recipient], tuple[Earlier, ...]]:
    """Return what finds the earlier reminders of an expected person, the oldest first.

    Those to their entry, whatever its address was then, and those to their address by the profile: lists come and go.
    """
    rows = list(session.scalars(query.order_by(Reminder.id)))
    to_entry, to_address = defaultdict[int | None, list[Reminder]](list), defaultdict[Hashable, list[Reminder]](list)
    for row in rows:
        to_entry[row.expected_id].append(row)
        to_address[row.profile_id, row.person_key].append(row)

    def of(recipient: Recipient) -> tuple[Earlier, ...]:
        found = (
            *to_entry.get(recipient.expected_id, ()),
            *to_address.get((recipient.profile_id, recipient.key), ()),
        )
        return tuple(_past(each) for _, each in sorted({each.id: each for each in found}.items()))

    return of


def _past(row: Reminder) -> Earlier:
    told = row.told_on is not None
    return Earlier(number=row.id, at=row.at, told=told, refused=row.person_key if row.refused else None)
