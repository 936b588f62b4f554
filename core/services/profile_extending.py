"""More time and more places for a profile, at once and with an undo: what a card's buttons do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.places import HIGHEST_LIMIT
from core.domain.profile_answers import Span, end_after
from core.errors import LimitNotUnderstood, NothingToUndo, PreviewOutdated
from core.services import profile_changes, profile_editing, profiles
from core.services.authorisation import authorise
from core.services.profile_changes import EditedField, Settled
from core.services.profiles import Card
from core.storage import account
from core.storage.tables import Profile

WEEK = Span(weeks=1)
PLACES = 10
UNDO = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Extended:
    """A profile's card after it got more, and what takes that back."""

    card: Card
    undo: Settled


def add_week(session: Session, actor_id: int, profile_id: int, now: datetime, *, ends_at: int) -> Extended:
    """Let a profile end a week later, a full day; one that has ended is open for a week from now.

    `ends_at` is the end that the acting user saw (see `Settled`), so that a second tap adds nothing. Raises
    ProfileNotFound, ProfileReadOnly, PreviewOutdated.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.find_for_update(session, actor, profile_id)
    if profile_changes.as_seconds(profile.ends_at) != ends_at:
        raise PreviewOutdated
    later = end_after(max(profile.ends_at, now), account.zone(session), WEEK)
    return _changed(session, actor_id, profile, EditedField.END, profile_changes.as_seconds(later), now)


def add_places(session: Session, actor_id: int, profile_id: int, now: datetime, *, limit: int) -> Extended:
    """Let ten more people sign up through a profile, which may be full.

    `limit` is the one that the acting user saw, so that a second tap adds nothing. Raises ProfileNotFound,
    ProfileReadOnly, PreviewOutdated, LimitNotUnderstood.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.find_for_update(session, actor, profile_id)
    if profile.activation_limit != limit:
        raise PreviewOutdated
    if limit + PLACES > HIGHEST_LIMIT:
        raise LimitNotUnderstood(str(limit + PLACES), HIGHEST_LIMIT)
    return _changed(session, actor_id, profile, EditedField.LIMIT, limit + PLACES, now)


def undo(session: Session, actor_id: int, profile_id: int, settled: Settled, now: datetime, *, at: datetime) -> Card:
    """Take back what was given at a moment, less than UNDO ago, if nothing has changed since.

    Raises NothingToUndo, and whatever `profile_editing.save` raises.
    """
    authorise(session, actor_id, Permission.MANAGE_PROFILES)
    if now - at > UNDO:
        raise NothingToUndo(int(UNDO.total_seconds()))
    return profile_editing.save(session, actor_id, profile_id, settled, now)


def _changed(
    session: Session, actor_id: int, profile: Profile, field: EditedField, value: int, now: datetime
) -> Extended:
    """Change an end or a limit, and prepare the change that takes it back."""
    before = profile_changes.value_of(profile, field)
    wanted = profile_editing.settled(session, actor_id, profile.id, field, value, now)
    card = profile_editing.save(session, actor_id, profile.id, wanted, now)
    return Extended(card=card, undo=profile_editing.settled(session, actor_id, profile.id, field, before, now))
