"""The form that edits a sign-up profile: what it begins with, what it would change, and what it saves.

Its answers are those of the form of a new profile, with the profile's number and with the values that the profile had
when they were last looked at (`base`). Only what differs from these is saved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.domain import profile_answers
from core.domain.access import Actor, Permission
from core.domain.moments import this_minute
from core.domain.naming import clean_name
from core.domain.profile_answers import DEPARTMENT, ENDS, LIMIT, NAME, STARTS, Answers
from core.domain.windows import Window
from core.errors import DepartmentGone, EndInPast, PreviewOutdated
from core.services import dialogues, profile_changes, profile_editing, profiles
from core.services.authorisation import authorise
from core.services.dialogues import Dialogue
from core.services.profile_changes import Target
from core.services.profile_editing import Effect
from core.services.profiles import Card
from core.storage import departments
from core.storage.tables import Profile

PROFILE, BASE = "profile", "base"


@dataclass(frozen=True, kw_only=True)
class Refreshed:
    """A form's answers with what others changed in the profile since; `changed` names these answers."""

    answers: Mapping[str, Any]
    changed: frozenset[str]


def begin(session: Session, actor_id: int, profile_id: int) -> dict[str, Any]:
    """Return the answers with which the form of a profile begins. Raises ProfileNotFound, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    values = _values(profiles.editable(session, actor, profile_id))
    return {PROFILE: profile_id, BASE: values, **values}


def refresh(session: Session, actor_id: int, answers: Answers) -> Refreshed:
    """Return the answers with the profile's present values, except where the acting user chose another.

    Raises ProfileNotFound, ProfileReadOnly.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    present, base = _values(profiles.editable(session, actor, answers[PROFILE])), answers[BASE]
    changed = frozenset(name for name in present if present[name] != base[name])
    untouched = {name: present[name] for name in present if answers[name] == base[name]}
    return Refreshed(answers={**answers, **untouched, BASE: present}, changed=changed)


def effect(session: Session, actor_id: int, answers: Answers, now: datetime) -> Effect:
    """Return what saving would change. Raises ProfileNotFound, ProfileReadOnly, DepartmentGone, EndBeforeStart."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.editable(session, actor, answers[PROFILE])
    return profile_editing.effect(session, actor, profile, _target(session, actor, profile, answers, now), now)


def require_places(session: Session, actor_id: int, answers: Answers) -> None:
    """Check that no fewer places are answered than are used. Raises LimitBelowUsed."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile_changes.require_at_least_used(profiles.editable(session, actor, answers[PROFILE]), answers[LIMIT])


def save(session: Session, actor_id: int, chat_id: int, turn: int, now: datetime) -> Card:
    """Save what the form of this turn changes, once, and return the profile's card.

    Raises OtherTurn, ProfileNotFound, ProfileReadOnly, DepartmentGone, EndInPast, EndBeforeStart, LimitBelowUsed,
    InvalidName, and PreviewOutdated if the profile was changed since the form looked at it.
    """
    authorise(session, actor_id, Permission.MANAGE_PROFILES)

    def effect_of(inside: Session, dialogue: Dialogue) -> Card:
        return _save(inside, actor_id, dialogue.answers, now)

    return dialogues.complete(session, actor_id, chat_id, turn, effect_of, lambda card: card.profile_id, now)


def _save(session: Session, actor_id: int, answers: Answers, now: datetime) -> Card:
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    if answers[DEPARTMENT] != answers[BASE][DEPARTMENT] and not departments.lock(session, answers[DEPARTMENT]):
        raise DepartmentGone  # a department is locked before its profiles, as in its removal
    profile = profiles.find_for_update(session, actor, answers[PROFILE])
    if _values(profile) != answers[BASE]:
        raise PreviewOutdated
    target = _target(session, actor, profile, answers, now)
    if target.limit != profile.activation_limit:
        profile_changes.require_at_least_used(profile, target.limit)
    if target.window.ends_at != profile.ends_at and target.window.ends_at <= now:
        raise EndInPast(target.window.ends_at)
    return profile_editing.apply_locked(session, actor, profile, target, now)


def _target(session: Session, actor: Actor, profile: Profile, answers: Answers, now: datetime) -> Target:
    """Return the profile as the answers want it. Raises DepartmentGone, EndBeforeStart, InvalidName."""
    filled, department_id = profile_answers.fill(answers), answers[DEPARTMENT]
    if department_id not in departments.within_scope(session, actor.scope, [department_id]):
        raise DepartmentGone
    return Target(
        name=clean_name(answers[NAME]) if answers[NAME] != profile.name else profile.name,
        department_id=department_id,
        window=Window(starts_at=filled.starts_at or this_minute(now), ends_at=filled.ends_at),
        limit=filled.limit,
    )


def _values(profile: Profile) -> dict[str, Any]:
    return {
        NAME: profile.name,
        DEPARTMENT: profile.department_id,
        STARTS: profile_answers.written(profile.starts_at),
        ENDS: profile_answers.written(profile.ends_at),
        LIMIT: profile.activation_limit,
    }
