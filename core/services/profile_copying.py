"""Copies of sign-up profiles."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.domain import profile_answers
from core.domain.access import Actor, Permission
from core.domain.naming import clean_name, next_name
from core.domain.profile_answers import DEPARTMENT, ENDS, LIMIT, NAME, STARTS
from core.domain.windows import Window
from core.errors import Conflict, ProfileNotFound
from core.services import profiles as profile_services
from core.services.authorisation import authorise
from core.services.profiles import Card
from core.storage import departments
from core.storage.tables import Profile


def duplicate(session: Session, actor_id: int, profile_id: int, name: str, now: datetime) -> Card:
    """Create an unused copy of a profile, with another name and a link of its own.

    If the window has ended, the copy's starts now and has the same duration. Raises ProfileNotFound, ProfileReadOnly,
    InvalidName.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    name, model = clean_name(name), _model(session, actor, profile_id)
    window = _window_of_copy(model, now)
    copy = profile_services.add(session, actor, name, model.department_id, window, model.activation_limit, now)
    return profile_services.cards(session, actor, [copy], now)[0]


def answers_of(session: Session, actor_id: int, profile_id: int, now: datetime) -> dict[str, Any]:
    """Return the answers with which the form of a profile's copy begins. Raises ProfileNotFound, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    model = profile_services.editable(session, actor, profile_id)
    window = _window_of_copy(model, now)
    return {
        NAME: next_name(model.name),
        DEPARTMENT: model.department_id,
        STARTS: profile_answers.written(window.starts_at) if window.starts_at > now else None,
        ENDS: profile_answers.written(window.ends_at),
        LIMIT: model.activation_limit,
    }


def _model(session: Session, actor: Actor, profile_id: int) -> Profile:
    """Find a profile to copy; lock its department against removal, and the profile against concurrent copies."""
    department_id = profile_services.editable(session, actor, profile_id).department_id
    if not departments.lock(session, department_id):
        raise ProfileNotFound(profile_id)
    model = profile_services.find_for_update(session, actor, profile_id)
    if model.department_id != department_id:
        raise Conflict
    return model


def _window_of_copy(model: Profile, now: datetime) -> Window:
    """Return the model's window, or one of the same duration from the current minute if it has ended."""
    window = model.window
    if window.ends_at > now:
        return window
    starts_at = now.replace(second=0, microsecond=0)
    return Window(starts_at=starts_at, ends_at=starts_at + (window.ends_at - window.starts_at))
