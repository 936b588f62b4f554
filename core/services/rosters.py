"""Rosters: the people whom a manager expects through a profile, who of them came, and who is missing."""

from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.form_fields import Newcomer
from core.domain.text import indexed_key
from core.errors import NotExpected
from core.services import audit_log, roster_counts
from core.services import profiles as profile_services
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.roster_counts import NONE_EXPECTED, RosterCounts
from core.storage import account, profiles, roster_profiles, rosters
from core.storage import roster_contacts as contacts
from core.storage.links import ProfileRow
from core.storage.roster_contacts import Reminded, SentLink
from core.storage.tables import Profile

__all__ = ["Reminded", "SentLink"]

PAGE = 10


@dataclass(frozen=True, kw_only=True)
class Roster(RosterCounts):
    """A profile's roster as its manager sees it; everything is 0 if there is none.

    `unexpected` came and are not on the roster.
    """

    profile_id: int
    profile_name: str
    unexpected: int
    only_expected: bool


@dataclass(frozen=True, kw_only=True)
class RosterInBrief(RosterCounts):
    """A profile's roster among others."""

    profile_id: int
    profile_name: str


@dataclass(frozen=True, kw_only=True)
class MissingPerson:
    """An expected person who didn't come.

    `tried_at` (UTC): a form with their address was refused then, for `tried_field` first. `has_account`: a person
    within the viewer's scope has this address, and signed up otherwise. `link` and `reminded`: what was sent to them.
    """

    number: int
    name: str
    email: str | None
    phone: str | None
    tried_at: datetime | None
    tried_field: str | None
    has_account: bool
    link: SentLink | None
    reminded: Reminded | None


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Some of the missing, in the order of the list; `last` is the next page's `after`, None on the last page."""

    roster: Roster
    zone: ZoneInfo
    token: str
    ends_at: datetime
    people: tuple[MissingPerson, ...]
    last: int | None


def show(session: Session, actor_id: int, profile_id: int) -> Roster:
    """Return the roster of a profile that the acting user may edit. Raises ProfileNotFound, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    return roster_of(session, actor, profile_services.editable(session, actor, profile_id))


def newest(session: Session, actor_id: int, *, at_most: int) -> list[RosterInBrief]:
    """List the rosters of the profiles that the acting user may edit, those of the newest profiles first."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    found = roster_profiles.newest(session, actor.scope, at_most=at_most)
    counts = roster_counts.of_profiles(session, actor, [profile.id for profile in found])
    return [
        RosterInBrief(profile_id=profile.id, profile_name=profile.name, **asdict(counts[profile.id]))
        for profile in found
    ]


def let_only_expected(session: Session, actor_id: int, profile_id: int, now: datetime, *, on: bool) -> Roster:
    """Let nobody else sign up than the expected, or everybody. Raises ProfileNotFound, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profile_services.find_for_update(session, actor, profile_id)
    switch(session, actor_id, profile, now, on=on)
    return roster_of(session, actor, profile)


def remove(session: Session, actor_id: int, profile_id: int, now: datetime) -> Roster:
    """Delete a profile's roster, and let everybody sign up. Raises ProfileNotFound, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profile_services.find_for_update(session, actor, profile_id)
    before = {"people": rosters.clear(session, profile_id)}
    audit_log.record(session, actor_id, Action.ROSTER_REMOVED, profile_services.subject(profile), now, before=before)
    switch(session, actor_id, profile, now, on=False)
    return roster_of(session, actor, profile)


def take_off(session: Session, actor_id: int, profile_id: int, number: int, now: datetime) -> Roster:
    """Take one person, by their number, off a profile's roster. Raises ProfileNotFound, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profile_services.find_for_update(session, actor, profile_id)
    if rosters.remove(session, profile_id, number):
        subject = profile_services.subject(profile)
        audit_log.record(session, actor_id, Action.EXPECTED_REMOVED, subject, now, after={"people": 1})
    return roster_of(session, actor, profile)


def missing(session: Session, actor_id: int, profile_id: int, *, after: int = 0, size: int = PAGE) -> Missing:
    """Return some of the expected people who didn't come. Raises ProfileNotFound, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profile_services.editable(session, actor, profile_id)
    found = rosters.missing(session, profile_id, after=after, size=size + 1)
    emails = [each.email for each in found if each.email]
    elsewhere = rosters.with_account(session, actor.scope, emails)
    links, reminded = contacts.links(session, profile_id, emails), contacts.reminders(session, profile_id, emails)
    return Missing(
        roster=roster_of(session, actor, profile),
        zone=account.zone(session),
        token=next(link.token for link in profiles.links(session, [profile_id]) if not link.label),
        ends_at=profile.ends_at,
        people=tuple(
            MissingPerson(
                number=each.id,
                name=each.full_name,
                email=each.email,
                phone=each.phone,
                tried_at=each.tried_at,
                tried_field=each.tried_field,
                has_account=each.email in elsewhere,
                link=links.get(each.email or ""),
                reminded=reminded.get(each.email or ""),
            )
            for each in found[:size]
        ),
        last=found[size - 1].id if len(found) > size else None,
    )


def begin_export(session: Session, actor_id: int, profile_id: int, now: datetime) -> None:
    """Record the export of who is missing in the audit log. Raises ProfileNotFound, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profile_services.editable(session, actor, profile_id)
    audit_log.record(session, actor_id, Action.ROSTER_EXPORTED, profile_services.subject(profile), now)


def refuse_unexpected(session: Session, profile: ProfileRow | Profile, newcomer: Newcomer) -> None:
    """Refuse a newcomer who isn't on the roster of a profile that lets in nobody else. Raises NotExpected."""
    if not profile.only_expected:
        return
    values = {number: indexed_key(value) for number, value in newcomer.custom.items()}
    if not rosters.is_expected(session, profile.id, newcomer.email, newcomer.phone, values):
        raise NotExpected(newcomer.email)


def switch(session: Session, by_id: int, profile: Profile, now: datetime, *, on: bool) -> None:
    """Let nobody else through a locked profile than the expected, or everybody. Rights are not checked here."""
    before, profile.only_expected = {"only expected": profile.only_expected}, on
    session.flush()
    subject, after = profile_services.subject(profile), {"only expected": on}
    audit_log.record(session, by_id, Action.ROSTER_SWITCHED, subject, now, before=before, after=after)


def roster_of(session: Session, actor: Actor, profile: Profile) -> Roster:
    """Return the roster of a profile that the actor may edit. Rights are not checked here."""
    counts = roster_counts.of_profiles(session, actor, [profile.id]).get(profile.id, NONE_EXPECTED)
    return Roster(
        profile_id=profile.id,
        profile_name=profile.name,
        **asdict(counts),
        unexpected=rosters.unexpected(session, actor.scope, profile.id) if counts.expected else 0,
        only_expected=profile.only_expected,
    )
