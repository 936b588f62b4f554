"""Removal of sign-up profiles, one or several, and its undo within a minute."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.errors import NothingToUndo, ProfileNotFound
from core.services import audit_log, pending_sign_ups
from core.services import profiles as profile_services
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.services.pending_sign_ups import PROFILE_REMOVED, UNDO_TIME
from core.storage import departments, ledger, profile_links, profiles
from core.storage import pending_sign_ups as stored
from core.storage.tables import Profile, User

SECONDS = int(UNDO_TIME.total_seconds())
SEEN = 4  # characters of the fingerprint, 24 bits: it has to fit into a button's 64 bytes beside ten numbers


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What goes with a profile: the number of its links, and the people who wait.

    `waiting` are the names of those who wait for approval, `unnamed` is the number of the others, who haven't confirmed
    their e-mail address.
    """

    profile_id: int
    name: str
    links: int
    waiting: tuple[str, ...]
    unnamed: int


@dataclass(frozen=True, kw_only=True)
class RemovalPreview:
    """What a removal would take; `seen` is its fingerprint, which differs if it would take anything else."""

    removals: tuple[Removal, ...]
    seen: str


@dataclass(frozen=True, kw_only=True)
class Removed:
    """A profile that was removed: when (UTC), and by whom; `by` is empty if that account is deleted."""

    name: str
    by: str
    at: datetime


def removed(session: Session, actor_id: int, profile_id: int) -> Removed:
    """Return what became of a removed profile that the acting user could read. Raises ProfileNotFound."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    known = profiles.is_known(session, actor.scope, profile_id)
    profile = session.get(Profile, profile_id) if known else None
    if profile is None or profile.removed_at is None:
        raise ProfileNotFound(profile_id)
    by = session.get(User, profile.removed_by) if profile.removed_by else None
    return Removed(name=profile.name, by=by.full_name if by else "", at=profile.removed_at)


def preview(session: Session, actor_id: int, profile_ids: Sequence[int]) -> RemovalPreview:
    """Return what the removal of profiles would take, for the confirmation.

    Raises ProfileNotFound or ProfileReadOnly for the first that is not editable.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    found = [profile_services.editable(session, actor, number) for number in sorted(set(profile_ids))]
    return described(session, found)


def remove(
    session: Session, actor_id: int, profile_ids: Sequence[int], now: datetime, *, seen: str | None = None
) -> tuple[str, ...]:
    """Remove profiles, all or none, and return their names; their links say so from now on, their learners stay.

    People who wait are kept until the removal can no longer be undone; until then nobody can answer them. Raises
    ProfileNotFound or ProfileReadOnly for the first that is not editable, and PreviewOutdated if the removal would
    take anything else than was `seen`.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    locked = [
        profile_services.find_for_update(session, actor, number) for number in sorted(set(profile_ids))
    ]  # sorted, so that concurrent removals lock in the same order
    refuse_if_outdated(seen, described(session, locked).seen)
    for profile in locked:
        remove_locked(session, actor_id, profile, now)
    return tuple(profile.name for profile in locked)


def undo(session: Session, actor_id: int, profile_ids: Sequence[int], now: datetime) -> tuple[str, ...]:
    """Restore profiles that the acting user removed within the last minute, with all who waited; return their names.

    All or none. Raises NothingToUndo.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    locked = [_removed_by(session, actor, number, now) for number in sorted(set(profile_ids))]
    for profile in locked:
        profile.removed_at = profile.removed_by = None
        audit_log.record(session, actor_id, Action.PROFILE_RESTORED, _subject(profile), now)
    return tuple(profile.name for profile in locked)


def described(session: Session, found: Sequence[Profile]) -> RemovalPreview:
    """Return what the removal of these profiles would take. Rights are not checked here."""
    numbers = [profile.id for profile in found]
    touched, links = stored.touched(session, numbers), profile_links.links(session, numbers)
    removals = tuple(
        Removal(
            profile_id=profile.id,
            name=profile.name,
            links=sum(link.profile_id == profile.id for link in links),
            waiting=tuple(each.name for each in touched if each.profile_id == profile.id and each.confirmed),
            unnamed=sum(each.profile_id == profile.id and not each.confirmed for each in touched),
        )
        for profile in found
    )
    return RemovalPreview(removals=removals, seen=fingerprint(removals, [each.user_id for each in touched])[:SEEN])


def remove_locked(session: Session, by_id: int, profile: Profile, now: datetime) -> None:
    """Remove a profile, which must be locked. Rights are not checked here, and people who wait are kept."""
    profile.removed_at, profile.removed_by = now, by_id
    audit_log.record(session, by_id, Action.PROFILE_REMOVED, _subject(profile), now)


def remove_for_good(session: Session, by_id: int, profile: Profile, now: datetime) -> None:
    """Remove a profile, which must be locked, with its department, which can't be undone. Rights are not checked."""
    pending_sign_ups.release_all(session, profile, now, by=by_id)
    remove_locked(session, by_id, profile, now)


def release_removed(session: Session, by_id: int, department_ids: Iterable[int], now: datetime) -> None:
    """End the sign-ups that are kept for an undo in departments that are removed, which makes the undo impossible."""
    for number in stored.of_removed_profiles(session, department_ids):
        pending_sign_ups.release_all(session, profiles.lock(session, number), now, by=by_id)


def _removed_by(session: Session, actor: Actor, profile_id: int, now: datetime) -> Profile:
    """Lock the department, then the profile: the same order as the removal of a department.

    If anybody who waited has been released already, nothing is restored rather than a part.
    """
    found = session.get(Profile, profile_id)
    in_scope = found and departments.within_scope(session, actor.scope, [found.department_id])
    if not found or not in_scope or not departments.lock(session, found.department_id):
        raise NothingToUndo(SECONDS)
    profile = profiles.lock(session, profile_id)
    if profile.removed_at is None or now - profile.removed_at > UNDO_TIME or profile.removed_by != actor.user_id:
        raise NothingToUndo(SECONDS)
    if ledger.any_released(session, profile.id, PROFILE_REMOVED, profile.removed_at):
        raise NothingToUndo(SECONDS)
    return profile


def _subject(profile: Profile) -> Subject:
    return Subject(number=profile.id, name=profile.name, department_id=profile.department_id)
