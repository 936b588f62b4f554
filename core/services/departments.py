"""Departments: the tree is listed, extended, renamed and moved."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.naming import SEPARATORS, clean_name, format_path, parse_path
from core.domain.text import key
from core.errors import (
    Conflict,
    DepartmentExists,
    MoveBelowItself,
    NotAllowed,
    RootDepartment,
)
from core.services import audit_log
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.services.department_lookup import Address, deepest_existing, find, not_found
from core.storage import departments, profiles, roster_doors
from core.storage import people as stored
from core.storage.database import refusing

NAMING = "uq_department_parent_id_name_key"
FOR_THE_TREE = (Permission.MANAGE_PROFILES, Permission.MANAGE_DEPARTMENTS, Permission.MANAGE_PEOPLE)


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A department in a listing; `people` does not include those of the departments below it."""

    department_id: int
    path: tuple[str, ...]
    people: int


@dataclass(frozen=True, kw_only=True)
class Move:
    """The effect of moving a department: its path before and after, the people and profiles that move with it.

    `gaining` and `losing` name the managers who gain or lose it, as far as what they manage is within scope; `closing`
    and `opening` the departments whose lists alone let people in there from then on, or no longer.
    """

    department_id: int
    parent_id: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    people: int
    profiles: int
    gaining: tuple[str, ...]
    losing: tuple[str, ...]
    closing: tuple[str, ...]
    opening: tuple[str, ...]

    @property
    def seen(self) -> str:
        """The fingerprint, which differs if the move would have any other effect."""
        return fingerprint(self)


def add(session: Session, actor_id: int, text: str, now: datetime) -> Branch:
    """Add the department with this path, and those above it that are missing.

    Needs the permission to manage departments, and the deepest existing department of the path within scope. Raises
    InvalidName, DepartmentExists, DepartmentNotFound.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_DEPARTMENTS)
    path = parse_path(text)
    departments.lock_tree(session)
    parent, missing = deepest_existing(session, path)
    require_scope(session, actor, parent, format_path(path))
    if not missing:
        raise DepartmentExists(format_path(departments.path(session, parent)))
    for name in missing:
        with refusing(session, **{NAMING: Conflict()}):
            parent = departments.add(session, parent, name)
        audit_log.record(session, actor_id, Action.DEPARTMENT_ADDED, subject(session, parent), now)
    return Branch(department_id=parent, path=departments.path(session, parent), people=0)


def rename(session: Session, actor_id: int, text: str, name: str, now: datetime) -> Branch:
    """Rename a department within scope.

    Raises DepartmentNotFound, RootDepartment, InvalidName, DepartmentExists.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_DEPARTMENTS)
    name = clean_name(name, forbidden=SEPARATORS)
    departments.lock_tree(session)
    department_id = target(session, actor, text)
    before = subject(session, department_id)
    row = departments.load(session, department_id)
    with refusing(session, **{NAMING: DepartmentExists(_sibling(before.name, name))}):
        row.name, row.name_key = name, key(name)
    after = subject(session, department_id)
    _record(session, actor, Action.DEPARTMENT_RENAMED, before, after, now)
    return _branch(session, department_id)


def preview_move(session: Session, actor_id: int, department: Address, below: Address) -> Move:
    """Return the effect of a move without making it. Raises whatever `move` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_DEPARTMENTS)
    meant = _move(session, actor, *_movable(session, actor, department, below))
    if departments.child_id(session, meant.parent_id, meant.after[-1]) not in (None, meant.department_id):
        raise DepartmentExists(format_path(meant.after))
    return meant


def move(
    session: Session, actor_id: int, department: Address, below: Address, now: datetime, *, seen: str | None = None
) -> Branch:
    """Move a department and its subtree below another one; empty `below` is the root. Both must be within scope.

    Raises DepartmentNotFound, DepartmentGone, RootDepartment, MoveBelowItself, DepartmentExists, and PreviewOutdated
    if the move no longer has the effect that was `seen`.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_DEPARTMENTS)
    departments.lock_tree(session)
    meant = _move(session, actor, *_movable(session, actor, department, below))
    refuse_if_outdated(seen, meant.seen)
    before = subject(session, meant.department_id)
    departments.lock_branch(session, meant.department_id)  # who may sign up there can change with those above it
    with refusing(session, **{NAMING: DepartmentExists(format_path(meant.after))}):
        departments.move(session, meant.department_id, meant.parent_id)
    _record(session, actor, Action.DEPARTMENT_MOVED, before, subject(session, meant.department_id), now)
    return _branch(session, meant.department_id)


def tree(session: Session, actor_id: int) -> list[Branch]:
    """List the departments within the acting user's scope, in the order of the tree."""
    actor = authorise(session, actor_id, *FOR_THE_TREE)
    found = departments.paths_in(session, actor.scope)
    people = stored.count_by_department(session, actor.scope)
    branches = [Branch(department_id=number, path=path, people=people.get(number, 0)) for number, path in found.items()]
    return sorted(branches, key=lambda branch: [name.casefold() for name in branch.path])


def target(session: Session, actor: Actor, address: Address) -> int:
    """Find a department to change. Raises RootDepartment for the root, which has an empty path."""
    if isinstance(address, str) and not address.strip(" /"):
        raise RootDepartment
    department_id = find(session, actor, address)
    if department_id == departments.root_id(session):
        raise RootDepartment
    return department_id


def _movable(session: Session, actor: Actor, department: Address, below: Address) -> tuple[int, int]:
    """Find a department to move and its new parent; an empty path is the root."""
    department_id = target(session, actor, department)
    to_root = isinstance(below, str) and not below.strip()
    parent_id = departments.root_id(session) if to_root else find(session, actor, below)
    require_scope(session, actor, parent_id, str(below))
    if departments.is_below(session, parent_id, department_id):
        raise MoveBelowItself(format_path(departments.path(session, department_id)))
    return department_id, parent_id


def _move(session: Session, actor: Actor, department_id: int, parent_id: int) -> Move:
    before, above = departments.path(session, department_id), departments.path(session, parent_id)
    left = departments.above(session, department_id)
    old = departments.managers_of(session, left, actor.scope)
    kept = [department_id, *departments.above(session, parent_id)]  # its own managers keep it wherever it is
    new = departments.managers_of(session, kept, actor.scope)
    closed, closed_before = roster_doors.closed(session, kept), roster_doors.closed(session, left)
    return Move(
        department_id=department_id,
        parent_id=parent_id,
        before=before,
        after=(*above, before[-1]),
        people=sum(stored.count_listed_in_branch(session, department_id)),
        profiles=profiles.count_in_branch(session, department_id),
        gaining=tuple(name for number, name in new.items() if number not in old),
        losing=tuple(name for number, name in old.items() if number not in new),
        closing=tuple(name for number, name in closed.items() if number not in closed_before),
        opening=tuple(name for number, name in closed_before.items() if number not in closed),
    )


def require_scope(session: Session, actor: Actor, department_id: int, text: str) -> None:
    """Raise unless a department is within scope: NotAllowed if no path was typed, else DepartmentNotFound for it."""
    if not departments.within_scope(session, actor.scope, [department_id]):
        if not text.strip(" /"):
            raise NotAllowed
        raise not_found(session, actor, text)


def _branch(session: Session, department_id: int) -> Branch:
    here, _ = stored.count_listed_in_branch(session, department_id)
    return Branch(department_id=department_id, path=departments.path(session, department_id), people=here)


def subject(session: Session, department_id: int) -> Subject:
    """Return a department as the subject of an entry in the audit log."""
    path = format_path(departments.path(session, department_id))
    return Subject(number=department_id, name=path, department_id=department_id)


def _record(session: Session, actor: Actor, action: Action, before: Subject, after: Subject, now: datetime) -> None:
    changed = ({"path": before.name}, {"path": after.name})
    audit_log.record(session, actor.user_id, action, after, now, before=changed[0], after=changed[1])


def _sibling(path: str, name: str) -> str:
    return format_path((*parse_path(path)[:-1], name))
