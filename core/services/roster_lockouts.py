"""Who couldn't sign up any more once only the people of a roster can: said before, and added if wanted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.contacts import Contact
from core.domain.expected_people import NewPerson, merge, told_apart, with_own_identities
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
from core.storage import roster_addresses, roster_entries, roster_people
from core.storage import roster_lockouts as stored_lockouts
from core.storage import rosters as stored
from core.storage.link_mails import Invited

NAMED = 5


class Lockout(StrEnum):
    """What becomes of who would be locked out: the answer to a question that named them."""

    ACCEPT = "accept"
    ADD = "add"


@dataclass(frozen=True, kw_only=True)
class LockedOutGroup:
    """How many people would be locked out for a reason, and the `first` of them."""

    people: int
    first: tuple[Contact, ...]


@dataclass(frozen=True, kw_only=True)
class LockedOut:
    """Who would be locked out: who was `invited` by a link, and who is `expected` below; `seen` identifies all."""

    invited: LockedOutGroup
    expected: LockedOutGroup
    seen: str

    @property
    def people(self) -> int:
        """How many people would be locked out."""
        return self.invited.people + self.expected.people


@dataclass(frozen=True, kw_only=True)
class Unlisted:
    """People whom a roster doesn't name: those to whom links were sent, and others whom rosters below it expect."""

    invited: Sequence[NewPerson]
    expected: Sequence[NewPerson]

    @property
    def all(self) -> list[NewPerson]:
        """All of them, each once."""
        return [*self.invited, *self.expected]

    @property
    def mark(self) -> str:
        """What identifies them; empty if there is nobody."""
        return fingerprint([each.identity for each in self.all]) if self.all else ""


def of_switch(session: Session, actor_id: int, of: RosterOf, now: datetime) -> LockedOut:
    """Return who would be locked out if only the people of a roster could sign up from now on.

    Raises what `rosters.show` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
    return _told(_unlisted(session, actor, holder.of, now))


def of_list(
    session: Session, actor_id: int, of: RosterOf, people: Sequence[ListedPerson], now: datetime, *, replace: bool
) -> LockedOut:
    """Return who would be locked out in addition if these people were kept and only the roster's could sign up.

    Raises what `rosters.show` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
    return _told(beside(session, actor, holder, [each.expected for each in people], now, replace=replace))


def switch_on(session: Session, actor_id: int, of: RosterOf, now: datetime, *, seen: str, lockout: Lockout) -> Roster:
    """Let nobody else sign up than the expected, after the question about those who would be locked out.

    Raises PreviewOutdated if they are others now, ListTooLong if the list has no room for them, and what `rosters.show`
    raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find_for_update(session, actor, of)
    found = _unlisted(session, actor, of, now)
    refuse_if_outdated(seen, found.mark)
    if lockout is Lockout.ADD:
        add(session, actor_id, holder, found.all, now)
    rosters.switch(session, actor_id, holder, now, on=True)
    return rosters.roster_of(session, actor, holder)


def beside(
    session: Session, actor: Actor, holder: Holder, people: Sequence[NewPerson], now: datetime, *, replace: bool
) -> Unlisted:
    """Return who would be locked out in addition by a roster with these people. Rights are not checked here.

    `replace`: without those that it has.
    """
    before = _unlisted(session, actor, holder.of, now)
    kept_out = {each.identity for each in before.all} if holder.row.only_expected else set()
    found = _unlisted(session, actor, holder.of, now, besides_listed=False) if replace else before
    names = _naming(people)
    return Unlisted(
        invited=[each for each in found.invited if each.identity not in kept_out and not names(each)],
        expected=[each for each in found.expected if each.identity not in kept_out and not names(each)],
    )


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

    Who stays keeps the day on which they were put there, and their reminders; who came has come. Rights are not checked
    here. Raises ListTooLong.
    """
    merger = merge(entries := roster_people.entries(session, holder.of), people)
    come = roster_entries.come_otherwise(session, holder.of)
    done = {
        "people": roster_people.add(session, holder.of, with_own_identities(merger.new, entries), now),
        "changed": len(merger.changed),
        "taken off": roster_people.delete(session, merger.beside) if replace else 0,
    }
    roster_people.change(session, list(merger.changed.values()))
    roster_entries.keep_come(session, holder.of, come)
    if stored.size(session, holder.of) > MOST_ROWS:
        raise ListTooLong(MOST_ROWS)
    after = {what: number for what, number in done.items() if number or what == "people"}
    roster_holders.record(session, by_id, Action.ROSTER_KEPT, holder, now, after=after)


def as_expected(person: Invited) -> NewPerson:
    """Return a person who got the link as one to put on a roster."""
    return ListedPerson(row=0, first_name=person.first_name, last_name=person.last_name, email=person.email).expected


def _unlisted(session: Session, actor: Actor, of: RosterOf, now: datetime, *, besides_listed: bool = True) -> Unlisted:
    """Return who got links that lead to a roster, and who is expected below, but has no account within the scope."""
    invited = stored_lockouts.invited(session, of, now, besides_listed=besides_listed)
    expected = stored_lockouts.unlisted_below(session, of, now, besides_listed=besides_listed)
    emails = *(each.email for each in invited), *(each.email for each in expected)
    known = roster_addresses.with_account(session, actor.scope, emails)
    invited = [each for each in invited if each.email not in known]
    known |= {each.email for each in invited}
    return Unlisted(
        invited=[as_expected(each) for each in invited], expected=[each for each in expected if each.email not in known]
    )


def _naming(people: Sequence[NewPerson]) -> Callable[[NewPerson], bool]:
    """Return what tells whether one of these people is a person, by what rosters know people by."""
    known = told_apart(people)
    emails, phones = {each.email for each in known if each.email}, {each.phone for each in known if each.phone}
    values = {value for each in known for value in each.values.items()}
    return lambda person: (
        person.email in emails or person.phone in phones or not values.isdisjoint(person.values.items())
    )


def _told(found: Unlisted) -> LockedOut:
    return LockedOut(invited=_first(found.invited), expected=_first(found.expected), seen=found.mark)


def _first(people: Sequence[NewPerson]) -> LockedOutGroup:
    return LockedOutGroup(people=len(people), first=tuple(each.contact for each in people[:NAMED]))
