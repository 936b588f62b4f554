"""Queries on which expected people can be reminded to come, and which others can't, because of the link."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, exists, literal, select
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.left_out import LeftOut
from core.domain.rosters import RosterOf
from core.storage import roster_doors
from core.storage.departments import within
from core.storage.link_reach import EVERYWHERE
from core.storage.reminders import Recipient
from core.storage.roster_matches import came, listed
from core.storage.tables import ExpectedPerson, LinkRecipient, PendingSignUp, Reminder, User


@dataclass(frozen=True, kw_only=True)
class Parted:
    """A roster's people with an address who haven't come: who `can_come` by a profile, and who can't, in their order.

    `not_listed` are those whom it would turn away, because another list names them not, and of the others the link was
    `withdrawn` from some.
    """

    can_come: tuple[tuple[ExpectedPerson, Recipient], ...]
    not_listed: tuple[tuple[ExpectedPerson, Recipient], ...]
    withdrawn: tuple[tuple[ExpectedPerson, Recipient], ...]

    @property
    def without_link(self) -> Mapping[LeftOut, Sequence[Recipient]]:
        """Those who can't come, by the reason."""
        return {
            LeftOut.NOT_LISTED: [each for _, each in self.not_listed],
            LeftOut.WITHDRAWN: [each for _, each in self.withdrawn],
        }


def parted(session: Session, scope: Scope, of: RosterOf, through: int) -> Parted:
    """Part a roster's people who haven't come, without those who have, or wait for, an account within the scope.

    Of accounts outside it nobody learns: whoever has one is taken for one of those who have none.
    """
    query = select(ExpectedPerson, _withdrawn(literal(through))).where(listed([of]), *_have_not_come([of], scope))
    found = session.execute(query.order_by(ExpectedPerson.id)).all()
    people = [(person, _recipient(person, through)) for person, _ in found]
    withdrawn = {each.number for (_, each), (_, gone) in zip(people, found, strict=True) if gone}
    away = {email for _, email in _turned_away(session, people)}
    let_in = [each for each in people if each[1].email not in away]
    return Parted(
        can_come=tuple(each for each in let_in if each[1].number not in withdrawn),
        not_listed=tuple(each for each in people if each[1].email in away),
        withdrawn=tuple(each for each in let_in if each[1].number in withdrawn),
    )


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


def still_expected(session: Session, reminder: Reminder, scope: Scope = EVERYWHERE) -> ExpectedPerson | None:
    """Find the expected person of a reminder, if they haven't come, and can.

    Who has an account outside the scope can, too: see `parted`.
    """
    person = session.get(ExpectedPerson, reminder.expected_id) if reminder.expected_id else None
    if person is None:
        return None
    of = RosterOf(profile_id=person.profile_id, department_id=person.department_id)
    by = literal(reminder.profile_id)
    query = select(ExpectedPerson, by).where(ExpectedPerson.id == person.id, *_can_come([of], by, scope))
    return next((each for each, _ in _let_in(session, _recipients(session, query))), None)


def _can_come(
    rosters: Collection[RosterOf],
    through: ColumnElement[int] | ColumnElement[int | None],
    scope: Scope = EVERYWHERE,
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that people of rosters haven't come, and can `through` a profile, if it lets them in."""
    return *_have_not_come(rosters, scope), ~_withdrawn(through)


def _have_not_come(rosters: Collection[RosterOf], scope: Scope) -> tuple[ColumnElement[bool], ...]:
    seen = within(scope, User.department_id.expression)
    waiting = select(PendingSignUp.email).join(User, User.id == PendingSignUp.user_id)
    by_link = select(LinkRecipient.email).join(PendingSignUp, PendingSignUp.link_id == LinkRecipient.link_id)
    waiting_by_own_link = by_link.join(User, User.id == PendingSignUp.user_id).where(seen)
    return (
        ExpectedPerson.email.is_not(None),
        ExpectedPerson.id.not_in(came(rosters)),
        ~exists().where(User.email == ExpectedPerson.email, seen),
        ExpectedPerson.email.not_in(waiting.where(PendingSignUp.email.is_not(None), seen)),
        ExpectedPerson.email.not_in(waiting_by_own_link),
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
    rows = session.execute(people.order_by(ExpectedPerson.id))
    return [(person, _recipient(person, profile_id)) for person, profile_id in rows if person.email]


def _recipient(person: ExpectedPerson, profile_id: int | None) -> Recipient:
    return Recipient(email=person.email or "", name=person.full_name, expected_id=person.id, profile_id=profile_id)
