"""Who got a link and couldn't sign up once only the people of a roster can: said before, and added if wanted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.contacts import Contact
from core.domain.expected_people import NewPerson, merge
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.rosters import RosterOf
from core.errors import ListTooLong
from core.rosters.grid import MOST_ROWS
from core.rosters.people_lists import ListedPerson
from core.services import roster_holders, rosters
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.roster_holders import Holder
from core.services.rosters import Roster
from core.storage import roster_contacts as contacts
from core.storage import roster_people
from core.storage import rosters as stored
from core.storage.link_mails import Invited

NAMED = 5


class Lockout(StrEnum):
    """What becomes of who would be locked out: the answer to a question that named them."""

    ACCEPT = "accept"
    ADD = "add"


@dataclass(frozen=True, kw_only=True)
class LockedOut:
    """How many people would be locked out, the `first` of them, and `seen`, which identifies all."""

    people: int
    first: tuple[Contact, ...]
    seen: str


def of_switch(session: Session, actor_id: int, of: RosterOf) -> LockedOut:
    """Return who would be locked out if only the people of a roster could sign up from now on.

    Raises what `rosters.show` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
    return _told(contacts.not_listed(session, holder.of))


def of_list(
    session: Session, actor_id: int, of: RosterOf, people: Sequence[ListedPerson], *, replace: bool
) -> LockedOut:
    """Return who would be locked out in addition if these people were kept and only the roster's could sign up.

    Raises what `rosters.show` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
    emails = {each.email for each in people if each.email}
    return _told(beside(session, holder, emails, replace=replace))


def switch_on(session: Session, actor_id: int, of: RosterOf, now: datetime, *, seen: str, lockout: Lockout) -> Roster:
    """Let nobody else sign up than the expected, after the question about those who would be locked out.

    Raises PreviewOutdated if they are others now, ListTooLong if the list has no room for them, and what `rosters.show`
    raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find_for_update(session, actor, of)
    found = contacts.not_listed(session, of)
    refuse_if_outdated(seen, _told(found).seen)
    if lockout is Lockout.ADD:
        add(session, actor_id, holder, [as_expected(each) for each in found], now)
    rosters.switch(session, actor_id, holder, now, on=True)
    return rosters.roster_of(session, actor, holder)


def beside(session: Session, holder: Holder, emails: Collection[str], *, replace: bool) -> list[Invited]:
    """Return who would be locked out in addition by a roster with these addresses. Rights are not checked here.

    `replace`: without those that it has.
    """
    before = contacts.not_listed(session, holder.of)
    kept_out = {each.email for each in before} if holder.row.only_expected else set()
    all_of_them = contacts.invited(session, holder.of) if replace else before
    return [each for each in all_of_them if each.email not in emails and each.email not in kept_out]


def add(
    session: Session,
    by_id: int,
    holder: Holder,
    people: Sequence[NewPerson],
    now: datetime,
    *,
    replace: bool = False,
) -> None:
    """Put people on a locked roster, and renew the data of those who are on it; `replace`: take all others off.

    Who stays keeps the day on which they were put there, and their reminders. Rights are not checked here. Raises
    ListTooLong.
    """
    merger = merge(roster_people.entries(session, holder.of), people)
    done = {
        "people": roster_people.add(session, holder.of, merger.new, now),
        "changed": len(merger.changed),
        "taken off": roster_people.delete(session, merger.beside) if replace else 0,
    }
    roster_people.change(session, list(merger.changed.values()))
    if stored.size(session, holder.of) > MOST_ROWS:
        raise ListTooLong(MOST_ROWS)
    after = {what: number for what, number in done.items() if number or what == "people"}
    roster_holders.record(session, by_id, Action.ROSTER_KEPT, holder, now, after=after)


def mark(people: Sequence[Invited]) -> str:
    """Return what identifies the people who would be locked out; empty if nobody would."""
    return fingerprint([each.email for each in people]) if people else ""


def _told(people: Sequence[Invited]) -> LockedOut:
    return LockedOut(
        people=len(people),
        first=tuple(Contact(name=each.full_name, email=each.email) for each in people[:NAMED]),
        seen=mark(people),
    )


def as_expected(person: Invited) -> NewPerson:
    """Return a person who got the link as one to put on a roster."""
    listed = ListedPerson(row=0, email=person.email)
    return NewPerson(
        identity=listed.identity,
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        phone=None,
        values={},
    )
