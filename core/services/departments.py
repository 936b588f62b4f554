"""Departments: the tree is listed, extended, renamed, moved and pruned."""

from collections.abc import Iterable
from contextlib import suppress
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
    DepartmentHasUsers,
    DepartmentManaged,
    MoveBelowItself,
    NotAllowed,
    RootDepartment,
)
from core.services import audit_log, profile_removal
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.services.department_lookup import Address, deepest_existing, find, not_found
from core.storage import courses, departments, pending_sign_ups, profiles
from core.storage import people as stored
from core.storage.database import refusing
from core.storage.tables import Profile

NAMING = "uq_department_parent_id_name_key"
FOR_THE_TREE = (Permission.MANAGE_PROFILES, Permission.MANAGE_DEPARTMENTS, Permission.MANAGE_PEOPLE)


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A department in a listing; `people` does not include those of the departments below it."""

    department_id: int
    path: tuple[str, ...]
    people: int


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What is removed with a department: the paths of it and those below it, their profiles, courses and invitations.

    `rules` are the titles of the courses that they give, `invitations` the number of open ones to manage them. Of the
    people who wait through the profiles, `waiting` names those whom the acting user may approve, and `unnamed` counts
    the others. `seen` is its fingerprint, which differs if anything else would be removed, even under the same names.
    """

    department_id: int
    departments: tuple[tuple[str, ...], ...]
    profiles: tuple[str, ...]
    waiting: tuple[str, ...]
    unnamed: int
    rules: tuple[str, ...]
    invitations: int
    seen: str


@dataclass(frozen=True, kw_only=True)
class Move:
    """The effect of moving a department: its path before and after, the people and profiles that move with it.

    `gaining` and `losing` name the managers who gain or lose it, as far as what they manage is within scope.
    """

    department_id: int
    parent_id: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    people: int
    profiles: int
    gaining: tuple[str, ...]
    losing: tuple[str, ...]

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
    _require_scope(session, actor, parent, format_path(path))
    if not missing:
        raise DepartmentExists(format_path(departments.path(session, parent)))
    for name in missing:
        with refusing(session, **{NAMING: Conflict()}):
            parent = departments.add(session, parent, name)
        audit_log.record(session, actor_id, Action.DEPARTMENT_ADDED, _subject(session, parent), now)
    return Branch(department_id=parent, path=departments.path(session, parent), people=0)


def add_several(session: Session, actor_id: int, paths: Iterable[str], now: datetime) -> list[Branch]:
    """Add the departments with these paths, all or none; return those that didn't exist. Raises as `add` does."""
    authorise(session, actor_id, Permission.MANAGE_DEPARTMENTS)
    added = []
    for path in paths:
        with suppress(DepartmentExists):
            added.append(add(session, actor_id, path, now))
    return added


def rename(session: Session, actor_id: int, text: str, name: str, now: datetime) -> Branch:
    """Rename a department within scope.

    Raises DepartmentNotFound, RootDepartment, InvalidName, DepartmentExists.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_DEPARTMENTS)
    name = clean_name(name, forbidden=SEPARATORS)
    departments.lock_tree(session)
    department_id = _target(session, actor, text)
    before = _subject(session, department_id)
    row = departments.load(session, department_id)
    with refusing(session, **{NAMING: DepartmentExists(_sibling(before.name, name))}):
        row.name, row.name_key = name, key(name)
    after = _subject(session, department_id)
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
    before = _subject(session, meant.department_id)
    with refusing(session, **{NAMING: DepartmentExists(format_path(meant.after))}):
        departments.move(session, meant.department_id, meant.parent_id)
    _record(session, actor, Action.DEPARTMENT_MOVED, before, _subject(session, meant.department_id), now)
    return _branch(session, meant.department_id)


def preview_removal(session: Session, actor_id: int, address: Address, now: datetime) -> Removal:
    """Return what a removal would include. Raises whatever `remove` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_DEPARTMENTS)
    department_id = _removable(session, actor, address)
    branch = departments.branch(session, department_id)
    return _removal(session, actor, department_id, branch, profiles.in_departments(session, branch), now)


def remove(session: Session, actor_id: int, address: Address, now: datetime, *, seen: str | None = None) -> Removal:
    """Remove a department with those below it, their sign-up profiles and enrolment rules; enrolments stay.

    Raises DepartmentNotFound, DepartmentGone, RootDepartment, DepartmentHasUsers, DepartmentManaged, and
    PreviewOutdated if the removal no longer includes what was `seen`.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_DEPARTMENTS)
    departments.lock_tree(session)
    department_id = _removable(session, actor, address)
    subject = _subject(session, department_id)
    branch = departments.lock_branch(session, department_id)  # waits for sign-ups in progress
    profile_removal.release_removed(session, actor_id, branch, now)
    _require_empty(session, department_id, subject.name)  # again, because they may have added users
    _require_unmanaged(session, actor, department_id)
    pointing = profiles.lock_in_departments(session, branch)
    gone = _removal(session, actor, department_id, branch, pointing, now)
    refuse_if_outdated(seen, gone.seen)
    for profile in pointing:
        profile_removal.remove_for_good(session, actor_id, profile, now)
    departments.remove(session, branch, now)
    after = {"departments": len(gone.departments), "profiles": len(gone.profiles)}
    audit_log.record(session, actor_id, Action.DEPARTMENT_REMOVED, subject, now, after=after)
    return gone


def tree(session: Session, actor_id: int) -> list[Branch]:
    """List the departments within the acting user's scope, in the order of the tree."""
    actor = authorise(session, actor_id, *FOR_THE_TREE)
    found = departments.paths_in(session, actor.scope)
    people = stored.count_by_department(session, actor.scope)
    branches = [Branch(department_id=number, path=path, people=people.get(number, 0)) for number, path in found.items()]
    return sorted(branches, key=lambda branch: [name.casefold() for name in branch.path])


def _target(session: Session, actor: Actor, address: Address) -> int:
    """Find a department to change. Raises RootDepartment for the root, which has an empty path."""
    if isinstance(address, str) and not address.strip(" /"):
        raise RootDepartment
    department_id = find(session, actor, address)
    if department_id == departments.root_id(session):
        raise RootDepartment
    return department_id


def _movable(session: Session, actor: Actor, department: Address, below: Address) -> tuple[int, int]:
    """Find a department to move and its new parent; an empty path is the root."""
    department_id = _target(session, actor, department)
    to_root = isinstance(below, str) and not below.strip()
    parent_id = departments.root_id(session) if to_root else find(session, actor, below)
    _require_scope(session, actor, parent_id, str(below))
    if departments.is_below(session, parent_id, department_id):
        raise MoveBelowItself(format_path(departments.path(session, department_id)))
    return department_id, parent_id


def _move(session: Session, actor: Actor, department_id: int, parent_id: int) -> Move:
    before, above = departments.path(session, department_id), departments.path(session, parent_id)
    old = departments.managers_of(session, departments.above(session, department_id), actor.scope)
    kept = [department_id, *departments.above(session, parent_id)]  # its own managers keep it wherever it is
    new = departments.managers_of(session, kept, actor.scope)
    return Move(
        department_id=department_id,
        parent_id=parent_id,
        before=before,
        after=(*above, before[-1]),
        people=sum(stored.count_in_branch(session, department_id)),
        profiles=profiles.count_in_branch(session, department_id),
        gaining=tuple(name for number, name in new.items() if number not in old),
        losing=tuple(name for number, name in old.items() if number not in new),
    )


def _removable(session: Session, actor: Actor, address: Address) -> int:
    department_id = _target(session, actor, address)
    _require_empty(session, department_id, format_path(departments.path(session, department_id)))
    _require_unmanaged(session, actor, department_id)
    return department_id


def _require_empty(session: Session, department_id: int, path: str) -> None:
    here, below = stored.count_in_branch(session, department_id)
    if here or below:
        raise DepartmentHasUsers(
            path, here, below, pending_sign_ups.count_awaiting_approval_in_branch(session, department_id)
        )


def _require_unmanaged(session: Session, actor: Actor, department_id: int) -> None:
    rows = departments.managers_other_than(session, department_id, actor.user_id)
    if rows:
        managed = rows[0][0]
        names = tuple(f"{first} {last}".strip() for number, first, last in rows if number == managed)
        raise DepartmentManaged(format_path(departments.path(session, managed)), names)


def _require_scope(session: Session, actor: Actor, department_id: int, text: str) -> None:
    if not departments.within_scope(session, actor.scope, [department_id]):
        if not text.strip(" /"):
            raise NotAllowed
        raise not_found(session, actor, text)


def _removal(
    session: Session, actor: Actor, department_id: int, branch: list[int], pointing: list[Profile], now: datetime
) -> Removal:
    paths, gone = departments.paths(session, branch), profile_removal.described(session, pointing)
    rules, invited = courses.titles_given_in(session, branch), departments.count_invitations(session, branch, now)
    waiting = tuple(name for each in gone.removals for name in each.waiting)
    named = waiting if actor.may(Permission.MANAGE_PROFILES) else ()
    return Removal(
        department_id=department_id,
        departments=tuple(sorted(paths.values())),
        profiles=tuple(each.name for each in gone.removals),
        waiting=named,
        unnamed=sum(each.unnamed for each in gone.removals) + len(waiting) - len(named),
        rules=tuple(rules),
        invitations=invited,
        seen=fingerprint(sorted(paths.items()), gone, rules, invited),
    )


def _branch(session: Session, department_id: int) -> Branch:
    here, _ = stored.count_in_branch(session, department_id)
    return Branch(department_id=department_id, path=departments.path(session, department_id), people=here)


def _subject(session: Session, department_id: int) -> Subject:
    path = format_path(departments.path(session, department_id))
    return Subject(number=department_id, name=path, department_id=department_id)


def _record(session: Session, actor: Actor, action: Action, before: Subject, after: Subject, now: datetime) -> None:
    changed = ({"path": before.name}, {"path": after.name})
    audit_log.record(session, actor.user_id, action, after, now, before=changed[0], after=changed[1])


def _sibling(path: str, name: str) -> str:
    return format_path((*parse_path(path)[:-1], name))
