"""Refusals about the tree of departments."""

from dataclasses import dataclass

from core.errors.base import Refusal


@dataclass(eq=False)
class DepartmentExists(Refusal):
    """A department with this path already exists."""

    path: str


@dataclass(eq=False)
class DepartmentNotFound(Refusal):
    """There is no department with this path within the acting user's scope; `nearest` are suggestions.

    `addable`: the acting user may add it. If not, `below` are the paths of the departments under which they may add
    others; it is empty if they may add none.
    """

    path: str
    nearest: tuple[str, ...]
    addable: bool
    below: tuple[str, ...]


@dataclass(eq=False)
class DepartmentAmbiguous(Refusal):
    """Several departments within the acting user's scope have paths that end so; `nearest` are these paths."""

    path: str
    nearest: tuple[str, ...]


class DepartmentNotNamed(Refusal):
    """No department was named, and the acting user manages more than one, or all."""


@dataclass(eq=False)
class PathTooDeep(Refusal):
    """A department's path has more than `deepest` names."""

    deepest: int


@dataclass(eq=False)
class PathIncomplete(Refusal):
    """A department's path is empty, or has a slash without a name on one of its sides."""

    path: str


class DepartmentGone(Refusal):
    """There is no longer a department with this number within the acting user's scope."""


class RootDepartment(Refusal):
    """The root department cannot be renamed, moved or removed."""


@dataclass(eq=False)
class DepartmentHasUsers(Refusal):
    """The department cannot be removed because `here` users are in it and `below` users in the departments below it.

    `waiting` of them are waiting for approval.
    """

    path: str
    here: int
    below: int
    waiting: int


@dataclass(eq=False)
class DepartmentManaged(Refusal):
    """The department cannot be removed because other users (`managers`) manage it or one below it (`path`)."""

    path: str
    managers: tuple[str, ...]


@dataclass(eq=False)
class MoveBelowItself(Refusal):
    """A department cannot be moved to itself or to a department below itself."""

    path: str
