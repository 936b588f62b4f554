"""Authorisation of the acting user, by their rights in the current transaction."""

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.errors import NotAllowed
from core.storage import actors


def authorise(session: Session, user_id: int, *permissions: Permission) -> Actor:
    """Return the acting user's rights. Raises NotAllowed if they have none of the permissions or aren't active."""
    actor = actors.find(session, user_id)
    if actor is None:
        raise NotAllowed
    actor.require(*permissions)
    return actor
