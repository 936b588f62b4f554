"""Copies of sign-up profiles."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.naming import clean_name
from core.domain.windows import Window
from core.errors import Conflict, ProfileNotFound
from core.services import profiles as profile_services
from core.services.authorisation import authorise
from core.services.profiles import Card
from core.storage import departments, profiles
from core.storage.tables import Profile


def duplicate(
    session: Session, actor_id: int, profile_id: int, name: str, now: datetime, *, since: int | None = None
) -> Card:
    """Create an unused copy of a profile, with another name and a link of its own.

    If the window has ended, the copy's starts now and has the same duration. `since` is the highest profile number at
    the time of the offer: if the acting user has since made this copy and not edited it, it is returned again, so that
    accepting the offer twice makes one copy. Raises ProfileNotFound, ProfileReadOnly, InvalidName.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    name, model = clean_name(name), _model(session, actor, profile_id)
    copy = None if since is None else _copy_since(session, actor, model, name, since)
    if copy is None:
        window = _window_of_copy(model, now)
        copy = profile_services.add(session, actor, name, model.department_id, window, model.activation_limit, now)
    return profile_services.card_of(session, actor, copy, now)


def _model(session: Session, actor: Actor, profile_id: int) -> Profile:
    """Find a profile to copy; lock its department against removal, and the profile against concurrent copies."""
    department_id = profile_services.editable(session, actor, profile_id).department_id
    if not departments.lock(session, department_id):
        raise ProfileNotFound(profile_id)
    model = profile_services.find_for_update(session, actor, profile_id)
    if model.department_id != department_id:
        raise Conflict
    return model


def _copy_since(session: Session, actor: Actor, model: Profile, name: str, since: int) -> Profile | None:
    made = profiles.copies(session, model, name, made_by=actor.user_id, since=since)
    alike = (one for one in made if one.window == _window_of_copy(model, one.created_at))
    return next(alike, None)


def _window_of_copy(model: Profile, now: datetime) -> Window:
    """Return the model's window, or one of the same duration from the current minute if it has ended."""
    window = model.window
    if window.ends_at > now:
        return window
    starts_at = now.replace(second=0, microsecond=0)
    return Window(starts_at=starts_at, ends_at=starts_at + (window.ends_at - window.starts_at))
