"""Removal of custom roles, and what goes with them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.errors import RoleInUse, RoleNotFound
from core.services import audit_log, roles
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.storage import people
from core.storage import roles as stored
from core.storage.database import refusing
from core.storage.tables import CustomRole


@dataclass(frozen=True, kw_only=True)
class RoleRemoval:
    """A role that is removed, and the number of the open invitations to it, which are withdrawn.

    `seen` is its fingerprint, which differs if other invitations would be withdrawn.
    """

    role_id: int
    name: str
    invitations: int
    seen: str


def preview(session: Session, actor_id: int, name: str, now: datetime) -> RoleRemoval:
    """Return what the removal of a role would take. Raises whatever `remove` raises."""
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    role = roles.find_own(session, name)
    _require_unused(session, role)
    return _removal(session, role, now)


def remove(session: Session, actor_id: int, address: str | int, now: datetime, *, seen: str | None = None) -> str:
    """Remove a role that no user has, by its name or number, and the invitations to it; return its name.

    Raises RoleNotFound, RoleBuiltIn, RoleInUse, and PreviewOutdated if the removal would take anything else than was
    `seen`.
    """
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    role = _find_for_update(session, address)
    _require_unused(session, role)
    refuse_if_outdated(seen, _removal(session, role, now).seen)
    subject = roles.subject(role)
    with refusing(session, fk_user_account_custom_role_id=RoleInUse(role.name, 1)):  # it was assigned since the count
        session.delete(role)
    audit_log.record(session, actor_id, Action.ROLE_REMOVED, subject, now)
    return subject.name


def _find_for_update(session: Session, address: str | int) -> CustomRole:
    if isinstance(address, str):
        return roles.find_for_update(session, address)
    found = stored.lock(session, address)
    if found is None:
        gone = f"#{address}"
        raise RoleNotFound(gone, ())
    return found


def _require_unused(session: Session, role: CustomRole) -> None:
    if holders := people.count_holders(session, role.id):
        raise RoleInUse(role.name, holders)


def _removal(session: Session, role: CustomRole, now: datetime) -> RoleRemoval:
    invitations = [each.id for each in stored.open_invitations(session, now) if each.custom_role_id == role.id]
    return RoleRemoval(
        role_id=role.id, name=role.name, invitations=len(invitations), seen=fingerprint(role.name, invitations)
    )
