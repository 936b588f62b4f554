"""Sign-up profiles: created and shown."""

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.challenges import Challenge, is_asked
from core.domain.copied_links import is_sound
from core.domain.links import LinkState, link_state
from core.domain.moments import parse_window
from core.domain.naming import clean_name, format_path
from core.domain.places import parse_limit
from core.domain.rosters import RosterOf
from core.domain.text import search_key
from core.domain.windows import Window
from core.errors import EndInPast, ProfileNotFound, ProfileReadOnly, Refusal
from core.services import audit_log, department_lookup, roster_counts, roster_doors, steps
from core.services.account import Organisation, organisation_of
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.services.profile_editors import Editors, editors_of
from core.services.roster_counts import RosterCounts
from core.services.roster_doors import ClosedBy
from core.services.steps import Steps
from core.storage import account, departments, kept_places, profile_links, profiles, progress
from core.storage.tables import Link, Profile


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A profile as typed; the window is parsed in the account's time zone."""

    name: str
    department: str
    window: str
    limit: str


@dataclass(frozen=True, kw_only=True)
class Share:
    """A labelled link of a profile; all of a profile's links share its limit."""

    label: str
    token: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """A profile as its viewer sees it. `limit` None is unlimited; moments are UTC, to be shown in `zone`.

    `reserved` places are those of people who wait for a confirmation or an approval, and those `kept` for granted
    requests for access. `paused` is set even if `state` gives another reason.
    `editable` is false if the profile's department is now outside the viewer's scope: managers of an earlier one can
    still read it, but get no links (`token` and `shares` are empty). `is_rushed`: its links ask for a proof of work
    now. For the card of a single profile, `roster` is counted if the viewer may edit it, None if it has none, and
    `closed_by` tells of rosters that let in only their people, None if there are none; `editors` are told if the viewer
    may not, and `steps` says how far its learners are, as `steps.of_few` does.
    """

    profile_id: int
    name: str
    department: tuple[str, ...]
    state: LinkState
    paused: bool
    window: Window
    organisation: Organisation
    limit: int | None
    used: int
    reserved: int
    kept: int
    token: str
    shares: tuple[Share, ...]
    editable: bool
    may_enable_sign_up: bool
    is_rushed: bool = False
    roster: RosterCounts | None = None
    closed_by: ClosedBy | None = None
    editors: Editors | None = None
    steps: Steps | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The account's time zone."""
        return self.organisation.zone

    @property
    def waiting(self) -> int:
        """How many people wait for a confirmation or an approval."""
        return self.reserved - self.kept


@dataclass(frozen=True, kw_only=True)
class Created:
    """A new profile's card, and the typed wall-clock times (naive) that occur twice; the first was used."""

    card: Card
    repeated: tuple[datetime, ...]


def create(session: Session, actor_id: int, draft: Draft, now: datetime) -> Created:
    """Create a profile and its main link.

    Needs the permission to manage sign-up profiles, and the department within scope; a manager of only one need
    not name it. Raises InvalidName, DepartmentNotFound, DepartmentAmbiguous, DepartmentNotNamed, LimitNotUnderstood,
    EndInPast and whatever `parse_window` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    name = clean_name(draft.name)
    department_id = department_lookup.choose_and_lock(session, actor, draft.department)
    typed = parse_window(draft.window, account.zone(session), now)
    if typed.window.ends_at <= now:
        raise EndInPast(typed.window.ends_at)
    profile = add(session, actor, name, department_id, typed.window, parse_limit(draft.limit), now)
    return Created(card=card_of(session, actor, profile, now), repeated=typed.repeated)


def card(session: Session, actor_id: int, profile_id: int, now: datetime) -> Card:
    """Return the card of a profile that the acting user may read. Raises ProfileNotFound, whether it exists or not."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.readable(session, actor.scope, profile_id)
    if profile is None:
        raise ProfileNotFound(profile_id)
    return card_of(session, actor, profile, now)


def editable(session: Session, actor: Actor, profile_id: int) -> Profile:
    """Find a profile that the actor may edit. Raises ProfileReadOnly, ProfileNotFound."""
    profile = profiles.editable(session, actor.scope, profile_id)
    if profile is None:
        raise _not_editable(session, actor, profile_id)
    return profile


def find_for_update(session: Session, actor: Actor, profile_id: int) -> Profile:
    """Find and lock a profile that the actor may edit. Raises ProfileReadOnly, ProfileNotFound."""
    profile = profiles.find_for_update(session, actor.scope, profile_id)
    if profile is None:
        raise _not_editable(session, actor, profile_id)
    return profile


def add(
    session: Session,
    actor: Actor,
    name: str,
    department_id: int,
    window: Window,
    limit: int | None,
    now: datetime,
    draft_id: str | None = None,
) -> Profile:
    """Add a profile and its main link to a locked department. Rights are not checked here.

    Of the profiles of one draft only the first can be added: uq_profile_draft_id.
    """
    profile = Profile(
        name=name,
        name_key=search_key(name),
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        activation_limit=limit,
        created_by=actor.user_id,
        created_at=now,
        draft_id=draft_id,
    )
    session.add(profile)
    profiles.set_department(session, profile, department_id)
    session.add(Link(profile_id=profile.id, token=new_token()))
    _record_creation(session, profile, now)
    session.flush()
    return profile


def subject(profile: Profile) -> Subject:
    """Return the subject of an audit-log entry about a profile."""
    return Subject(number=profile.id, name=profile.name, department_id=profile.department_id)


def new_token() -> str:
    """Return a random token for a link: about 144 bits, 24 URL-safe characters, a letter or digit at both ends."""
    token = secrets.token_urlsafe(18)
    while not is_sound(token):
        token = secrets.token_urlsafe(18)
    return token


def card_of(session: Session, actor: Actor, profile: Profile, now: datetime) -> Card:
    """Return the card of a profile that the actor may read, with its roster. Rights to read it are not checked here."""
    expected = roster_counts.if_editable(session, actor, profile.id)
    [card] = _cards(session, actor, [profile], now, {profile.id} if expected else set())
    return replace(
        card,
        roster=expected.counts if expected else None,
        closed_by=closed_by(session, actor, profile) if expected and expected.is_closed else None,
        editors=None if expected else editors_of(session, actor, profile),
        steps=steps.of_few(session, progress.learners_of_profile(actor.scope, profile.id), profile.used, now),
    )


def closed_by(session: Session, actor: Actor, profile: Profile) -> ClosedBy | None:
    """Return whose rosters let in only their people by a profile, None if none do. Rights are not checked here."""
    return roster_doors.closed_by(session, actor, RosterOf(profile_id=profile.id), own=profile.only_expected)


def cards(session: Session, actor: Actor, found: Sequence[Profile], now: datetime) -> list[Card]:
    """Return the cards of profiles that the actor may read. Rights to read them are not checked here."""
    return _cards(
        session, actor, found, now, profiles.editable_among(session, actor.scope, [each.id for each in found])
    )


def _cards(
    session: Session, actor: Actor, found: Sequence[Profile], now: datetime, editable: Collection[int]
) -> list[Card]:
    row = account.public(session)
    organisation = organisation_of(row)
    paths = departments.paths(session, [profile.department_id for profile in found])
    links = _links(session, editable)
    kept = kept_places.by_profile(session, [profile.id for profile in found if profile.reserved])
    return [
        Card(
            profile_id=profile.id,
            name=profile.name,
            department=paths[profile.department_id],
            state=link_state(profiles.facts(profile, sign_up_enabled=row.sign_up_enabled), now),
            paused=profile.paused,
            window=profile.window,
            organisation=organisation,
            limit=profile.activation_limit,
            used=profile.used,
            reserved=profile.reserved,
            kept=kept.get(profile.id, 0),
            token=next((link.token for link, _ in links[profile.id] if not link.label), ""),
            shares=tuple(Share(label=link.label, token=link.token) for link, _ in links[profile.id] if link.label),
            is_rushed=any(_is_rushed(row.challenge, until, now) for _, until in links[profile.id]),
            editable=profile.id in editable,
            may_enable_sign_up=actor.may(Permission.MANAGE_ACCOUNT),
        )
        for profile in found
    ]


def _record_creation(session: Session, profile: Profile, now: datetime) -> None:
    path, window = departments.path(session, profile.department_id), profile.window
    limits = {"start": window.starts_at, "end": window.ends_at, "limit": profile.activation_limit}
    after = {"department": list(path), **limits}
    audit_log.record(session, profile.created_by, Action.PROFILE_CREATED, subject(profile), now, after=after)


def _not_editable(session: Session, actor: Actor, profile_id: int) -> Refusal:
    """Return the refusal to change a profile: whoever may read it is told where it belongs, as its card does."""
    profile = profiles.readable(session, actor.scope, profile_id)
    if profile is None:
        return ProfileNotFound(profile_id)
    return ProfileReadOnly(profile_id, profile.name, format_path(departments.path(session, profile.department_id)))


def _is_rushed(setting: str, until: datetime | None, now: datetime) -> bool:
    return setting == Challenge.AUTOMATIC and is_asked(setting, until, now)


def _links(session: Session, profile_ids: Iterable[int]) -> Mapping[int, Sequence[tuple[Link, datetime | None]]]:
    """Return the links of each profile, each with when the last rush through it is over; none of the other profiles."""
    by_profile: defaultdict[int, list[tuple[Link, datetime | None]]] = defaultdict(list)
    for link, rush_until in profile_links.links_and_rushes(session, profile_ids):
        by_profile[link.profile_id].append((link, rush_until))
    return by_profile
