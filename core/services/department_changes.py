"""What a transfer changes, whoever makes it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.services import audit_log, courses
from core.services.audit_log import Action
from core.storage import departments
from core.storage.tables import User


@dataclass(frozen=True, kw_only=True)
class DepartmentChange:
    """Who goes to which department, by whom, and `through` which profile's link (its name) if they go themselves."""

    user: User
    to: int
    by_id: int
    through: str | None = None


def change_department(session: Session, made: DepartmentChange, now: datetime) -> None:
    """Move a locked user to a locked department, enrol them by its rules, and record it. Rights are not checked here.

    They keep the courses that they have. Nothing happens if they are there already.
    """
    user = made.user
    if user.department_id == made.to:
        return
    before = departments.path(session, user.department_id)
    user.department_id = made.to
    session.flush()
    courses.enrol(session, user.id, made.to, now)
    after: dict[str, object] = {"department": list(departments.path(session, made.to))}
    if made.through is not None:
        after["through"] = made.through
    subject, left = audit_log.of_user(user), {"department": list(before)}
    audit_log.record(session, made.by_id, Action.USER_TRANSFERRED, subject, now, before=left, after=after)
