"""Who waits for approval: the list of them, and one of them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.errors import SignUpNotPending
from core.services import profiles as profile_services
from core.services.authorisation import authorise
from core.services.pending_sign_ups import editable
from core.storage import access_requests, account
from core.storage import pending_sign_ups as stored
from core.storage.tables import PendingSignUp, Profile, User

PAGE = 5


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A person who signed up at `since` and waits for approval until `expires_at` (both UTC)."""

    user_id: int
    name: str
    email: str | None
    profile_id: int
    profile_name: str
    since: datetime
    expires_at: datetime
    zone: ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A page of the people who wait, out of `total`; `newer_than` is the next page's `after`, None on the last page.

    `requests` is how many requests for access at closed links are open besides.
    """

    waiting: tuple[Waiting, ...]
    total: int
    newer_than: int | None
    requests: int = 0


def waiting(session: Session, actor_id: int, user_id: int, now: datetime) -> Waiting:
    """Return a person who waits for approval. Rights as for `approve`; raises SignUpNotPending, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    found = session.get(PendingSignUp, user_id)
    if found is None or found.code_hash is not None or found.expires_at <= now:
        raise SignUpNotPending
    profile = editable(session, actor, found.profile_id)
    return _card(found, session.get_one(User, user_id), profile, account.zone(session))


def listing(
    session: Session, actor_id: int, words: str, now: datetime, *, after: int = 0, profile_id: int | None = None
) -> Listing:
    """List the people whom the acting user may approve, the longest waiting first, with user numbers above `after`.

    Each word must be in the name, e-mail address, login or profile name; `profile_id` limits the list to one profile.
    Rights as for `approve`; raises ProfileNotFound, ProfileReadOnly.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    if profile_id is not None:
        profile_services.editable(session, actor, profile_id)
    rows = stored.awaiting_approval(session, actor.scope, words, now, profile_id=profile_id, after=after, size=PAGE + 1)
    zone = account.zone(session)
    found = tuple(_card(kept, user, profile, zone) for kept, user, profile in rows[:PAGE])
    return Listing(
        waiting=found,
        total=stored.count_awaiting_approval(session, actor.scope, words, now, profile_id=profile_id),
        newer_than=found[-1].user_id if len(rows) > PAGE else None,
        requests=access_requests.count_open_in(session, actor.scope, now),
    )


def _card(kept: PendingSignUp, user: User, profile: Profile, zone: ZoneInfo) -> Waiting:
    return Waiting(
        user_id=user.id,
        name=user.full_name,
        email=user.email,
        profile_id=profile.id,
        profile_name=profile.name,
        since=kept.created_at,
        expires_at=kept.expires_at,
        zone=zone,
    )
