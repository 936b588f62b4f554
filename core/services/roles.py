"""Roles: the account's own ones, who has which, and who owns the account."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import FOR_CUSTOM_ROLES, MANAGING_ROLES, Actor, Permission, Role, UserState, permissions_of
from core.domain.naming import clean_name, nearest
from core.errors import (
    DepartmentsNeeded,
    NoHeir,
    NotAllowed,
    NotYourself,
    OneOwner,
    OwnerStays,
    RoleBuiltIn,
    RoleExists,
    RoleInUse,
    RoleNotFound,
    UserNotFound,
)
from core.services import audit_log, department_lookup, people
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.storage import departments, roles
from core.storage import people as stored
from core.storage.database import refusing
from core.storage.tables import CustomRole, User

TOP = "/"
BUILT_IN = {
    "administrator": Role.ADMINISTRATOR,
    "account administrator": Role.ADMINISTRATOR,
    "department administrator": Role.DEPARTMENT_ADMINISTRATOR,
    "learner": Role.LEARNER,
}


@dataclass(frozen=True, kw_only=True)
class RoleCard:
    """One of the account's own roles, and how many people have it."""

    role_id: int
    name: str
    permissions: frozenset[Permission]
    holders: int


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A role, and the departments where its rights hold; none for a role of the whole account and for learners."""

    role: Role
    custom_role_id: int | None
    name: str
    permissions: frozenset[Permission]
    managed: tuple[int, ...]


def listing(session: Session, actor_id: int) -> list[RoleCard]:
    """List the account's own roles by name. Needs the permission to manage roles."""
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    return [_card(session, role) for role in roles.all_roles(session)]


def holders(session: Session, actor_id: int) -> dict[tuple[Role, int | None], tuple[str, ...]]:
    """Name the members of staff by their role and, if it is one of the account's own, its number."""
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    found: dict[tuple[Role, int | None], tuple[str, ...]] = {}
    for user in roles.staff(session):
        key = Role(user.role), user.custom_role_id
        found[key] = (*found.get(key, ()), user.full_name)
    return found


def add(session: Session, actor_id: int, name: str, permissions: Iterable[Permission], now: datetime) -> RoleCard:
    """Make a role of permissions that the acting user has. Raises InvalidName, RoleExists, NotAllowed."""
    actor = authorise(session, actor_id, Permission.MANAGE_ROLES)
    name, wanted = _free_name(name), _grantable(actor, permissions)
    role = CustomRole(name=name, name_key=name.casefold(), permissions=wanted)
    with refusing(session, uq_custom_role_name_key=RoleExists(name)):
        session.add(role)
    audit_log.record(session, actor_id, Action.ROLE_ADDED, _subject(role), now, after={"permissions": wanted})
    return _card(session, role)


def change(session: Session, actor_id: int, name: str, permissions: Iterable[Permission], now: datetime) -> RoleCard:
    """Give a role other permissions; whoever has it has those from this moment on. Raises RoleNotFound, NotAllowed."""
    actor = authorise(session, actor_id, Permission.MANAGE_ROLES)
    role, wanted = _find_for_update(session, name), _grantable(actor, permissions)
    before, role.permissions = role.permissions, wanted
    changed = ({"permissions": before}, {"permissions": wanted})
    audit_log.record(session, actor_id, Action.ROLE_CHANGED, _subject(role), now, before=changed[0], after=changed[1])
    return _card(session, role)


def remove(session: Session, actor_id: int, name: str, now: datetime) -> str:
    """Remove a role that nobody has; invitations to it end. Gives its name.

    Raises RoleNotFound, RoleBuiltIn, RoleInUse.
    """
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    role = _find_for_update(session, name)
    if holders := stored.count_holders(session, role.id):
        raise RoleInUse(role.name, holders)
    subject = _subject(role)
    with refusing(session, fk_user_account_custom_role_id=RoleInUse(role.name, 1)):  # somebody was just given it
        session.delete(role)
    audit_log.record(session, actor_id, Action.ROLE_REMOVED, subject, now)
    return subject.name


def assign(
    session: Session, actor_id: int, user_id: int, role: str, managed: Sequence[str], now: datetime
) -> people.Card:
    """Give somebody another role and departments to manage; `learner` takes all rights away.

    Raises UserNotFound, RoleNotFound, OneOwner, DepartmentsNeeded, DepartmentNotFound, OwnerStays, NotYourself,
    NotAllowed.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_ROLES)
    given = grant(session, actor, role, managed)
    user = stored.visible(session, actor.scope, user_id, to_change=True)
    if user is None:
        raise UserNotFound(str(user_id))
    if user.role == Role.OWNER:
        raise OwnerStays
    if user.id == actor_id:
        raise NotYourself
    people.require_outranks(session, actor, user)
    give(session, user, given)
    audit_log.record(
        session, actor_id, Action.ROLE_ASSIGNED, audit_log.of_user(user), now, after=described(session, given)
    )
    return people.card(session, actor_id, user_id)


def heir(session: Session, actor_id: int, user_id: int) -> people.Card:
    """Show who would become the owner, for the question. Raises what `transfer_ownership` does."""
    actor = authorise(session, actor_id, Permission.MANAGE_ROLES)
    user = stored.visible(session, actor.scope, user_id)
    if actor.role is not Role.OWNER:
        raise NotAllowed
    if user is None:
        raise UserNotFound(str(user_id))
    _require_heir(user)
    return people.cards(session, actor, [user])[0]


def transfer_ownership(session: Session, actor_id: int, user_id: int, now: datetime) -> None:
    """Make an active account administrator the owner, and the owner an account administrator.

    Needs to be the owner. Raises UserNotFound, NoHeir.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_ROLES)
    if actor.role is not Role.OWNER:
        raise NotAllowed
    locked = {user.id: user for user in roles.lock_users(session, {actor_id, user_id})}
    new_owner = locked.get(user_id)
    if new_owner is None:
        raise UserNotFound(str(user_id))
    _require_heir(new_owner)
    if locked[actor_id].role != Role.OWNER:  # a transfer at the same moment was faster
        raise NotAllowed
    locked[actor_id].role = Role.ADMINISTRATOR
    session.flush()  # first this: there is never a second owner, not even inside a transaction
    new_owner.role = Role.OWNER
    audit_log.record(session, actor_id, Action.OWNERSHIP_TRANSFERRED, audit_log.of_user(new_owner), now)


def grant(session: Session, actor: Actor, role: str, managed: Sequence[str]) -> Grant:
    """Read a role by its name, and departments by their paths (a slash: the top), as far as the actor may grant them.

    Raises RoleNotFound, OneOwner, DepartmentsNeeded, DepartmentNotFound, NotAllowed.
    """
    if _key(role) == Role.OWNER:
        raise OneOwner
    built_in = BUILT_IN.get(_key(role))
    custom = None if built_in else _find(session, role, besides=dict.fromkeys(BUILT_IN.values()))
    kind = built_in or Role.CUSTOM
    permissions = permissions_of(kind, custom.permissions if custom else ())
    actor.require_all(permissions)
    if kind is Role.ADMINISTRATOR and not actor.scope.everywhere:
        raise NotAllowed
    if bool(managed) != (kind in MANAGING_ROLES):
        raise DepartmentsNeeded(custom.name if custom else kind)
    return Grant(
        role=kind,
        custom_role_id=custom.id if custom else None,
        name=custom.name if custom else kind,
        permissions=permissions,
        managed=tuple(sorted({_managed(session, actor, path) for path in managed})),
    )


def _managed(session: Session, actor: Actor, path: str) -> int:
    """Find a department that is to be managed; a slash is the top of the tree, which account-wide rights need."""
    if path.strip() != TOP:
        return department_lookup.find_and_lock(session, actor, path)
    if not actor.scope.everywhere:
        raise NotAllowed
    return departments.root_id(session)


def give(session: Session, user: User, given: Grant) -> None:
    """Give a role to a user who is locked; rights are never checked here."""
    with refusing(session, fk_user_account_custom_role_id=RoleNotFound(given.name, ())):
        user.role, user.custom_role_id = given.role, given.custom_role_id
    stored.set_managed(session, user.id, given.managed)


def described(session: Session, given: Grant) -> dict[str, object]:
    """Describe a grant for the record."""
    paths = departments.paths(session, given.managed)
    return {"role": given.name, "departments": [list(paths[number]) for number in given.managed]}


def _require_heir(user: User) -> None:
    """Raise NoHeir for anybody but an active account administrator who is in the chat: nobody else could own it."""
    in_chat = user.telegram_id is not None
    if user.role != Role.ADMINISTRATOR or user.state != UserState.ACTIVE or not in_chat:
        raise NoHeir(user.full_name)


def _grantable(actor: Actor, permissions: Iterable[Permission]) -> list[str]:
    """Give the permissions for the database; NotAllowed where the actor or a custom role can't have one."""
    wanted = frozenset(permissions)
    actor.require_all(wanted)
    if not wanted or wanted - FOR_CUSTOM_ROLES:
        raise NotAllowed
    return sorted(wanted)


def _free_name(text: str) -> str:
    name = clean_name(text)
    _require_own(name)
    return name


def _require_own(name: str) -> None:
    """Raise RoleBuiltIn for a name that means one of the roles which are always there."""
    if _key(name) in BUILT_IN or _key(name) == Role.OWNER:
        raise RoleBuiltIn(name.strip())


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _find(session: Session, name: str, besides: Iterable[str] = ()) -> CustomRole:
    """Find a role of the account's own; what else may have been meant stands `besides` them."""
    found = roles.by_name(session, name)
    if found is None:
        known = (*besides, *(role.name for role in roles.all_roles(session)))
        raise RoleNotFound(name.strip(), nearest(name, known))
    return found


def _find_for_update(session: Session, name: str) -> CustomRole:
    _require_own(name)
    found = _find(session, name)
    if roles.lock(session, found.id) is None:
        raise RoleNotFound(found.name, ())
    return found


def _card(session: Session, role: CustomRole) -> RoleCard:
    return RoleCard(
        role_id=role.id,
        name=role.name,
        permissions=frozenset(Permission(permission) for permission in role.permissions),
        holders=stored.count_holders(session, role.id),
    )


def _subject(role: CustomRole) -> Subject:
    return Subject(number=role.id, name=role.name)
