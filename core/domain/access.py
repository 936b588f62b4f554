"""Who may do what, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import NotAllowed


class Permission(StrEnum):
    """One thing that somebody may do."""

    MANAGE_ACCOUNT = "manage account"
    MANAGE_DEPARTMENTS = "manage departments"
    MANAGE_COURSES = "manage courses"
    MANAGE_PROFILES = "manage sign-up profiles"
    RECEIVE_DIGESTS = "receive digests"


class Role(StrEnum):
    """A named set of permissions; `LEARNER` is everybody who signs up."""

    OWNER = "owner"
    ADMINISTRATOR = "account administrator"
    DEPARTMENT_ADMINISTRATOR = "department administrator"
    LEARNER = "learner"


_EVERYTHING = frozenset(Permission)

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: _EVERYTHING,
    Role.ADMINISTRATOR: _EVERYTHING,
    Role.DEPARTMENT_ADMINISTRATOR: frozenset({Permission.MANAGE_PROFILES, Permission.RECEIVE_DIGESTS}),
    Role.LEARNER: frozenset(),
}
WHOLE_ACCOUNT_ROLES = frozenset({Role.OWNER, Role.ADMINISTRATOR})


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

    def require(self, permission: Permission) -> None:
        """Raise NotAllowed unless the permission is among the actor's."""
        if permission not in self.permissions:
            raise NotAllowed
