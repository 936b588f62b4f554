"""Who may change a member of staff: only somebody with all of that person's permissions."""

from sqlalchemy.orm import Session

from core.domain.access import STAFF_ROLES, Actor, Permission, Role, UserState, permissions_of
from core.errors import NotAllowed
from core.storage.tables import CustomRole, User


def may_change(session: Session, actor: Actor, user: User) -> bool:
    """Return whether the actor may change a user within scope; only for what is offered, use cases check again."""
    if user.role not in STAFF_ROLES or user.id == actor.user_id:
        return True
    try:
        require_outranks(session, actor, user)
    except NotAllowed:
        return False
    return True


def may_enter(user: User) -> bool:
    """Return whether a user is active staff without a Telegram account, so that they can be invited to the chat."""
    return user.role in STAFF_ROLES and user.state == UserState.ACTIVE and user.telegram_id is None


def require_outranks(session: Session, actor: Actor, user: User) -> None:
    """Raise NotAllowed unless the actor manages roles (account-wide) and has all the permissions of the user."""
    actor.require(Permission.MANAGE_ROLES)
    if user.role == Role.OWNER and actor.role is not Role.OWNER:
        raise NotAllowed
    custom = session.get(CustomRole, user.custom_role_id) if user.custom_role_id else None
    actor.require_all(permissions_of(Role(user.role), custom.permissions if custom else ()))
