"""Departments: the tree that people are put into."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, Scope
from core.domain.naming import format_path, nearest, parse_path
from core.errors import Conflict, DepartmentExists, DepartmentNotFound
from core.services.people import acting
from core.storage import departments, users
from core.storage.database import refusing


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A department in a listing; `depth` is 1 right below the root, `people` counts it alone."""

    department_id: int
    path: tuple[str, ...]
    people: int

    @property
    def depth(self) -> int:
        """How far below the root the department is."""
        return len(self.path)


def add(session: Session, actor_id: int, text: str) -> Branch:
    """Add the department that the path names, and those above it that are missing.

    Needs the permission to manage departments; raises InvalidName, DepartmentExists.
    """
    acting(session, actor_id, Permission.MANAGE_DEPARTMENTS)
    path = parse_path(text)
    parent, created = departments.root_id(session), False
    for name in path:
        child = departments.child_id(session, parent, name)
        created = child is None
        if child is None:
            with refusing(session, uq_department_parent_id_name_key=Conflict()):
                child = departments.add(session, parent, name)
        parent = child
    if not created:
        raise DepartmentExists(format_path(departments.paths(session, [parent])[parent]))
    return Branch(department_id=parent, path=departments.paths(session, [parent])[parent], people=0)


def tree(session: Session, actor_id: int) -> list[Branch]:
    """List the departments within the acting user's reach in the order of the tree."""
    actor = acting(session, actor_id, Permission.MANAGE_PROFILES)
    people = users.count_by_department(session)
    branches = [
        Branch(department_id=number, path=path, people=people.get(number, 0))
        for number, path in departments.paths_in(session, actor.scope).items()
    ]
    return sorted(branches, key=lambda branch: [name.casefold() for name in branch.path])


def find(session: Session, actor: Actor, text: str) -> int:
    """Find a department by its path within the acting user's reach; DepartmentNotFound knows what was meant, maybe."""
    wanted = format_path(parse_path(text))
    known = _known(session, actor.scope)
    by_path = {path.casefold(): number for path, number in known.items()}
    if (number := by_path.get(wanted.casefold())) is None:
        raise DepartmentNotFound(wanted, _meant(wanted, known))
    return number


def _known(session: Session, scope: Scope) -> dict[str, int]:
    return {format_path(path): number for number, path in departments.paths_in(session, scope).items() if path}


def _meant(wanted: str, known: dict[str, int]) -> tuple[str, ...]:
    """Look for paths that look alike, then for ones that end in the wanted name."""
    last = wanted.rsplit("/", 1)[-1].strip().casefold()
    ending = [path for path in known if path.rsplit("/", 1)[-1].strip().casefold() == last]
    return tuple(dict.fromkeys((*nearest(wanted, known), *ending)))[:3]
