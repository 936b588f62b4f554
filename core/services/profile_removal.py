"""Removal of sign-up profiles, one or several, and its undo within a minute."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.errors import NothingToUndo
from core.services import audit_log, pending_sign_ups
from core.services import profiles as profile_services
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.storage import departments, profiles
from core.storage.tables import Profile

UNDO = timedelta(minutes=1)
SECONDS = int(UNDO.total_seconds())


def names(session: Session, actor_id: int, profile_ids: Sequence[int]) -> tuple[str, ...]:
    """Return the names of profiles, for the confirmation.

    Raises ProfileNotFound or ProfileReadOnly for the first that is not editable.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    return tuple(profile_services.editable(session, actor, number).name for number in sorted(set(profile_ids)))


def remove(session: Session, actor_id: int, profile_ids: Sequence[int], now: datetime) -> tuple[str, ...]:
    """Remove profiles, all or none, and return their names; their links say so from now on, their learners stay.

    Raises ProfileNotFound or ProfileReadOnly for the first that is not editable.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    locked = [
        profile_services.find_for_update(session, actor, number) for number in sorted(set(profile_ids))
    ]  # sorted, so that concurrent removals lock in the same order
    for profile in locked:
        remove_locked(session, actor_id, profile, now)
    return tuple(profile.name for profile in locked)


def undo(session: Session, actor_id: int, profile_ids: Sequence[int], now: datetime) -> tuple[str, ...]:
    """Restore profiles that the acting user removed within the last minute, all or none; return their names.

    Pending sign-ups are not restored: their places stay free. Raises NothingToUndo.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    locked = [_removed_by(session, actor, number, now) for number in sorted(set(profile_ids))]
    for profile in locked:
        profile.removed_at = profile.removed_by = None
        audit_log.record(session, actor_id, Action.PROFILE_RESTORED, _subject(profile), now)
    return tuple(profile.name for profile in locked)


def remove_locked(session: Session, by_id: int, profile: Profile, now: datetime) -> None:
    """Remove a profile, which must be locked, on its own or with its department. Rights are not checked here."""
    pending_sign_ups.release_all(session, profile, now, by=by_id)
    profile.removed_at, profile.removed_by = now, by_id
    audit_log.record(session, by_id, Action.PROFILE_REMOVED, _subject(profile), now)


def _removed_by(session: Session, actor: Actor, profile_id: int, now: datetime) -> Profile:
    """Lock the department, then the profile: the same order as the removal of a department."""
    found = session.get(Profile, profile_id)
    in_scope = found and departments.within_scope(session, actor.scope, [found.department_id])
    if not found or not in_scope or not departments.lock(session, found.department_id):
        raise NothingToUndo(SECONDS)
    profile = profiles.lock(session, profile_id)
    in_time = profile.removed_at is not None and now - profile.removed_at <= UNDO
    if not in_time or profile.removed_by != actor.user_id:
        raise NothingToUndo(SECONDS)
    return profile


def _subject(profile: Profile) -> Subject:
    return Subject(number=profile.id, name=profile.name, department_id=profile.department_id)
