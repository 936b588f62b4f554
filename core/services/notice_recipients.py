"""Who in the chat hears of a profile or a department: those who may do something about it."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.storage import actors, departments, people
from core.storage.tables import Profile, User


def of_profile(session: Session, profile: Profile) -> list[int]:
    """Return a profile's creator, if they may edit it, or else the managers over it, or else the administrators."""
    if _may(session, profile.created_by, Permission.MANAGE_PROFILES, profile.department_id):
        return [profile.created_by]
    return managers(session, profile.department_id, Permission.MANAGE_PROFILES)


def managers(session: Session, department_id: int, permission: Permission, besides: Iterable[int] = ()) -> list[int]:
    """Return who manages a department with a permission, those `besides` among them, or else the administrators."""
    found = sorted({*besides, *people.managers_over(session, department_id)})
    return [each for each in found if _may(session, each, permission, department_id)] or people.administrators(session)


def _may(session: Session, user_id: int, permission: Permission, department_id: int) -> bool:
    actor = actors.find(session, user_id)
    return (
        actor is not None
        and actor.may(permission)
        and bool(departments.within_scope(session, actor.scope, [department_id]))
        and session.get_one(User, user_id).telegram_id is not None
    )
