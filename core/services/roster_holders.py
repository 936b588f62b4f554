"""Profiles and departments as the holders of rosters: found by whoever may see their rosters, locked, and recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.domain.access import Actor
from core.domain.rosters import RosterOf
from core.errors import RootDepartment
from core.services import audit_log, department_lookup, departments
from core.services import profiles as profile_services
from core.services.audit_log import Action, Subject
from core.storage import departments as tree
from core.storage.tables import Department, Profile

OF_DEPARTMENTS: Mapping[Action, Action] = {  # so that the log leads to the department
    Action.ROSTER_KEPT: Action.DEPARTMENT_ROSTER_KEPT,
    Action.ROSTER_REMOVED: Action.DEPARTMENT_ROSTER_REMOVED,
    Action.ROSTER_SWITCHED: Action.DEPARTMENT_ROSTER_SWITCHED,
    Action.ROSTER_EXPORTED: Action.DEPARTMENT_ROSTER_EXPORTED,
    Action.EXPECTED_REMOVED: Action.DEPARTMENT_EXPECTED_REMOVED,
}


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A profile or department that has a roster, or could have one; `name` is a department's path."""

    of: RosterOf
    subject: Subject
    row: Profile | Department

    @property
    def name(self) -> str:
        """What it is called in a list of rosters."""
        return self.subject.name


def find(session: Session, actor: Actor, of: RosterOf) -> Holder:
    """Find a profile that the actor may edit, or a department within their scope.

    Raises ProfileNotFound, ProfileReadOnly, DepartmentGone, RootDepartment.
    """
    if of.department_id is None:
        return _of_profile(of, profile_services.editable(session, actor, of.profile_id or 0))
    return _of_department(session, actor, of, of.department_id)


def find_for_update(session: Session, actor: Actor, of: RosterOf) -> Holder:
    """Find the same, locked; a department with all below it, so that sign-ups there are over or have not begun.

    Raises what `find` raises.
    """
    if of.department_id is None:
        return _of_profile(of, profile_services.find_for_update(session, actor, of.profile_id or 0))
    _of_department(session, actor, of, of.department_id)
    tree.lock_tree(session)  # nothing moves there meanwhile
    tree.lock_branch(session, of.department_id)
    return _of_department(session, actor, of, of.department_id)


def record(
    session: Session,
    by_id: int,
    action: Action,
    holder: Holder,
    now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry about a roster to the audit log."""
    done = action if holder.of.department_id is None else OF_DEPARTMENTS[action]
    audit_log.record(session, by_id, done, holder.subject, now, before=before, after=after)


def _of_profile(of: RosterOf, profile: Profile) -> Holder:
    return Holder(of=of, subject=profile_services.subject(profile), row=profile)


def _of_department(session: Session, actor: Actor, of: RosterOf, department_id: int) -> Holder:
    found = department_lookup.find(session, actor, department_id)
    if found == tree.root_id(session):
        raise RootDepartment
    return Holder(of=of, subject=departments.subject(session, found), row=tree.load(session, found))
