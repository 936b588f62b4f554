"""Refusals about the tree of departments."""

from dataclasses import dataclass

from core.errors.base import Refusal


@dataclass(eq=False)
class DepartmentExists(Refusal):
    """A department of this path is there already."""

    path: str


@dataclass(eq=False)
class DepartmentNotFound(Refusal):
    """No department of this path within the acting user's reach; `nearest` may be what was meant.

    `addable`: the acting user may add it. Where they may not, but may add others, `below` are the paths of the
    departments that they may do so under.
    """

    path: str
    nearest: tuple[str, ...]
    addable: bool
    below: tuple[str, ...]


class DepartmentGone(Refusal):
    """No department of this number within the acting user's reach, by now."""


class RootDepartment(Refusal):
    """The root department can be neither renamed, nor moved, nor removed."""


@dataclass(eq=False)
class DepartmentHasUsers(Refusal):
    """Users are in the department (`here`) or in those below it (`below`), so it cannot be removed.

    `waiting` of them wait for an approval.
    """

    path: str
    here: int
    below: int
    waiting: int


@dataclass(eq=False)
class DepartmentManaged(Refusal):
    """Somebody else manages the department or one below it (its `path`), so it cannot be removed."""

    path: str
    managers: tuple[str, ...]


@dataclass(eq=False)
class MoveBelowItself(Refusal):
    """A department cannot be moved into itself or below itself."""

    path: str
