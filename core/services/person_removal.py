"""Removal of a person after a question that named all that ends with them."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.fingerprint import refuse_if_outdated
from core.errors import UserNotFound
from core.services import people, person_details
from core.services.authorisation import authorise
from core.storage import people as stored
from core.storage import seats


def remove(session: Session, actor_id: int, user_id: int, now: datetime, *, seen: str | None = None) -> str:
    """Delete a user as `people.delete` does, unless anything that the question named has changed; return the name.

    Raises what `people.delete` raises, and PreviewOutdated.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    seats.lock(session)  # before the user's lock, as everywhere
    if stored.visible(session, actor.scope, user_id, to_change=True) is None:  # locked, so that nothing changes now
        raise UserNotFound(str(user_id))
    refuse_if_outdated(seen, person_details.show(session, actor_id, user_id, now).seen)
    return people.delete(session, actor_id, user_id, now)
