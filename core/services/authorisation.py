"""Whose rights count: the acting user's, as they are in this very transaction."""

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.errors import NotAllowed
from core.storage import people


def authorise(session: Session, user_id: int, *permissions: Permission) -> Actor:
    """Load the acting user's rights; NotAllowed where they have none of the permissions (within their reach)."""
    actor = people.actor(session, user_id)
    if actor is None:
        raise NotAllowed
    actor.require(*permissions)
    return actor
