"""The transfer of the ownership, by the owner."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission, Role, UserState
from core.domain.outbox import Kind
from core.errors import (
    NoHeir,
    NotAllowed,
    UserNotFound,
)
from core.services import audit_log, outbox, people
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.storage import people as stored
from core.storage import roles
from core.storage.tables import User


def heirs(session: Session, actor_id: int) -> list[people.Card]:
    """Return the cards of those who can become the owner. Raises NotAllowed for anyone but the owner."""
    actor = authorise(session, actor_id, Permission.MANAGE_ROLES)
    if actor.role is not Role.OWNER:
        raise NotAllowed
    return people.cards(session, actor, [user for user in roles.staff(session) if _is_eligible(user)])


def new_owner(session: Session, actor_id: int, user_id: int) -> people.Card:
    """Return the card of the new owner, for the confirmation. Raises whatever `transfer` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_ROLES)
    user = stored.visible(session, actor.scope, user_id)
    if actor.role is not Role.OWNER:
        raise NotAllowed
    if user is None:
        raise UserNotFound(str(user_id))
    _require_eligible(user)
    return people.cards(session, actor, [user])[0]


def transfer(session: Session, actor_id: int, user_id: int, now: datetime) -> None:
    """Make an active account administrator the owner, and the acting owner an account administrator.

    Raises NotAllowed for anyone but the owner, UserNotFound, NoHeir.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_ROLES)
    if actor.role is not Role.OWNER:
        raise NotAllowed
    locked = {user.id: user for user in roles.lock_users(session, {actor_id, user_id})}
    new_owner = locked.get(user_id)
    if new_owner is None:
        raise UserNotFound(str(user_id))
    _require_eligible(new_owner)
    if locked[actor_id].role != Role.OWNER:  # a concurrent transfer was faster
        raise NotAllowed
    locked[actor_id].role = Role.ADMINISTRATOR
    session.flush()  # first, because uq_user_account_owner forbids a second owner even within the transaction
    new_owner.role = Role.OWNER
    audit_log.record(session, actor_id, Action.OWNERSHIP_TRANSFERRED, audit_log.of_user(new_owner), now)
    outbox.notify(session, user_id, Kind.RIGHTS_CHANGED, actor_id, now)


def _is_eligible(user: User) -> bool:
    """Return whether the user is an active account administrator with a Telegram account."""
    return user.role == Role.ADMINISTRATOR and user.state == UserState.ACTIVE and user.telegram_id is not None


def _require_eligible(user: User) -> None:
    if not _is_eligible(user):
        raise NoHeir(user.full_name)
