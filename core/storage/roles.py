"""Queries on custom roles and invitations."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from core.domain.access import STAFF_ROLES, UserState
from core.domain.text import key
from core.storage.tables import CustomRole, Department, Invitation, InvitedDepartment, User


def all_roles(session: Session) -> list[CustomRole]:
    """List the custom roles, sorted by name."""
    return list(session.scalars(select(CustomRole).order_by(CustomRole.name_key)))


def by_name(session: Session, name: str) -> CustomRole | None:
    """Find a custom role by its name, ignoring case and spacing."""
    return session.scalars(select(CustomRole).where(CustomRole.name_key == key(name))).one_or_none()


def lock(session: Session, role_id: int) -> CustomRole | None:
    """Lock and return a custom role; None if it has been removed meanwhile."""
    query = select(CustomRole).where(CustomRole.id == role_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def staff(session: Session) -> list[User]:
    """List the users with a staff role, deleted ones excluded."""
    query = select(User).where(User.role.in_(STAFF_ROLES), User.state != UserState.DELETED)
    return list(session.scalars(query.order_by(User.id)))


def lock_users(session: Session, ids: Iterable[int]) -> list[User]:
    """Lock and return users, always in the order of their numbers, against deadlocks."""
    query = select(User).where(User.id.in_(set(ids))).order_by(User.id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


def use_invitation(session: Session, code_hash: str, now: datetime) -> Invitation | None:
    """Mark an invitation as used; None if it is unknown, used or expired. Of concurrent calls one succeeds."""
    used = (
        update(Invitation)
        .where(Invitation.code_hash == code_hash, Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(used_at=now)
        .returning(Invitation)
        .execution_options(populate_existing=True)
    )
    return session.scalars(used).one_or_none()


def is_open(session: Session, code_hash: str, now: datetime) -> bool:
    """Return whether an invitation's code can still be used."""
    query = select(Invitation.id).where(
        Invitation.code_hash == code_hash, Invitation.used_at.is_(None), Invitation.expires_at > now
    )
    return session.scalars(query).one_or_none() is not None


def open_invitations(session: Session, now: datetime) -> list[Invitation]:
    """List the invitations that can still be used, newest first."""
    query = select(Invitation).where(Invitation.used_at.is_(None), Invitation.expires_at > now)
    return list(session.scalars(query.order_by(Invitation.id.desc())))


def lock_invitation(session: Session, invitation_id: int, now: datetime) -> Invitation | None:
    """Find an invitation that can still be used, and lock it."""
    query = select(Invitation).where(
        Invitation.id == invitation_id, Invitation.used_at.is_(None), Invitation.expires_at > now
    )
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def end_invitations(session: Session, user_id: int, now: datetime) -> None:
    """End the open invitations that a user made, and those that would connect them to the chat."""
    of_user = or_(Invitation.created_by == user_id, Invitation.user_id == user_id)
    unused = Invitation.used_at.is_(None), Invitation.expires_at > now
    session.execute(update(Invitation).where(of_user, *unused).values(expires_at=now))


def invited_to(session: Session, invitation_id: int) -> list[int]:
    """Return the numbers of the departments that the invitee will manage, without removed ones."""
    query = (
        select(InvitedDepartment.department_id)
        .join(Department, Department.id == InvitedDepartment.department_id)
        .where(InvitedDepartment.invitation_id == invitation_id, Department.removed_at.is_(None))
    )
    return list(session.scalars(query.order_by(InvitedDepartment.department_id)))
