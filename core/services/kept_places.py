"""Places that are kept for people whose requests for access were granted: the code of their status page takes one."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.hashes import hash_of
from core.storage import access_requests, profiles, seats


def is_kept(session: Session, code: str, profile_id: int, now: datetime) -> bool:
    """Return whether a code keeps a place of a profile. Changes nothing."""
    return access_requests.kept_by(session, hash_of(code), profile_id, now) is not None


def give_up(session: Session, code: str, profile_id: int, email: str, now: datetime) -> bool:
    """Free the place that a code keeps, for the sign-up that takes it in the same transaction; False if it keeps none.

    `email` is that of the sign-up. The profile stays locked until then, so that nobody else gets the place. What the
    person entered is erased.
    """
    request_id = access_requests.kept_by(session, hash_of(code), profile_id, now, email=email)
    if request_id is None:
        return False
    seats.lock(session)  # its lock comes before the profile's
    profiles.lock(session, profile_id)
    if not access_requests.use(session, request_id, profile_id, now):
        return False
    profiles.add_to_counters(session, profile_id, reserved=-1)
    return True
