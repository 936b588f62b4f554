"""What an entry of the menu is, and the subjects that entries are grouped by."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.context import Context
from bot.screens.screen import Screen
from bot.wording.phrases import N_
from core.domain.access import Permission


class Subject(StrEnum):
    """What a group of commands is about; the value is what `/help` takes."""

    PROFILES = "profiles"
    DIGESTS = "digests"
    PEOPLE = "people"
    ROLES = "roles"
    DEPARTMENTS = "departments"
    COURSES = "courses"
    FORM = "form"
    ACCOUNT = "account"
    HELP = "help"


TITLES: Mapping[Subject, str] = {
    Subject.PROFILES: N_("Sign-up profiles"),
    Subject.DIGESTS: N_("Digests"),
    Subject.PEOPLE: N_("People"),
    Subject.ROLES: N_("Roles"),
    Subject.DEPARTMENTS: N_("Departments"),
    Subject.COURSES: N_("Courses"),
    Subject.FORM: N_("Sign-up form"),
    Subject.ACCOUNT: N_("Account"),
    Subject.HELP: N_("Help"),
}


Answer = Callable[[Context, str], Awaitable[Screen]]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A command: what it does, lines to copy, and the permission without which it is not offered (None: everybody).

    `also` are permissions that would do as well.
    """

    name: str
    summary: str
    examples: tuple[str, ...]
    permission: Permission | None = None
    also: tuple[Permission, ...] = ()
    subject: Subject = Subject.PROFILES

    def is_for(self, permissions: frozenset[Permission]) -> bool:
        """Tell whether to offer the command to somebody with these permissions."""
        return self.permission is None or not permissions.isdisjoint({self.permission, *self.also})
