"""What opens a link that is closed: more places, more time, an earlier start, resuming, or the switch of sign-up."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.access_requests import Cure
from core.domain.links import LinkState, link_state
from core.domain.places import HIGHEST_LIMIT
from core.domain.profile_answers import end_after
from core.errors import LimitNotUnderstood
from core.services import account as accounts
from core.services import profile_changes, profile_editing, profiles
from core.services.authorisation import authorise
from core.services.profile_changes import EditedField
from core.services.profile_extending import PLACES, WEEK
from core.storage import account
from core.storage import profiles as stored
from core.storage.tables import Profile


def cure(session: Session, actor_id: int, profile_id: int, what: Cure, now: datetime) -> LinkState:
    """Do to a profile what opens its link, if it is closed for that reason; return the state of the link then.

    Needs the permission to manage sign-up profiles, the profile's department within scope, and to turn sign-up on the
    permission for that. Raises ProfileNotFound, ProfileReadOnly, NotAllowed, LimitNotUnderstood.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profiles.editable(session, actor, profile_id)
    if what is Cure.SWITCH_ON:
        accounts.switch_sign_up(session, actor_id, now, on=True)  # its lock comes before the profile's
    profile = profiles.find_for_update(session, actor, profile_id)
    apply(session, actor_id, profile, _state(session, profile, now), what, now)
    return _state(session, profile, now)


def apply(session: Session, by_id: int, profile: Profile, state: LinkState, what: Cure, now: datetime) -> None:
    """Do to a locked profile what a cure says, as the editing of it does, so that it is recorded.

    `state` is that of its link. Rights are not checked here. Raises LimitNotUnderstood.
    """
    match what:
        case Cure.PLACE | Cure.PLACES if state is LinkState.FULL:
            add_places(session, by_id, profile, 1 if what is Cure.PLACE else PLACES, now)
        case Cure.WEEK if profile.ends_at < now:
            later = end_after(now, account.zone(session), WEEK)
            _edit(session, by_id, profile, EditedField.END, profile_changes.as_seconds(later), now)
        case Cure.OPEN_NOW if profile.starts_at > now:
            _edit(session, by_id, profile, EditedField.START, profile_changes.as_seconds(now), now)
        case Cure.RESUME if profile.paused:
            profile_editing.pause(session, by_id, profile.id, now, paused=False)
        case _:
            pass


def add_places(session: Session, by_id: int, profile: Profile, more: int, now: datetime) -> None:
    """Give a locked profile that is full so many places more than are taken. Raises LimitNotUnderstood."""
    limit = profile.used + profile.reserved + more
    if limit > HIGHEST_LIMIT:
        raise LimitNotUnderstood(str(limit), HIGHEST_LIMIT)
    _edit(session, by_id, profile, EditedField.LIMIT, limit, now)


def _edit(session: Session, by_id: int, profile: Profile, field: EditedField, value: int, now: datetime) -> None:
    wanted = profile_editing.settled(session, by_id, profile.id, field, value, now)
    profile_editing.save(session, by_id, profile.id, wanted, now)


def _state(session: Session, profile: Profile, now: datetime) -> LinkState:
    return link_state(stored.facts(profile, sign_up_enabled=account.load(session).sign_up_enabled), now)
