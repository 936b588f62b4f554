"""Rosters: the people whom a manager expects through a profile or in a department, who came, and who is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.files import refuse_if_too_long
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.naming import PATH_SEPARATOR, nearest
from core.domain.rosters import RosterOf
from core.errors import DepartmentNotFound, LastExpected, RosterNotFound
from core.services import department_lookup, roster_counts, roster_doors, roster_holders, roster_links
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.roster_counts import NONE_EXPECTED, RosterCounts
from core.services.roster_doors import ClosedBy
from core.services.roster_holders import Holder
from core.services.roster_links import MOST_LINKS, RosterLink
from core.storage import account, profile_lists, roster_addresses, rosters, unlisted_arrivals
from core.storage import roster_contacts as contacts
from core.storage.roster_contacts import Reminded, SentLink
from core.storage.tables import ExpectedPerson

__all__ = ["Reminded", "RosterLink", "SentLink"]

PAGE = 10
SUGGESTED = 3  # names like one that is unknown
COMPARED = 200  # profiles, the newest ones


@dataclass(frozen=True, kw_only=True)
class Roster(RosterCounts):
    """A roster as its manager sees it; everything is 0 if there is none.

    `name` is that of the profile, or the path of the department. `unexpected` came and are not on the roster.
    `closed_by`: whose rosters have to name who comes, None if none have to.
    `closed_below`: profiles or departments below the department have rosters that let in only their people.
    """

    of: RosterOf
    name: str
    unexpected: int
    closed_by: ClosedBy | None
    closed_below: bool

    @property
    def only_expected(self) -> bool:
        """Whether it lets in only its people itself."""
        return self.closed_by is not None and self.closed_by.own

    @property
    def closed_above(self) -> tuple[str | None, ...]:
        """The departments above whose rosters have to name who comes, too."""
        return () if self.closed_by is None else self.closed_by.above


@dataclass(frozen=True, kw_only=True)
class MissingPerson:
    """An expected person who didn't come.

    `tried_at` (UTC): a form with their address, or by their personal link, was refused then, for `tried_field` first,
    or NOT_ON_LIST, or ADDRESS_NOT_ON_LIST.
    `has_account`: a person within the viewer's scope has this address, and signed up otherwise; `waits`: that person
    isn't let in yet; `undone`: they signed up, and that was undone. `link` and `reminded`: what was sent to them;
    `stopped`: they want no reminders.
    """

    number: int
    name: str
    email: str | None
    phone: str | None
    tried_at: datetime | None
    tried_field: str | None
    has_account: bool
    waits: bool
    undone: bool
    link: SentLink | None
    reminded: Reminded | None
    stopped: bool


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Some of the missing, in the order of the list; `last` is the next page's `after`, None on the last page."""

    roster: Roster
    zone: ZoneInfo
    people: tuple[MissingPerson, ...]
    last: int | None


@dataclass(frozen=True, kw_only=True)
class Removal:
    """A roster that may be deleted; `seen` identifies who would be."""

    roster: Roster
    seen: str


def find(session: Session, actor_id: int, text: str) -> RosterOf:
    """Return the roster of the department that a text names.

    Raises DepartmentAmbiguous, DepartmentNotFound for a path, and RosterNotFound for what a profile might be called.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    try:
        return RosterOf(department_id=department_lookup.find(session, actor, text))
    except DepartmentNotFound as unknown:
        if PATH_SEPARATOR.strip() in text:
            raise
        close = nearest(text, profile_lists.editable_names(session, actor.scope, at_most=COMPARED))
        raise RosterNotFound(text.strip(), tuple(dict.fromkeys((*unknown.nearest, *close)))[:SUGGESTED]) from None


def show(session: Session, actor_id: int, of: RosterOf) -> Roster:
    """Return a roster of a profile that the acting user may edit, or of a department within their scope.

    Raises ProfileNotFound, ProfileReadOnly, DepartmentGone, RootDepartment, as all use cases about a roster do.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    return roster_of(session, actor, roster_holders.find(session, actor, of))


def let_everybody(session: Session, actor_id: int, of: RosterOf, now: datetime) -> Roster:
    """Let everybody sign up again; for the opposite see `roster_lockouts`. Raises what `show` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find_for_update(session, actor, of)
    switch(session, actor_id, holder, now, on=False)
    return roster_of(session, actor, holder)


def removal(session: Session, actor_id: int, of: RosterOf) -> Removal:
    """Return what deleting a roster means. Raises what `show` raises."""
    return Removal(roster=show(session, actor_id, of), seen=mark(session, of))


def remove(session: Session, actor_id: int, of: RosterOf, now: datetime, *, seen: str | None = None) -> Roster:
    """Delete a roster, and let everybody sign up.

    Raises PreviewOutdated if others are on it than what was `seen`, and what `show` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find_for_update(session, actor, of)
    refuse_if_outdated(seen, mark(session, of))
    before = {"people": rosters.clear(session, of)}
    roster_holders.record(session, actor_id, Action.ROSTER_REMOVED, holder, now, before=before)
    switch(session, actor_id, holder, now, on=False)
    return roster_of(session, actor, holder)


def take_off(
    session: Session, actor_id: int, of: RosterOf, number: int, now: datetime, *, even_last: bool = False
) -> Roster:
    """Take one person, by their number, off a roster.

    Raises LastExpected if nobody could sign up any more then, unless `even_last`, and what `show` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find_for_update(session, actor, of)
    if holder.row.only_expected and not even_last:
        _refuse_last(session, holder, number)
    if rosters.remove(session, of, number):
        roster_holders.record(session, actor_id, Action.EXPECTED_REMOVED, holder, now, after={"people": 1})
    return roster_of(session, actor, holder)


def missing(session: Session, actor_id: int, of: RosterOf, *, after: int = 0, size: int = PAGE) -> Missing:
    """Return some of the expected people who didn't come. Raises what `show` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
    found = rosters.missing(session, of, after=after, size=size + 1)
    return Missing(
        roster=roster_of(session, actor, holder),
        zone=account.zone(session),
        people=_with_contacts(session, actor, of, found[:size]),
        last=found[size - 1].id if len(found) > size else None,
    )


def missing_with(session: Session, actor_id: int, of: RosterOf, sought: Sequence[str]) -> Mapping[str, int]:
    """Return who of those with these addresses or phone numbers (in their stored form) is missing, by number.

    Raises what `show` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    return rosters.missing_with(session, roster_holders.find(session, actor, of).of, sought)


def links(
    session: Session, actor_id: int, of: RosterOf, now: datetime, *, offset: int = 0, at_most: int = MOST_LINKS
) -> tuple[RosterLink, ...]:
    """Return by which links the people of a roster can come: `roster_links.leading_to`. Raises what `show` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
    return roster_links.leading_to(session, holder.of, now, offset=offset, at_most=at_most)


def begin_export(session: Session, actor_id: int, of: RosterOf, now: datetime) -> None:
    """Record the export of who is missing in the audit log. Raises FileTooLong, and what `show` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
    refuse_if_too_long(_counts(session, actor, holder).missing)
    roster_holders.record(session, actor_id, Action.ROSTER_EXPORTED, holder, now)


def switch(session: Session, by_id: int, holder: Holder, now: datetime, *, on: bool) -> None:
    """Let nobody else in than the people of a locked roster, or everybody. Rights are not checked here."""
    before, holder.row.only_expected = {"only expected": holder.row.only_expected}, on
    session.flush()
    after = {"only expected": on}
    roster_holders.record(session, by_id, Action.ROSTER_SWITCHED, holder, now, before=before, after=after)


def mark(session: Session, of: RosterOf) -> str:
    """Return what identifies the people of a roster. Rights are not checked here."""
    return fingerprint(rosters.identities(session, of))


def roster_of(session: Session, actor: Actor, holder: Holder) -> Roster:
    """Return a roster that the actor may see. Rights are not checked here."""
    counts = _counts(session, actor, holder)
    return Roster(
        of=holder.of,
        name=holder.name,
        **asdict(counts),
        unexpected=unlisted_arrivals.count(session, actor.scope, holder.of) if counts.expected else 0,
        closed_by=roster_doors.closed_by(session, actor, holder.of, own=holder.row.only_expected),
        closed_below=roster_doors.is_any_below_closed(session, holder.of),
    )


def _refuse_last(session: Session, holder: Holder, number: int) -> None:
    """Refuse to take the last one off who can still come. Raises LastExpected."""
    match rosters.missing(session, holder.of, after=number - 1, size=1):
        case [last] if last.id == number and roster_doors.is_last(session, holder.of, number):
            raise LastExpected(name=last.full_name or last.email or last.phone or "", roster=holder.name)


def _counts(session: Session, actor: Actor, holder: Holder) -> RosterCounts:
    return roster_counts.of_rosters(session, actor, [holder.of]).get(holder.of, NONE_EXPECTED)


def _with_contacts(
    session: Session, actor: Actor, of: RosterOf, found: Sequence[ExpectedPerson]
) -> tuple[MissingPerson, ...]:
    emails = [each.email for each in found if each.email]
    elsewhere = roster_addresses.with_account(session, actor.scope, emails)
    waiting = roster_addresses.waiting_among(session, actor.scope, emails)
    undone = roster_addresses.undone_among(session, actor.scope, emails)
    mailed, reminded = contacts.links(session, of, emails), contacts.reminders(session, of, emails)
    stopped = contacts.without_reminders(session, emails)
    return tuple(
        MissingPerson(
            number=each.id,
            name=each.full_name,
            email=each.email,
            phone=each.phone,
            tried_at=each.tried_at,
            tried_field=each.tried_field,
            has_account=each.email in elsewhere,
            waits=each.email in waiting,
            undone=each.email in undone,
            link=mailed.get(each.email or ""),
            reminded=reminded.get(each.email or ""),
            stopped=each.email in stopped,
        )
        for each in found
    )
