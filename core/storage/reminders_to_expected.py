"""Queries on which expected people can be reminded to come, and which others can't, because of the link."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, exists, literal, select
from sqlalchemy.orm import Session

from core.domain.left_out import LeftOut
from core.domain.rosters import RosterOf
from core.storage import roster_doors
from core.storage.reminders import Recipient
from core.storage.roster_matches import came, listed
from core.storage.tables import ExpectedPerson, LinkRecipient, PendingSignUp, Reminder, User


def expected_of(session: Session, of: RosterOf, through: int) -> list[tuple[ExpectedPerson, Recipient]]:
    """List a roster's people who haven't come, and can by a profile: in the order of the list.

    Without those who have no address, who have or wait for an account, from whom the link was withdrawn, and whom it
    would turn away.
    """
    by = literal(through)
    return _let_in(session, _recipients(session, select(ExpectedPerson, by).where(listed([of]), *_can_come([of], by))))


def without_link(session: Session, of: RosterOf, through: int) -> Mapping[LeftOut, Sequence[Recipient]]:
    """Return a roster's people who haven't come, and can't by a profile: it lets in only others, or was withdrawn."""
    by = literal(through)
    not_listed = [each for _, each in turned_away(session, of, through)]
    away = {each.email for each in not_listed}
    withdrawn = select(ExpectedPerson, by).where(listed([of]), *_have_not_come([of]), _withdrawn(by))
    return {
        LeftOut.NOT_LISTED: not_listed,
        LeftOut.WITHDRAWN: [each for _, each in _recipients(session, withdrawn) if each.email not in away],
    }


def turned_away(session: Session, of: RosterOf, through: int) -> list[tuple[ExpectedPerson, Recipient]]:
    """List a roster's people who haven't come, and whom a profile would turn away, because another list names them not.

    In the order of the list.
    """
    query = select(ExpectedPerson, literal(through)).where(listed([of]), *_have_not_come([of]))
    people = _recipients(session, query)
    away = {email for _, email in _turned_away(session, people)}
    return [(person, each) for person, each in people if each.email in away]


def expected_since(session: Session, profile_ids: Collection[int]) -> list[tuple[Recipient, datetime]]:
    """List the same people of the lists of several profiles, with when each was put on the list (UTC)."""
    rosters = [RosterOf(profile_id=number) for number in profile_ids]
    through = ExpectedPerson.profile_id.expression
    query = select(ExpectedPerson, through).where(listed(rosters), *_can_come(rosters, through))
    return [(recipient, person.added_at) for person, recipient in _let_in(session, _recipients(session, query))]


def expected_in(
    session: Session, through: Mapping[int, int], besides: ColumnElement[bool]
) -> list[tuple[ExpectedPerson, Recipient]]:
    """List the same people of the lists of departments, each with the profile by which they can come.

    Without the entries `besides`.
    """
    if not through:
        return []
    rosters = [RosterOf(department_id=number) for number in through]
    profile_id = case(dict(through), value=ExpectedPerson.department_id)
    query = select(ExpectedPerson, profile_id).where(listed(rosters), ~besides, *_can_come(rosters, profile_id))
    return _let_in(session, _recipients(session, query))


def still_expected(session: Session, reminder: Reminder) -> ExpectedPerson | None:
    """Find the expected person of a reminder, if they haven't come, and can."""
    person = session.get(ExpectedPerson, reminder.expected_id) if reminder.expected_id else None
    if person is None:
        return None
    of = RosterOf(profile_id=person.profile_id, department_id=person.department_id)
    by = literal(reminder.profile_id)
    query = select(ExpectedPerson, by).where(ExpectedPerson.id == person.id, *_can_come([of], by))
    return next((each for each, _ in _let_in(session, _recipients(session, query))), None)


def _can_come(
    rosters: Collection[RosterOf], through: ColumnElement[int] | ColumnElement[int | None]
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that people of rosters haven't come, and can `through` a profile, if it lets them in."""
    return *_have_not_come(rosters), ~_withdrawn(through)


def _have_not_come(rosters: Collection[RosterOf]) -> tuple[ColumnElement[bool], ...]:
    return (
        ExpectedPerson.email.is_not(None),
        ExpectedPerson.id.not_in(came(rosters)),
        ~exists().where(User.email == ExpectedPerson.email),
        ExpectedPerson.email.not_in(select(PendingSignUp.email).where(PendingSignUp.email.is_not(None))),
    )


def _withdrawn(through: ColumnElement[int] | ColumnElement[int | None]) -> ColumnElement[bool]:
    return exists().where(
        LinkRecipient.profile_id == through,
        LinkRecipient.email == ExpectedPerson.email,
        LinkRecipient.withdrawn_at.is_not(None),
    )


def _let_in(
    session: Session, found: Sequence[tuple[ExpectedPerson, Recipient]]
) -> list[tuple[ExpectedPerson, Recipient]]:
    """Leave out whom the profile through which they are to come would turn away."""
    away = _turned_away(session, found)
    return [(person, each) for person, each in found if (each.profile_id, each.email) not in away]


def _turned_away(session: Session, people: Sequence[tuple[ExpectedPerson, Recipient]]) -> set[tuple[int | None, str]]:
    wanted, on = defaultdict[int, list[str]](list), defaultdict[RosterOf, set[str]](set)
    for person, each in people:
        wanted[each.profile_id or 0].append(each.email)
        on[RosterOf(profile_id=person.profile_id, department_id=person.department_id)].add(each.email)
    away = roster_doors.turned_away(session, wanted, on)
    return {(profile_id, email) for profile_id, emails in away.items() for email in emails}


def _recipients(
    session: Session, people: Select[ExpectedPerson, int] | Select[ExpectedPerson, int | None]
) -> list[tuple[ExpectedPerson, Recipient]]:
    return [
        (
            person,
            Recipient(email=person.email, name=person.full_name, expected_id=person.id, profile_id=profile_id),
        )
        for person, profile_id in session.execute(people.order_by(ExpectedPerson.id))
        if person.email
    ]
