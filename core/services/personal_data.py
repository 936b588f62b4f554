"""All that is kept on a person, for them to read: what there is, and the whole of it, recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import STAFF_ROLES, Permission
from core.domain.personal_data import Section
from core.errors import UserNotFound
from core.services import audit_log, person_rights
from core.services.audit_log import ABOUT_USERS, Action
from core.services.authorisation import authorise
from core.storage import account, people
from core.storage import personal_data as stored
from core.storage.tables import User


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """What is kept on a person: rows of named values by section. Moments are aware UTC, departments are paths."""

    user_id: int
    name: str
    organisation: str | None
    zone: ZoneInfo
    sections: Mapping[Section, Sequence[Mapping[str, Any]]]


def preview(session: Session, actor_id: int, user_id: int) -> PersonalData:
    """Return what an export would hold. Raises whatever `export` raises."""
    user = _readable(session, actor_id, user_id)
    row = account.load(session)
    return PersonalData(
        user_id=user.id,
        name=user.full_name,
        organisation=row.name,
        zone=ZoneInfo(row.zone),
        sections=stored.collect(session, user, sorted(ABOUT_USERS)),
    )


def export(session: Session, actor_id: int, user_id: int, now: datetime) -> PersonalData:
    """Return what is kept on a user within scope, and record that in the audit log.

    Raises UserNotFound, and NotAllowed if they are staff with more rights than the acting user.
    """
    collected = preview(session, actor_id, user_id)
    subject = audit_log.of_user(session.get_one(User, user_id))
    audit_log.record(session, actor_id, Action.PERSON_EXPORTED, subject, now)
    return collected


def _readable(session: Session, actor_id: int, user_id: int) -> User:
    """Find a user within scope whose data the actor may read as a whole: for staff, the actor must outrank them."""
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    user = people.visible(session, actor.scope, user_id)
    if user is None:
        raise UserNotFound(str(user_id))
    if user.role in STAFF_ROLES and user.id != actor_id:
        person_rights.require_outranks(session, actor, user)
    return user
