"""Sign-up profiles: made, shown, paused, removed."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.links import LinkState, link_state
from core.domain.naming import clean_name
from core.domain.windows import Window, parse_window
from core.errors import EndInPast, LimitNotUnderstood, ProfileNotFound
from core.services import departments as department_services
from core.services.people import acting
from core.storage import account, departments, profiles
from core.storage.tables import Profile

HIGHEST_LIMIT = 1_000_000
PAGE = 10


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A profile as typed: everything is text, read in the account's zone."""

    name: str
    department: str
    window: str
    limit: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """A profile as people see it. `limit` None is unlimited; moments are UTC, to be shown in `zone`."""

    profile_id: int
    name: str
    department: tuple[str, ...]
    state: LinkState
    window: Window
    zone: ZoneInfo
    limit: int | None
    used: int
    token: str
    may_enable_sign_up: bool


@dataclass(frozen=True, kw_only=True)
class Created:
    """A new profile's card, and the typed wall-clock times that occur twice (the first was taken)."""

    card: Card
    repeated: tuple[datetime, ...]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page of profiles out of `total`."""

    cards: tuple[Card, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


def create(session: Session, actor_id: int, draft: Draft, now: datetime) -> Created:
    """Make a profile with a link of its own.

    Needs the permission to manage sign-up profiles, and the department within reach. Raises InvalidName,
    DepartmentNotFound, LimitNotUnderstood, EndInPast and what reading a window raises.
    """
    actor = acting(session, actor_id, Permission.MANAGE_PROFILES)
    name = clean_name(draft.name)
    department_id = department_services.find(session, actor, draft.department)
    typed = parse_window(draft.window, account.zone(session), now)
    if typed.window.ends_at <= now:
        raise EndInPast(typed.window.ends_at)
    profile = Profile(
        name=name,
        name_key=name.casefold(),
        department_id=department_id,
        starts_at=typed.window.starts_at,
        ends_at=typed.window.ends_at,
        activation_limit=parse_limit(draft.limit),
        used=0,
        token=secrets.token_urlsafe(18),
        paused=False,
        created_by=actor_id,
        created_at=now,
    )
    session.add(profile)
    session.flush()
    return Created(card=_cards(session, actor, [profile], now)[0], repeated=typed.repeated)


def card(session: Session, actor_id: int, profile_id: int, now: datetime) -> Card:
    """Show a profile within the acting user's reach; ProfileNotFound otherwise, whether it exists or not."""
    actor = acting(session, actor_id, Permission.MANAGE_PROFILES)
    return _cards(session, actor, [_visible(session, actor, profile_id)], now)[0]


def listing(session: Session, actor_id: int, words: str, page: int, now: datetime) -> Listing:
    """List the profiles within reach whose names contain every word, newest first; the nearest page that there is."""
    actor = acting(session, actor_id, Permission.MANAGE_PROFILES)
    total = profiles.count(session, actor.scope, words)
    page = max(0, min(page, (total - 1) // PAGE))
    found = profiles.page(session, actor.scope, words, offset=page * PAGE, size=PAGE)
    return Listing(cards=tuple(_cards(session, actor, found, now)), total=total, page=page)


def pause(session: Session, actor_id: int, profile_id: int, now: datetime, *, paused: bool) -> Card:
    """Pause a profile or resume it; doing so twice is no mistake. Raises ProfileNotFound."""
    actor = acting(session, actor_id, Permission.MANAGE_PROFILES)
    profile = _visible(session, actor, profile_id, to_change=True)
    profile.paused = paused
    return _cards(session, actor, [profile], now)[0]


def remove(session: Session, actor_id: int, profile_id: int, now: datetime) -> str:
    """Remove a profile; its link says so from now on, its learners stay. Gives its name; raises ProfileNotFound."""
    actor = acting(session, actor_id, Permission.MANAGE_PROFILES)
    profile = _visible(session, actor, profile_id, to_change=True)
    profile.removed_at = now
    return profile.name


def parse_limit(text: str) -> int | None:
    """Read an activation limit: a whole number from 1 to 1,000,000, or `unlimited`; or LimitNotUnderstood."""
    text = text.strip()
    if text.casefold() == "unlimited":
        return None
    if text.isascii() and text.isdigit() and len(text) <= len(str(HIGHEST_LIMIT)) and 1 <= int(text) <= HIGHEST_LIMIT:
        return int(text)
    raise LimitNotUnderstood(text, HIGHEST_LIMIT)


def _visible(session: Session, actor: Actor, profile_id: int, *, to_change: bool = False) -> Profile:
    profile = profiles.visible(session, actor.scope, profile_id, to_change=to_change)
    if profile is None:
        raise ProfileNotFound(profile_id)
    return profile


def _cards(session: Session, actor: Actor, found: list[Profile], now: datetime) -> list[Card]:
    row = account.load(session)
    paths = departments.paths(session, [profile.department_id for profile in found])
    return [
        Card(
            profile_id=profile.id,
            name=profile.name,
            department=paths[profile.department_id],
            state=link_state(profiles.facts(profile, sign_up_enabled=row.sign_up_enabled), now),
            window=Window(starts_at=profile.starts_at, ends_at=profile.ends_at),
            zone=ZoneInfo(row.zone),
            limit=profile.activation_limit,
            used=profile.used,
            token=profile.token,
            may_enable_sign_up=Permission.MANAGE_ACCOUNT in actor.permissions,
        )
        for profile in found
    ]
