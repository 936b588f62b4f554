"""People: who is acting, and who they are."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.domain.access import ROLE_PERMISSIONS, Actor, Permission, Role
from core.errors import NotAllowed
from core.storage import users


@dataclass(frozen=True, kw_only=True)
class Person:
    """A user as the chat needs them; what they may do decides what is offered, never what is allowed."""

    user_id: int
    first_name: str
    role: Role
    permissions: frozenset[Permission]
    language: str


def acting(session: Session, actor_id: int, permission: Permission) -> Actor:
    """Load the acting user's rights as they are in this transaction; NotAllowed without the permission."""
    actor = users.actor(session, actor_id)
    if actor is None:
        raise NotAllowed
    actor.require(permission)
    return actor


def by_telegram_id(session: Session, telegram_id: int) -> Person | None:
    """Find who a Telegram account belongs to; None for strangers and the inactive."""
    user = users.by_telegram_id(session, telegram_id)
    if user is None:
        return None
    return Person(
        user_id=user.id,
        first_name=user.first_name,
        role=Role(user.role),
        permissions=ROLE_PERMISSIONS[Role(user.role)],
        language=user.language,
    )


def remember_language(session: Session, user_id: int, language: str) -> None:
    """Keep the language that a person's Telegram is in, for messages that nobody asked for."""
    users.set_language(session, user_id, language)
