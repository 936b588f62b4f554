"""Whom rosters that let in nobody else would turn away: told by previews, and put on these rosters if wanted."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.rosters import RosterOf
from core.errors import DepartmentGone
from core.rosters.people_lists import ListedPerson
from core.services import roster_holders, roster_links, roster_lockouts
from core.services.authorisation import authorise
from core.storage import reminders_to_expected, roster_doors
from core.storage.link_mails import Invited
from core.storage.tables import ExpectedPerson


@dataclass(frozen=True, kw_only=True)
class TurnedAway:
    """Whom rosters turn away: `by` whose rosters, None for those that the actor may not change.

    `seen` identifies the people; it is empty if there is nobody, or if the actor may not change one of the rosters.
    """

    by: tuple[str | None, ...] = ()
    seen: str = ""


NOBODY = TurnedAway()


def add_missing(
    session: Session,
    actor_id: int,
    of: RosterOf,
    through: int,
    now: datetime,
    *,
    seen: str,
    chosen: Collection[int] | None = None,
) -> None:
    """Put missing people of a roster on those other rosters that would turn them away if they came by a profile.

    `chosen` are the numbers of those on the list who are meant, None: all are. Raises ProfileNotFound, ProfileReadOnly,
    DepartmentGone, RootDepartment, LinkLeadsElsewhere, PreviewOutdated, ListTooLong.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_links.require(session, actor, of, through)
    people = [each for each, _ in reminders_to_expected.parted(session, actor.scope, holder.of, through).not_listed]
    meant = [invited(each) for each in people if chosen is None or each.id in chosen]
    add(session, actor, through, meant, now, seen=seen)


def unlisted(session: Session, actor: Actor, profile_id: int, emails: Collection[str]) -> TurnedAway:
    """Return which rosters turn away these addresses, none of which all of them name.

    Rights to the profile are not checked here.
    """
    if not emails:
        return NOBODY
    by = tuple(_name(session, actor, of) for of in roster_doors.turning_away(session, profile_id, emails))
    return TurnedAway(by=by, seen="" if None in by else _mark(emails))


def add(
    session: Session, actor: Actor, profile_id: int, people: Collection[Invited], now: datetime, *, seen: str
) -> None:
    """Put people on the rosters that would turn them away if they came by a profile.

    Rights to the profile are not checked here. Raises PreviewOutdated if they are others than `unlisted` identified,
    DepartmentGone, ListTooLong.
    """
    refuse_if_outdated(seen, _mark({each.email for each in people}))
    found = roster_doors.turning_away(session, profile_id, [each.email for each in people])
    for of in sorted(found, key=lambda each: each.department_id is None):  # departments are locked before profiles
        holder = roster_holders.find_for_update(session, actor, of)
        unnamed = {each.email: each for each in people if each.email in found[of]}  # each once
        added = [roster_lockouts.as_expected(each) for each in unnamed.values()]
        roster_lockouts.add(session, actor.user_id, holder, added, now)


def invited(person: ExpectedPerson | ListedPerson) -> Invited:
    """Return a person of a list, who has an address, as one to whom a link is sent."""
    return Invited(email=person.email or "", first_name=person.first_name, last_name=person.last_name)


def _name(session: Session, actor: Actor, of: RosterOf) -> str | None:
    """Return what a roster's holder is called, None if the actor may not change it."""
    try:
        return roster_holders.find(session, actor, of).name
    except DepartmentGone:
        return None


def _mark(emails: Iterable[str]) -> str:
    return fingerprint(sorted(emails))
