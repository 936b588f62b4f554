"""All that is kept on a person, for them to read: what there is, and the whole of it, recorded."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import STAFF_ROLES, Permission
from core.domain.personal_data import Section
from core.errors import UserNotFound
from core.services import audit_log, own_details, person_rights
from core.services.audit_log import ABOUT_USERS, Action
from core.services.authorisation import authorise
from core.storage import account, people
from core.storage import personal_data as stored
from core.storage.tables import User

FORMAT, VERSION = "gangway personal data", 1


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
    return _collect(session, _readable(session, actor_id, user_id))


def export(session: Session, actor_id: int, user_id: int, now: datetime) -> PersonalData:
    """Return what is kept on a user within scope, and record that in the audit log.

    Raises UserNotFound, and NotAllowed if they are staff with more rights than the acting user.
    """
    collected = preview(session, actor_id, user_id)
    subject = audit_log.of_user(session.get_one(User, user_id))
    audit_log.record(session, actor_id, Action.PERSON_EXPORTED, subject, now)
    return collected


def export_own(session: Session, user_id: int, now: datetime) -> PersonalData:
    """Return what is kept on the acting user, and record that in the audit log. Raises NotAllowed."""
    user = own_details.own(session, user_id)
    collected = _collect(session, user)
    audit_log.record(session, user.id, Action.PERSON_EXPORTED, audit_log.of_user(user), now)
    return collected


def as_json(data: PersonalData, now: datetime) -> bytes:
    """Write all sections under their English names, for programs; moments in ISO 8601 (UTC)."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "organisation": data.organisation,
        "exported at": now,
        "data": {section: [*rows] for section, rows in data.sections.items()},
    }
    return json.dumps(document, ensure_ascii=False, indent=2, default=datetime.isoformat).encode()


def _collect(session: Session, user: User) -> PersonalData:
    row = account.load(session)
    return PersonalData(
        user_id=user.id,
        name=user.full_name,
        organisation=row.name,
        zone=ZoneInfo(row.zone),
        sections=stored.collect(session, user, sorted(ABOUT_USERS)),
    )


def _readable(session: Session, actor_id: int, user_id: int) -> User:
    """Find a user within scope whose data the actor may read as a whole: for staff, the actor must outrank them."""
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    user = people.visible(session, actor.scope, user_id)
    if user is None:
        raise UserNotFound(str(user_id))
    if user.role in STAFF_ROLES and user.id != actor_id:
        person_rights.require_outranks(session, actor, user)
    return user
