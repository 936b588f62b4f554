"""Notices about people who wait for approval: gathered, so that many newcomers make few messages."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import compress

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.limits import APPROVAL_NOTICES, Attempt
from core.domain.outbox import Kind
from core.services import growing_notices, limits, outbox
from core.storage import actors, people, profiles
from core.storage import pending_sign_ups as stored
from core.storage.tables import Profile, User


def ask(session: Session, profile: Profile, user_id: int, now: datetime) -> bool:
    """Notify the profile's creator that a person waits for approval, or the administrators if they cannot answer.

    If one of them had such a notice lately, or none of them is in the chat, return False: `announce` notifies them
    later, about all who wait by then; until then only the messages grow that are there already. Call this after other
    locks, with the profile's row locked: by `profiles.lock`, or by a new pending sign-up, whose foreign key locks it.
    """
    asked = _asked(session, profile)
    attempts = _attempts(session, asked, now)
    if not asked or not limits.can_count(session, attempts, now):
        _grow(session, asked, user_id, now)
        return False
    counted = [limits.try_count(session, attempt, now) for attempt in attempts]
    for each in compress(asked, counted):
        outbox.notify(session, each, Kind.APPROVAL_WANTED, user_id, now)
    return all(counted)  # else another transaction has notified them in between, and may not know of this person


def any_unannounced(session: Session, now: datetime) -> bool:
    """Return whether `announce` has a notice to queue; cheap, without locks."""
    return _next_due(session, now) is not None


def announce(session: Session, now: datetime) -> None:
    """Queue the notices about people who wait for approval through one profile and came too soon after others.

    One profile at a time, so that limits are counted in the order of users, as everywhere; the next call is for the
    next profile.
    """
    if (due := _next_due(session, now)) is None:
        return
    profile_id, newest = due
    if ask(session, profiles.lock(session, profile_id), newest, now):
        stored.set_announced(session, profile_id, newest)


def _next_due(session: Session, now: datetime) -> tuple[int, int] | None:
    """Return the profile that is announced next, with the newest who waits; None if there is none."""
    waiting = stored.unannounced(session, now)
    return next((each for each in waiting if _is_due(session, *each, now)), None)


def _is_due(session: Session, profile_id: int, newest: int, now: datetime) -> bool:
    asked = _asked(session, session.get_one(Profile, profile_id))
    if asked and limits.can_count(session, _attempts(session, asked, now), now):
        return True
    return bool(_behind(session, asked, newest, now))


def _grow(session: Session, asked: Sequence[int], newest: int, now: datetime) -> None:
    """Let those messages grow that are there already and don't tell of the newest who waits."""
    for each in _behind(session, asked, newest, now):
        if limits.try_count(session, growing_notices.attempt(session, each, APPROVAL_NOTICES, now), now):
            outbox.notify(session, each, Kind.APPROVAL_WANTED, newest, now)


def _behind(session: Session, asked: Sequence[int], newest: int, now: datetime) -> list[int]:
    return growing_notices.behind(session, asked, session.get_one(User, newest).created_at, now)


def _attempts(session: Session, asked: Iterable[int], now: datetime) -> list[Attempt]:
    return [growing_notices.attempt(session, user_id, APPROVAL_NOTICES, now) for user_id in asked]


def _asked(session: Session, profile: Profile) -> list[int]:
    return [profile.created_by] if _creator_can_answer(session, profile) else people.administrators(session)


def _creator_can_answer(session: Session, profile: Profile) -> bool:
    """Return whether the profile's creator is in the chat and may still approve its sign-ups."""
    maker = actors.find(session, profile.created_by)
    return (
        maker is not None
        and maker.may(Permission.MANAGE_PROFILES)
        and profiles.editable(session, maker.scope, profile.id) is not None
        and session.get_one(User, maker.user_id).telegram_id is not None
    )
