"""Invitations: one-time links that give their openers a staff role, or connect existing staff to the chat."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import MANAGING_ROLES, Actor, Permission, Role, UserState, permissions_of
from core.domain.hashes import hash_of
from core.domain.outbox import Kind
from core.errors import InvalidInvitation, InvitationGivesNothing, NoInvitationNeeded, SeatsTaken, UserNotFound
from core.services import audit_log, outbox, person_rights, roles
from core.services.account import Organisation, organisation
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.services.ownership import Claimant, add_claimant
from core.services.roles import Grant
from core.storage import account, actors, departments, seats
from core.storage import people as stored_people
from core.storage import roles as stored
from core.storage.database import refusing
from core.storage.tables import CustomRole, Invitation, InvitedDepartment, User

LIFETIME = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Open:
    """An unused invitation, valid until `expires_at` (UTC).

    `person` is the existing user whom it connects to the chat; None: it gives its opener the role.
    """

    invitation_id: int
    person: str | None
    role: Role
    role_name: str
    departments: tuple[tuple[str, ...], ...]
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Made:
    """A new invitation with its code, which is not stored and can be shown only once, and who invites."""

    invitation: Open
    code: str
    organisation: Organisation


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Who opened an invitation, and what they became; their name is the one that they have in Telegram."""

    user_id: int
    name: str
    role: Role
    role_name: str
    departments: tuple[tuple[str, ...], ...]


def invite(session: Session, actor_id: int, role: str, managed: Sequence[str], now: datetime) -> Made:
    """Create a one-time link to a role that the acting user may grant.

    Raises RoleNotFound, OneOwner, DepartmentsNeeded, DepartmentNotFound, NoInvitationNeeded, NotAllowed.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_ROLES)
    given = roles.grant(session, actor, role, managed)
    if given.role is Role.LEARNER:  # learners sign up through profiles
        raise NoInvitationNeeded
    invitation, code = _add(session, actor_id, given.role, given.custom_role_id, now)
    session.add_all(InvitedDepartment(invitation_id=invitation.id, department_id=number) for number in given.managed)
    subject, after = Subject(number=invitation.id, name=given.name), roles.described(session, given)
    audit_log.record(session, actor_id, Action.INVITATION_MADE, subject, now, after=after)
    return Made(invitation=_open(session, invitation), code=code, organisation=organisation(session))


def invite_person(session: Session, actor_id: int, user_id: int, now: datetime) -> Made:
    """Create a one-time link that connects a member of staff, who has no Telegram account yet, to the chat.

    Needs the permission to manage roles and all rights of that person, because the opener acts as them. Raises
    UserNotFound, NotAllowed, NoInvitationNeeded.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_ROLES)
    user = stored_people.visible(session, actor.scope, user_id, to_change=True)
    if user is None:
        raise UserNotFound(str(user_id))
    person_rights.require_outranks(session, actor, user)
    if not person_rights.may_enter(user):
        raise NoInvitationNeeded
    invitation, code = _add(session, actor_id, user.role, user.custom_role_id, now, user_id=user_id)
    audit_log.record(session, actor_id, Action.PERSON_INVITED, audit_log.of_user(user), now)
    return Made(invitation=_open(session, invitation), code=code, organisation=organisation(session))


def accept(session: Session, code: str, claimant: Claimant, now: datetime) -> int:
    """Grant the opener the role of an invitation, or connect them as the user it is for; return their number.

    Raises InvalidInvitation (also if its maker may no longer grant the role); InvitationGivesNothing and SeatsTaken
    leave the invitation valid.
    """
    seats.lock(session)  # before the invitation's lock, as everywhere
    invitation = stored.use_invitation(session, hash_of(code), now)
    if invitation is None:
        raise InvalidInvitation
    if invitation.user_id is not None:
        return _enter(session, invitation, invitation.user_id, claimant, now)
    given = _grant(session, invitation)
    user = stored_people.by_telegram_id(session, claimant.telegram_id)
    if user is None:
        if not seats.take(session):
            raise SeatsTaken(account.load(session).seats or 0)
        user = add_claimant(session, claimant, Role.LEARNER, now, taken=InvalidInvitation())
    else:
        given = _widened(session, user, given)
    roles.give(session, user, given)
    invitation.used_by = user.id
    subject = Subject(number=invitation.id, name=given.name)
    audit_log.record(session, user.id, Action.INVITATION_ACCEPTED, subject, now, after=roles.described(session, given))
    outbox.notify(session, invitation.created_by, Kind.INVITATION_OPENED, invitation.id, now)
    return user.id


def is_open(session: Session, code: str, now: datetime) -> bool:
    """Return whether a code belongs to an invitation that can still be used. Changes nothing."""
    return stored.is_open(session, hash_of(code), now)


def opened(session: Session, recipient_id: int, invitation_id: int) -> Opened:
    """Return who opened an invitation of the recipient's. Raises InvalidInvitation. Needs to manage roles."""
    authorise(session, recipient_id, Permission.MANAGE_ROLES)
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.created_by != recipient_id or invitation.used_by is None:
        raise InvalidInvitation
    made = _open(session, invitation)
    return Opened(
        user_id=invitation.used_by,
        name=session.get_one(User, invitation.used_by).full_name,
        role=made.role,
        role_name=made.role_name,
        departments=made.departments,
    )


def waiting(session: Session, actor_id: int, now: datetime) -> list[Open]:
    """List the unused invitations, newest first. Needs the permission to manage roles."""
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    return [_open(session, invitation) for invitation in stored.open_invitations(session, now)]


def withdraw(session: Session, actor_id: int, invitation_id: int, now: datetime) -> None:
    """End an unused invitation. Raises InvalidInvitation."""
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    invitation = stored.lock_invitation(session, invitation_id, now)
    if invitation is None:
        raise InvalidInvitation
    invitation.expires_at = now
    subject = Subject(number=invitation.id, name=_name(session, invitation))
    audit_log.record(session, actor_id, Action.INVITATION_WITHDRAWN, subject, now)


def _add(
    session: Session, maker_id: int, role: str, custom_role_id: int | None, now: datetime, *, user_id: int | None = None
) -> tuple[Invitation, str]:
    """Add an invitation; return it with its code, of which only the hash is stored."""
    code = secrets.token_urlsafe(24)
    invitation = Invitation(
        code_hash=hash_of(code),
        role=role,
        custom_role_id=custom_role_id,
        user_id=user_id,
        created_by=maker_id,
        expires_at=now + LIFETIME,
    )
    session.add(invitation)
    session.flush()
    return invitation, code


def _enter(session: Session, invitation: Invitation, user_id: int, claimant: Claimant, now: datetime) -> int:
    """Connect a Telegram account to an existing user, if the invitation's maker may still do so."""
    if stored_people.by_telegram_id(session, claimant.telegram_id) is not None:  # it belongs to one user
        raise InvitationGivesNothing
    [user] = stored.lock_users(session, [user_id])
    maker = actors.find(session, invitation.created_by)
    if maker is None or not person_rights.may_enter(user) or not person_rights.may_change(session, maker, user):
        raise InvalidInvitation
    invitation.used_by = user_id
    with refusing(session, uq_user_account_telegram_id=InvitationGivesNothing()):
        user.telegram_id, user.language = claimant.telegram_id, claimant.language
    audit_log.record(session, user_id, Action.PERSON_ENTERED, audit_log.of_user(user), now)
    outbox.notify(session, invitation.created_by, Kind.INVITATION_OPENED, invitation.id, now)
    return user_id


def _grant(session: Session, invitation: Invitation) -> Grant:
    """Return what an invitation grants, if its maker may still grant it and one of its departments is left."""
    maker = actors.find(session, invitation.created_by)
    role, invited_to = Role(invitation.role), stored.invited_to(session, invitation.id)
    managed = [number for number in invited_to if departments.lock(session, number)]
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
    return grants and departments.within_scope(session, maker.scope, managed) == set(managed)


def _widened(session: Session, user: User, given: Grant) -> Grant:
    """Return the grant for an existing user, with the departments they already manage; it must widen their rights."""
    session.refresh(user, with_for_update=True)
    actor = actors.find(session, user.id)
    if user.state != UserState.ACTIVE or actor is None:
        raise InvalidInvitation
    managed = tuple(sorted({*actor.scope.managed, *given.managed}))
    wider = given.permissions > actor.permissions or (not actor.scope.everywhere and set(managed) > actor.scope.managed)
    if not wider or not given.permissions >= actor.permissions:
        raise InvitationGivesNothing
    return replace(given, managed=managed if given.role in MANAGING_ROLES else ())


def _permissions(session: Session, invitation: Invitation) -> frozenset[Permission]:
    custom = stored.lock(session, invitation.custom_role_id) if invitation.custom_role_id else None
    return permissions_of(Role(invitation.role), custom.permissions if custom else ())


def _open(session: Session, invitation: Invitation) -> Open:
    paths = departments.paths(session, stored.invited_to(session, invitation.id))
    person = session.get_one(User, invitation.user_id) if invitation.user_id is not None else None
    return Open(
        invitation_id=invitation.id,
        person=person.full_name if person else None,
        role=Role(invitation.role),
        role_name=_name(session, invitation),
        departments=tuple(paths.values()),
        expires_at=invitation.expires_at,
    )


def _name(session: Session, invitation: Invitation) -> str:
    custom = session.get(CustomRole, invitation.custom_role_id) if invitation.custom_role_id else None
    return custom.name if custom else invitation.role
