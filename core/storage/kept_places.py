"""Places that are kept for granted requests for access: a part of what a profile has reserved."""

from collections.abc import Collection

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from core.domain.access_requests import RequestState
from core.storage.tables import AccessRequest, Profile


def kept_places() -> ScalarSelect[int]:
    """Return the SQL expression of how many places are kept for the granted requests of a profile."""
    kept = AccessRequest.profile_id == Profile.id, AccessRequest.state == RequestState.GRANTED
    return select(func.count()).select_from(AccessRequest).where(*kept).correlate(Profile).scalar_subquery()


def by_profile(session: Session, profile_ids: Collection[int]) -> dict[int, int]:
    """Count the places that are kept for the granted requests of profiles; one that keeps none is left out."""
    if not profile_ids:
        return {}
    kept = AccessRequest.profile_id.in_(profile_ids), AccessRequest.state == RequestState.GRANTED
    query = select(AccessRequest.profile_id, func.count()).where(*kept).group_by(AccessRequest.profile_id)
    return dict(iter(session.execute(query)))


def count(session: Session, profile_id: int) -> int:
    """Count the places that are kept for the granted requests of a profile."""
    return session.scalars(select(kept_places()).where(Profile.id == profile_id)).one()
