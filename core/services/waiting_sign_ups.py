"""Who holds a place without an account yet, for an approval or a confirmation: the list of them, and one of them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.errors import SignUpNotPending
from core.services import pending_sign_ups
from core.services import profiles as profile_services
from core.services.authorisation import authorise
from core.services.pending_sign_ups import Awaits, awaits, editable, waits_for
from core.storage import access_requests, account
from core.storage import pending_sign_ups as stored
from core.storage.tables import PendingSignUp, Profile, User

PAGE = 5


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A person who signed up at `since` and waits until `expires_at` (both UTC), for what `awaits` says."""

    user_id: int
    name: str
    email: str | None
    profile_id: int
    profile_name: str
    since: datetime
    expires_at: datetime
    zone: ZoneInfo
    awaits: Awaits = Awaits.APPROVAL

    @property
    def mark(self) -> str:
        """What a button that approves the person carries."""
        return pending_sign_ups.mark(self.email)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A page of the people who wait; `newer_than` is the next page's `after`, None on the last page.

    `total` of them can be approved, and `unconfirmed` have yet to confirm their address.
    `requests` is how many requests for access at closed links are open besides.
    """

    waiting: tuple[Waiting, ...]
    total: int
    newer_than: int | None
    unconfirmed: int = 0
    requests: int = 0


def waiting(session: Session, actor_id: int, user_id: int, now: datetime) -> Waiting:
    """Return a person who waits for approval. Rights as for `approve`; raises SignUpNotPending, ProfileReadOnly."""
    return _one(session, actor_id, user_id, Awaits.APPROVAL, now)


def unconfirmed(session: Session, actor_id: int, user_id: int, now: datetime) -> Waiting:
    """Return a person who has yet to confirm their address, as `waiting` does."""
    return _one(session, actor_id, user_id, Awaits.CONFIRMATION, now)


def _one(session: Session, actor_id: int, user_id: int, what_for: Awaits, now: datetime) -> Waiting:
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    found = session.get(PendingSignUp, user_id)
    if found is None or not waits_for(found, what_for, now):
        raise SignUpNotPending
    profile = editable(session, actor, found.profile_id)
    return _card(found, session.get_one(User, user_id), profile, account.zone(session))


def listing(
    session: Session, actor_id: int, words: str, now: datetime, *, after: int = 0, profile_id: int | None = None
) -> Listing:
    """List the people whom the acting user may approve, the longest waiting first, with user numbers above `after`.

    Those who have yet to confirm their address are among them. Each word must be in the name, e-mail address, login or
    profile name; `profile_id` limits the list to one profile. Rights as for `approve`; raises ProfileNotFound,
    ProfileReadOnly.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    if profile_id is not None:
        profile_services.editable(session, actor, profile_id)
    rows = stored.holding_places(session, actor.scope, words, now, profile_id=profile_id, after=after, size=PAGE + 1)
    total, unconfirmed = stored.count_holding_places(session, actor.scope, words, now, profile_id=profile_id)
    zone = account.zone(session)
    found = tuple(_card(kept, user, profile, zone) for kept, user, profile in rows[:PAGE])
    return Listing(
        waiting=found,
        total=total,
        newer_than=found[-1].user_id if len(rows) > PAGE else None,
        unconfirmed=unconfirmed,
        requests=access_requests.count_open_in(session, actor.scope, now),
    )


def _card(kept: PendingSignUp, user: User, profile: Profile, zone: ZoneInfo) -> Waiting:
    return Waiting(
        user_id=user.id,
        name=user.full_name,
        email=kept.email if kept.code_hash else user.email,
        profile_id=profile.id,
        profile_name=profile.name,
        since=kept.created_at,
        expires_at=kept.expires_at,
        zone=zone,
        awaits=awaits(kept),
    )
