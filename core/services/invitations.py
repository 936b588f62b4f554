"""Invitations: one-time links that make their openers members of staff."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import MANAGING_ROLES, Actor, Permission, Role, UserState, permissions_of
from core.errors import InvalidInvitation, InvitationGivesNothing, SeatsTaken
from core.services import audit, roles, seats
from core.services.account import Claimant, add_claimant
from core.services.audit import Action, Subject
from core.services.rights import acting
from core.services.roles import Grant
from core.storage import account, departments, users
from core.storage import roles as stored
from core.storage.tables import CustomRole, Invitation, InvitedDepartment, User

LIFETIME = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Invited:
    """A new invitation: its code, which is shown this once, and until when (UTC) it is good."""

    invitation_id: int
    code: str
    role: Role
    role_name: str
    departments: tuple[tuple[str, ...], ...]
    expires_at: datetime
    zone: ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Open:
    """An invitation that nobody has used yet."""

    invitation_id: int
    role: Role
    role_name: str
    departments: tuple[tuple[str, ...], ...]
    expires_at: datetime


def invite(session: Session, actor_id: int, role: str, managed: Sequence[str], now: datetime) -> Invited:
    """Make a one-time link to a role that the acting user may grant.

    Raises RoleNotFound, DepartmentsNeeded, DepartmentNotFound, NotAllowed.
    """
    actor = acting(session, actor_id, Permission.MANAGE_ROLES)
    given = roles.grant(session, actor, role, managed)
    if given.role is Role.LEARNER:  # learners sign up through profiles
        raise InvitationGivesNothing
    code = secrets.token_urlsafe(24)
    invitation = Invitation(
        code_hash=_hash(code),
        role=given.role,
        custom_role_id=given.custom_role_id,
        created_by=actor_id,
        expires_at=now + LIFETIME,
    )
    session.add(invitation)
    session.flush()
    session.add_all(InvitedDepartment(invitation_id=invitation.id, department_id=number) for number in given.managed)
    subject, after = Subject(number=invitation.id, name=given.name), roles.described(session, given)
    audit.record(session, actor_id, Action.INVITATION_MADE, subject, now, after=after)
    paths = departments.paths(session, given.managed)
    return Invited(
        invitation_id=invitation.id,
        code=code,
        role=given.role,
        role_name=given.name,
        departments=tuple(paths.values()),
        expires_at=invitation.expires_at,
        zone=account.zone(session),
    )


def accept(session: Session, code: str, claimant: Claimant, now: datetime) -> int:
    """Make the opener of an invitation what it says; give their user number.

    Raises InvalidInvitation (also where who made it may not grant that any more), InvitationGivesNothing and
    SeatsTaken, which leave it good.
    """
    left = seats.seats_left(session)
    invitation = stored.use_invitation(session, _hash(code), now)
    if invitation is None:
        raise InvalidInvitation
    given = _grant(session, invitation)
    user = users.by_telegram_id(session, claimant.telegram_id)
    if user is None:
        if left == 0:
            raise SeatsTaken(account.load(session).seats or 0)
        user = add_claimant(session, claimant, Role.LEARNER, now, taken=InvalidInvitation())
    else:
        given = _on_top(session, user, given)
    roles.give(session, user, given)
    invitation.used_by = user.id
    subject = Subject(number=invitation.id, name=given.name)
    audit.record(session, user.id, Action.INVITATION_ACCEPTED, subject, now, after=roles.described(session, given))
    return user.id


def waiting(session: Session, actor_id: int, now: datetime) -> list[Open]:
    """List the invitations that nobody has used yet, newest first. Needs the permission to manage roles."""
    acting(session, actor_id, Permission.MANAGE_ROLES)
    return [_open(session, invitation) for invitation in stored.open_invitations(session, now)]


def withdraw(session: Session, actor_id: int, invitation_id: int, now: datetime) -> None:
    """End an invitation that nobody has used. Raises InvalidInvitation."""
    acting(session, actor_id, Permission.MANAGE_ROLES)
    invitation = stored.hold_invitation(session, invitation_id, now)
    if invitation is None:
        raise InvalidInvitation
    invitation.expires_at = now
    subject = Subject(number=invitation.id, name=_name(session, invitation))
    audit.record(session, actor_id, Action.INVITATION_WITHDRAWN, subject, now)


def _grant(session: Session, invitation: Invitation) -> Grant:
    """Give what an invitation grants, if who made it may still grant it and something is left of it."""
    maker = users.actor(session, invitation.created_by)
    role, invited_to = Role(invitation.role), stored.invited_to(session, invitation.id)
    managed = [number for number in invited_to if departments.hold(session, number)]
    permissions = _permissions(session, invitation)
    usable = role not in MANAGING_ROLES or managed
    if maker is None or not usable or not _may_grant(session, maker, permissions, managed):
        raise InvalidInvitation
    return Grant(
        role=role,
        custom_role_id=invitation.custom_role_id,
        name=_name(session, invitation),
        permissions=permissions,
        managed=tuple(managed),
    )


def _may_grant(session: Session, maker: Actor, permissions: frozenset[Permission], managed: list[int]) -> bool:
    grants = all(maker.may(permission) for permission in {*permissions, Permission.MANAGE_ROLES})
    return grants and departments.among(session, maker.scope, managed) == set(managed)


def _on_top(session: Session, user: User, given: Grant) -> Grant:
    """Say what somebody who is known already gets: never less than they have."""
    session.refresh(user, with_for_update=True)
    actor = users.actor(session, user.id)
    if user.state != UserState.ACTIVE or actor is None:
        raise InvalidInvitation
    managed = tuple(sorted({*actor.scope.managed, *given.managed}))
    wider = given.permissions > actor.permissions or (not actor.scope.everywhere and set(managed) > actor.scope.managed)
    if not wider or not given.permissions >= actor.permissions:
        raise InvitationGivesNothing
    return replace(given, managed=managed if given.role in MANAGING_ROLES else ())


def _permissions(session: Session, invitation: Invitation) -> frozenset[Permission]:
    custom = session.get(CustomRole, invitation.custom_role_id) if invitation.custom_role_id else None
    return permissions_of(Role(invitation.role), custom.permissions if custom else ())


def _open(session: Session, invitation: Invitation) -> Open:
    paths = departments.paths(session, stored.invited_to(session, invitation.id))
    return Open(
        invitation_id=invitation.id,
        role=Role(invitation.role),
        role_name=_name(session, invitation),
        departments=tuple(paths.values()),
        expires_at=invitation.expires_at,
    )


def _name(session: Session, invitation: Invitation) -> str:
    custom = session.get(CustomRole, invitation.custom_role_id) if invitation.custom_role_id else None
    return custom.name if custom else invitation.role


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode(errors="replace")).hexdigest()
