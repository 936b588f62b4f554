"""Roles: custom roles, and their assignment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import FOR_CUSTOM_ROLES, MANAGING_ROLES, Actor, Permission, Role, permissions_of
from core.domain.keywords import find_keyword
from core.domain.naming import clean_name, nearest, nearest_keywords
from core.domain.outbox import Kind
from core.domain.text import key
from core.errors import (
    DepartmentsNeeded,
    NotAllowed,
    NotYourself,
    OneOwner,
    OwnerStays,
    RoleBuiltIn,
    RoleExists,
    RoleNotFound,
    UserNotFound,
)
from core.services import audit_log, department_lookup, outbox, people, person_rights
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.storage import departments, roles
from core.storage import people as stored
from core.storage.database import refusing
from core.storage.tables import CustomRole, User

ROOT = "/"
BUILT_IN = {
    "administrator": Role.ADMINISTRATOR,
    "account administrator": Role.ADMINISTRATOR,
    "department administrator": Role.DEPARTMENT_ADMINISTRATOR,
    "learner": Role.LEARNER,
    "owner": Role.OWNER,
}
NAMED = (Role.ADMINISTRATOR, Role.DEPARTMENT_ADMINISTRATOR, Role.LEARNER)  # in suggestions


@dataclass(frozen=True, kw_only=True)
class RoleCard:
    """A custom role, and how many users have it."""

    role_id: int
    name: str
    permissions: frozenset[Permission]
    holders: int


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A member of staff, by the role that they have."""

    user_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A role to assign; `managed` are the departments it is limited to, empty for account-wide roles and learners."""

    role: Role
    custom_role_id: int | None
    name: str
    permissions: frozenset[Permission]
    managed: tuple[int, ...]


def listing(session: Session, actor_id: int) -> list[RoleCard]:
    """List the custom roles, sorted by name. Needs the permission to manage roles."""
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    return [_card(session, role) for role in roles.all_roles(session)]


def holders(session: Session, actor_id: int) -> dict[tuple[Role, int | None], tuple[Holder, ...]]:
    """Return the members of staff by role and custom-role number. Needs the permission to manage roles."""
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    found: dict[tuple[Role, int | None], tuple[Holder, ...]] = {}
    for user in roles.staff(session):
        key = Role(user.role), user.custom_role_id
        found[key] = (*found.get(key, ()), Holder(user_id=user.id, name=user.full_name))
    return found


def card(session: Session, actor_id: int, name: str) -> RoleCard:
    """Return a custom role, found by its name and locked. Raises RoleNotFound, RoleBuiltIn."""
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    return _card(session, find_for_update(session, name))


def add(session: Session, actor_id: int, name: str, permissions: Iterable[Permission], now: datetime) -> RoleCard:
    """Add a role made of permissions that the acting user has.

    Raises InvalidName, RoleBuiltIn, RoleExists, NotAllowed.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_ROLES)
    name, wanted = _free_name(name), grantable(actor, permissions)
    role = CustomRole(name=name, name_key=key(name), permissions=wanted)
    with refusing(session, uq_custom_role_name_key=RoleExists(name)):
        session.add(role)
    audit_log.record(session, actor_id, Action.ROLE_ADDED, subject(role), now, after={"permissions": wanted})
    return _card(session, role)


def change(session: Session, actor_id: int, name: str, permissions: Iterable[Permission], now: datetime) -> RoleCard:
    """Change a role's permissions, with immediate effect for its holders.

    Raises RoleNotFound, RoleBuiltIn, NotAllowed.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_ROLES)
    role, wanted = find_for_update(session, name), grantable(actor, permissions)
    before, role.permissions = role.permissions, wanted
    changed = ({"permissions": before}, {"permissions": wanted})
    audit_log.record(session, actor_id, Action.ROLE_CHANGED, subject(role), now, before=changed[0], after=changed[1])
    for user in roles.staff(session):
        if user.custom_role_id == role.id and before != wanted:
            outbox.notify(session, user.id, Kind.RIGHTS_CHANGED, actor_id, now)
    return _card(session, role)


def assign(
    session: Session, actor_id: int, user_id: int, role: str, managed: Sequence[str], now: datetime
) -> people.Card:
    """Assign a user another role and departments to manage; `learner` removes all rights.

    Raises UserNotFound, RoleNotFound, OneOwner, DepartmentsNeeded, DepartmentNotFound, OwnerStays, NotYourself,
    NotAllowed.
    """
    user, given = assignable(session, actor_id, user_id, role, managed)
    give(session, user, given)
    audit_log.record(
        session, actor_id, Action.ROLE_ASSIGNED, audit_log.of_user(user), now, after=described(session, given)
    )
    outbox.notify(session, user.id, Kind.RIGHTS_CHANGED, actor_id, now)
    return people.card(session, actor_id, user_id)


def assignable(session: Session, actor_id: int, user_id: int, role: str, managed: Sequence[str]) -> tuple[User, Grant]:
    """Return a user, locked, and the grant that the acting user may make to them. Raises what `assign` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_ROLES)
    given = grant(session, actor, role, managed)
    user = stored.visible(session, actor.scope, user_id, to_change=True)
    if user is None:
        raise UserNotFound(str(user_id))
    if user.role == Role.OWNER:
        raise OwnerStays
    if user.id == actor_id:
        raise NotYourself
    person_rights.require_outranks(session, actor, user)
    return user, given


def grant(session: Session, actor: Actor, role: str, managed: Sequence[str]) -> Grant:
    """Parse a role's name and department paths (`/` is the root) into a grant that the actor may make.

    A custom role is locked, so that it has the same permissions when the grant is made.

    Raises RoleNotFound, OneOwner, DepartmentsNeeded, DepartmentNotFound, NotAllowed.
    """
    built_in = BUILT_IN.get(key(role)) or _built_in_elsewhere(session, role)
    if built_in is Role.OWNER:
        raise OneOwner
    custom = None if built_in else _lock(session, _find(session, role, besides=nearest_keywords(role, NAMED)))
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


def _built_in_elsewhere(session: Session, name: str) -> Role | None:
    """Return the built-in role of this name in another language, unless a custom role has the name."""
    return None if roles.by_name(session, name) else BUILT_IN.get(find_keyword(name, BUILT_IN) or "")


def _managed(session: Session, actor: Actor, path: str) -> int:
    """Find a department to be managed; `/` is the root, which makes the scope account-wide."""
    if path.strip() != ROOT:
        return department_lookup.find_and_lock(session, actor, path)
    if not actor.scope.everywhere:
        raise NotAllowed
    return departments.root_id(session)


def give(session: Session, user: User, given: Grant) -> None:
    """Assign a grant to a user, who must be locked. Rights are not checked here."""
    with refusing(session, fk_user_account_custom_role_id=RoleNotFound(given.name, ())):
        user.role, user.custom_role_id = given.role, given.custom_role_id
    stored.set_managed(session, user.id, given.managed)


def described(session: Session, given: Grant) -> dict[str, object]:
    """Return a grant's description for the audit log."""
    paths = departments.paths(session, given.managed)
    return {"role": given.name, "departments": [list(paths[number]) for number in given.managed]}


def grantable(actor: Actor, permissions: Iterable[Permission]) -> list[str]:
    """Return the permissions as stored. Raises NotAllowed if the actor lacks one or a custom role can't have it."""
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
    """Raise RoleBuiltIn if the name is that of a built-in role."""
    if key(name) in BUILT_IN:
        raise RoleBuiltIn(name.strip())


def _find(session: Session, name: str, besides: Iterable[str] = ()) -> CustomRole:
    """Find a custom role by name; the suggestions of the refusal include the names in `besides`."""
    found = roles.by_name(session, name)
    if found is None:
        known = (*besides, *(role.name for role in roles.all_roles(session)))
        raise RoleNotFound(name.strip(), nearest(name, known))
    return found


def find_own(session: Session, name: str) -> CustomRole:
    """Find a custom role by name. Raises RoleBuiltIn, RoleNotFound."""
    _require_own(name)
    return _find(session, name)


def find_for_update(session: Session, name: str) -> CustomRole:
    """Find and lock a custom role by name. Raises RoleBuiltIn, RoleNotFound."""
    return _lock(session, find_own(session, name))


def _lock(session: Session, role: CustomRole) -> CustomRole:
    """Lock a custom role and read it again. Raises RoleNotFound if it was removed meanwhile."""
    name = role.name
    locked = roles.lock(session, role.id)
    if locked is None:
        raise RoleNotFound(name, ())
    return locked


def _card(session: Session, role: CustomRole) -> RoleCard:
    return RoleCard(
        role_id=role.id,
        name=role.name,
        permissions=frozenset(Permission(permission) for permission in role.permissions),
        holders=stored.count_holders(session, role.id),
    )


def subject(role: CustomRole) -> Subject:
    """Return the subject of an audit-log entry about a role."""
    return Subject(number=role.id, name=role.name)
