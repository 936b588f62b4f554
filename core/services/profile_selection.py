"""Several sign-up profiles changed at once: paused, resumed, given a week more; and back for a minute.

The list on which they were selected is a question, which the change answers: a second tap changes nothing more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain import profile_answers
from core.domain.access import Permission
from core.errors import NothingToUndo, PreviewOutdated
from core.services import profile_changes, profile_editing, profile_extending, profiles, questions
from core.services.authorisation import authorise
from core.services.profile_changes import EditedField
from core.services.profile_extending import UNDO
from core.services.questions import About
from core.storage.tables import Profile

MOST_AT_ONCE = 10  # the numbers have to fit into a button's data


class BulkChange(StrEnum):
    """What can be done to several profiles at once; the values are stored."""

    PAUSE = "pause"
    RESUME = "resume"
    WEEK = "week"


@dataclass(frozen=True, kw_only=True)
class Changed:
    """The names of the profiles that changed, and the number of the question that takes the change back."""

    names: tuple[str, ...]
    undo: int


def change(
    session: Session, actor_id: int, list_id: int, profile_ids: Iterable[int], wanted: BulkChange, now: datetime
) -> Changed:
    """Change several profiles, all or none, and end the list on which they were selected.

    Those that are so already stay as they are, and aren't named. Raises QuestionClosed, and ProfileNotFound or
    ProfileReadOnly for the first that can't be changed.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    questions.answer(session, actor_id, list_id, About.LIST, now)
    locked = [
        profiles.find_for_update(session, actor, number) for number in sorted(set(profile_ids))
    ]  # sorted, so that concurrent changes lock in the same order
    names, items = [], []
    for profile in locked:
        before = _value(profile, wanted)
        _apply(session, actor_id, profile, wanted, now)
        if (after := _value(profile, wanted)) != before:
            names.append(profile.name)
            items.append([profile.id, before, after])
    body = {"change": wanted, "items": items, "at": profile_answers.written(now)}
    return Changed(names=tuple(names), undo=questions.ask(session, actor_id, About.UNDO, body, now))


def undo(session: Session, actor_id: int, undo_id: int, now: datetime) -> tuple[str, ...]:
    """Take a change of several profiles back, all or none, and return their names.

    Raises QuestionClosed, NothingToUndo after a minute, PreviewOutdated if any has changed since, and ProfileNotFound
    or ProfileReadOnly for the first that can't be changed any more.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    body = questions.answer(session, actor_id, undo_id, About.UNDO, now)
    if now - profile_answers.read_moment(body["at"]) > UNDO:
        raise NothingToUndo(int(UNDO.total_seconds()))
    wanted = BulkChange(body["change"])
    locked = [profiles.find_for_update(session, actor, number) for number, _, _ in body["items"]]
    for profile, (_, before, after) in zip(locked, body["items"], strict=True):
        if _value(profile, wanted) != after:
            raise PreviewOutdated
        _restore(session, actor_id, profile, wanted, before, now)
    return tuple(profile.name for profile in locked)


def _apply(session: Session, actor_id: int, profile: Profile, wanted: BulkChange, now: datetime) -> None:
    if wanted is BulkChange.WEEK:
        seen = profile_changes.as_seconds(profile.ends_at)
        profile_extending.add_week(session, actor_id, profile.id, now, ends_at=seen)
    else:
        profile_editing.pause(session, actor_id, profile.id, now, paused=wanted is BulkChange.PAUSE)


def _restore(session: Session, actor_id: int, profile: Profile, wanted: BulkChange, value: int, now: datetime) -> None:
    if wanted is BulkChange.WEEK:
        before = profile_editing.settled(session, actor_id, profile.id, EditedField.END, value, now)
        profile_editing.save(session, actor_id, profile.id, before, now)
    else:
        profile_editing.pause(session, actor_id, profile.id, now, paused=bool(value))


def _value(profile: Profile, wanted: BulkChange) -> int:
    """Return what a change changes: the end in seconds (see `Settled`), or whether the profile is paused."""
    return profile_changes.as_seconds(profile.ends_at) if wanted is BulkChange.WEEK else int(profile.paused)
