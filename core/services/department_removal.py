"""The removal of a department with all below it: what it would include, and what forbids it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.naming import format_path
from core.domain.rosters import RosterOf
from core.errors import DepartmentHasUsers, DepartmentManaged
from core.services import audit_log, profile_removal
from core.services import departments as tree
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.department_lookup import Address
from core.storage import courses, departments, pending_sign_ups, profiles, rosters
from core.storage import people as stored
from core.storage.tables import Profile


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What is removed with a department: the paths of it and those below it, their profiles, courses and invitations.

    `rules` are the titles of the courses that they give, `invitations` the number of open ones to manage them,
    `expected` that of the people on the lists of these departments and profiles. Of the
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
    expected: int
    seen: str


def preview(session: Session, actor_id: int, address: Address, now: datetime) -> Removal:
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
    subject = tree.subject(session, department_id)
    branch = departments.lock_branch(session, department_id)  # waits for sign-ups in progress
    profile_removal.release_removed(session, actor_id, branch, now)
    _require_empty(session, department_id, subject.name)  # again, because they may have added users
    _require_unmanaged(session, actor, department_id)
    pointing = profiles.lock_in_departments(session, branch)
    gone = _removal(session, actor, department_id, branch, pointing, now)
    refuse_if_outdated(seen, gone.seen)
    for profile in pointing:
        profile_removal.remove_for_good(session, actor_id, profile, now)
    rosters.clear(session, *_rosters(branch, pointing))
    departments.remove(session, branch, now)
    after = {"departments": len(gone.departments), "profiles": len(gone.profiles)}
    audit_log.record(session, actor_id, Action.DEPARTMENT_REMOVED, subject, now, after=after)
    return gone


def _removable(session: Session, actor: Actor, address: Address) -> int:
    department_id = tree.target(session, actor, address)
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


def _removal(
    session: Session, actor: Actor, department_id: int, branch: list[int], pointing: list[Profile], now: datetime
) -> Removal:
    paths, gone = departments.paths(session, branch), profile_removal.described(session, pointing)
    rules, invited = courses.titles_given_in(session, branch), departments.count_invitations(session, branch, now)
    expected = rosters.size(session, *_rosters(branch, pointing))
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
        expected=expected,
        seen=fingerprint(sorted(paths.items()), gone, rules, invited, expected),
    )


def _rosters(branch: list[int], pointing: list[Profile]) -> list[RosterOf]:
    """Return the rosters, if they are any, of departments and profiles."""
    return [
        *(RosterOf(department_id=number) for number in branch),
        *(RosterOf(profile_id=profile.id) for profile in pointing),
    ]
