"""Authorisation: permissions, roles, and the scope that they apply to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.domain.naming import find_word
from core.errors import NotAllowed

FORMER_WORDS = {"read the record": "read the log"}  # stored in earlier roles and in the append-only audit log


class Permission(StrEnum):
    """One thing that a user may be allowed to do; the values are stored and are what administrators type."""

    MANAGE_ACCOUNT = "manage account"
    MANAGE_ROLES = "manage roles"
    MANAGE_DEPARTMENTS = "manage departments"
    MANAGE_COURSES = "manage courses"
    MANAGE_PEOPLE = "manage people"
    MANAGE_PROFILES = "manage sign-up profiles"
    RECEIVE_DIGESTS = "receive digests"
    READ_LOG = "read the log"

    @classmethod
    def _missing_(cls, value: object) -> "Permission | None":
        return cls(FORMER_WORDS[value]) if isinstance(value, str) and value in FORMER_WORDS else None


class Role(StrEnum):
    """A named set of permissions; `LEARNER` is for everyone who signs up, `CUSTOM` covers the account's own roles."""

    OWNER = "owner"
    ADMINISTRATOR = "account administrator"
    DEPARTMENT_ADMINISTRATOR = "department administrator"
    CUSTOM = "custom role"
    LEARNER = "learner"


class UserState(StrEnum):
    """A user's state: `PENDING` waits for a confirmation or an approval, `DELETED` remains in histories only."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    PENDING = "pending"
    DELETED = "deleted"


_ALL = frozenset(Permission)

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: _ALL,
    Role.ADMINISTRATOR: _ALL,
    Role.DEPARTMENT_ADMINISTRATOR: frozenset(
        {Permission.MANAGE_PROFILES, Permission.MANAGE_PEOPLE, Permission.RECEIVE_DIGESTS}
    ),
    Role.LEARNER: frozenset(),
}
WHOLE_ACCOUNT_ROLES = frozenset({Role.OWNER, Role.ADMINISTRATOR})
STAFF_ROLES = frozenset({Role.OWNER, Role.ADMINISTRATOR, Role.DEPARTMENT_ADMINISTRATOR, Role.CUSTOM})
MANAGING_ROLES = frozenset({Role.DEPARTMENT_ADMINISTRATOR, Role.CUSTOM})  # limited to their managed departments

# These belong to no department, so a user whose scope is limited to departments cannot exercise them.
ACCOUNT_WIDE = frozenset({Permission.MANAGE_ACCOUNT, Permission.MANAGE_ROLES})
FOR_CUSTOM_ROLES = _ALL - {Permission.MANAGE_ROLES}  # holders of custom roles can add learners only


def permissions_of(role: Role, custom: Iterable[str] = ()) -> frozenset[Permission]:
    """Return a role's permissions; `custom` are those stored for the account's own role, ignored for any other."""
    if role is Role.CUSTOM:
        return frozenset(Permission(permission) for permission in custom) & FOR_CUSTOM_ROLES
    return ROLE_PERMISSIONS[role]


def read_permissions(text: str) -> frozenset[Permission]:
    """Parse a custom role's permissions, such as `manage people, receive digests`. Raises WordNotUnderstood."""
    possible = [permission for permission in Permission if permission in FOR_CUSTOM_ROLES]
    typed = (" ".join(part.split()) for part in text.split(",") if part.strip())
    return frozenset(find_word(FORMER_WORDS.get(part.casefold(), part), possible) for part in typed)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Where permissions apply: everywhere, or in the managed departments (by number) and all departments below them."""

    everywhere: bool
    managed: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The acting user's rights, as read in the current transaction."""

    user_id: int
    role: Role
    permissions: frozenset[Permission]
    scope: Scope

    def may(self, permission: Permission) -> bool:
        """Return whether the actor has the permission; an account-wide one also needs an account-wide scope."""
        return permission in self.permissions and (self.scope.everywhere or permission not in ACCOUNT_WIDE)

    def require(self, *permissions: Permission) -> None:
        """Raise NotAllowed unless the actor has at least one of the permissions."""
        if not any(self.may(permission) for permission in permissions):
            raise NotAllowed

    def require_all(self, permissions: Iterable[Permission]) -> None:
        """Raise NotAllowed unless the actor has all of the permissions: users cannot grant rights that they lack."""
        if not all(self.may(permission) for permission in permissions):
            raise NotAllowed
