"""Who may do what, and where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.domain.naming import find_word
from core.errors import NotAllowed


class Permission(StrEnum):
    """One thing that somebody may do."""

    MANAGE_ACCOUNT = "manage account"
    MANAGE_ROLES = "manage roles"
    MANAGE_DEPARTMENTS = "manage departments"
    MANAGE_COURSES = "manage courses"
    MANAGE_PEOPLE = "manage people"
    MANAGE_PROFILES = "manage sign-up profiles"
    RECEIVE_DIGESTS = "receive digests"
    READ_RECORD = "read the record"


class Role(StrEnum):
    """A named set of permissions; `LEARNER` is everybody who signs up, `CUSTOM` the account's own roles."""

    OWNER = "owner"
    ADMINISTRATOR = "account administrator"
    DEPARTMENT_ADMINISTRATOR = "department administrator"
    CUSTOM = "custom role"
    LEARNER = "learner"


class UserState(StrEnum):
    """How a user stands: `PENDING` waits for a confirmation or an approval, `DELETED` is left in histories only."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    PENDING = "pending"
    DELETED = "deleted"


_EVERYTHING = frozenset(Permission)

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: _EVERYTHING,
    Role.ADMINISTRATOR: _EVERYTHING,
    Role.DEPARTMENT_ADMINISTRATOR: frozenset(
        {Permission.MANAGE_PROFILES, Permission.MANAGE_PEOPLE, Permission.RECEIVE_DIGESTS}
    ),
    Role.LEARNER: frozenset(),
}
WHOLE_ACCOUNT_ROLES = frozenset({Role.OWNER, Role.ADMINISTRATOR})
STAFF_ROLES = frozenset({Role.OWNER, Role.ADMINISTRATOR, Role.DEPARTMENT_ADMINISTRATOR, Role.CUSTOM})
MANAGING_ROLES = frozenset({Role.DEPARTMENT_ADMINISTRATOR, Role.CUSTOM})  # their rights end at their departments

# What has no department to end at: somebody who manages departments only would reach beyond them with it.
ACCOUNT_WIDE = frozenset({Permission.MANAGE_ACCOUNT, Permission.MANAGE_ROLES})
FOR_CUSTOM_ROLES = _EVERYTHING - {Permission.MANAGE_ROLES}  # holders of custom roles add learners only


def permissions_of(role: Role, custom: Iterable[str] = ()) -> frozenset[Permission]:
    """Give what a role permits; `custom` are the permissions of the account's own role, if it is one."""
    if role is Role.CUSTOM:
        return frozenset(Permission(permission) for permission in custom) & FOR_CUSTOM_ROLES
    return ROLE_PERMISSIONS[role]


def read_permissions(text: str) -> frozenset[Permission]:
    """Read the permissions of a custom role, `manage people, receive digests`; or WordNotUnderstood."""
    possible = [permission for permission in Permission if permission in FOR_CUSTOM_ROLES]
    return frozenset(find_word(part, possible) for part in text.split(",") if part.strip())


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Where permissions hold: everywhere, or in the managed departments and everything below them."""

    everywhere: bool
    managed: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The acting user, as the database knows them in this very transaction."""

    user_id: int
    role: Role
    permissions: frozenset[Permission]
    scope: Scope

    def may(self, permission: Permission) -> bool:
        """Tell whether the permission is among the actor's, and reaches as far as it must."""
        return permission in self.permissions and (self.scope.everywhere or permission not in ACCOUNT_WIDE)

    def require(self, *permissions: Permission) -> None:
        """Raise NotAllowed unless the actor has one of the permissions."""
        if not any(self.may(permission) for permission in permissions):
            raise NotAllowed

    def require_all(self, permissions: Iterable[Permission]) -> None:
        """Raise NotAllowed unless the actor has every one: nobody grants what they lack."""
        if not all(self.may(permission) for permission in permissions):
            raise NotAllowed
