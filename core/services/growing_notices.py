"""The message that tells a manager who waits: it grows, until they answer somebody or look at the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.limits import WAITING_GROWTH, Attempt, Rate
from core.domain.outbox import SENDING, Kind
from core.services import limits
from core.services import outbox as sending
from core.services.outbox import Message
from core.storage import access_requests, actors, outbox, pending_sign_ups

GROWING = frozenset({Kind.APPROVAL_WANTED, Kind.ACCESS_WANTED})
LASTS = timedelta(days=1)  # a change makes no sound, so then a new message follows


@dataclass(frozen=True, kw_only=True)
class Start:
    """The sending of a message has begun; it `changes` the message of Telegram with this number, None: it is new."""

    changes: int | None


def start(session: Session, message: Message, holder: str, now: datetime) -> Start | None:
    """Record that sending begins, and decide whether it changes a message; None if the claim was taken over.

    The decision is part of the record, so that an answer to that message, from then on, knows of it.
    """
    grows = message.kind in GROWING
    changes = message_of(session, message.user_id, now) if grows else None
    if not sending.start(session, message.message_id, holder, now):
        return None
    if grows:
        outbox.begin_growing(session, message.message_id, changes)
    return Start(changes=changes)


def message_of(session: Session, user_id: int, now: datetime) -> int | None:
    """Return the number of the message that grows, in the user's private chat; None if a new one is to be sent.

    Until the end of the transaction nobody can end its growth.
    """
    outbox.lock_growing(session, user_id)
    return _growing(session, user_id, now)


def end(session: Session, user_id: int) -> None:
    """Let the next notice be a new message, since the user has acted upon this one."""
    outbox.end_growing(session, user_id)


def end_at(session: Session, user_id: int, shown_in: int, now: datetime) -> bool:
    """End the growth, since the user has tapped a button of the message `shown_in`.

    Return whether a notice is just changing that message, and could take away what is shown in its place.
    """
    end(session, user_id)
    return outbox.may_be_changing(session, user_id, shown_in, now - SENDING)


def attempt(session: Session, user_id: int, rate: Rate, now: datetime) -> Attempt:
    """Return what a notice counts as: new ones come at `rate`, and what only grows can do so more often."""
    grows = _growing(session, user_id, now) is not None
    return Attempt(limit=WAITING_GROWTH if grows else rate, subject=str(user_id))


def behind(session: Session, user_ids: Sequence[int], since: datetime, now: datetime) -> list[int]:
    """Return whose message can grow now, and was last shown before somebody waited `since` then.

    A change makes no sound, so it needn't wait until others can be sent a new message. Of a single recipient nobody is:
    they are told as soon as it is their turn.
    """
    if len(user_ids) <= 1:
        return []
    return [each for each in user_ids if _is_behind(session, each, since, now)]


def _is_behind(session: Session, user_id: int, since: datetime, now: datetime) -> bool:
    growth = Attempt(limit=WAITING_GROWTH, subject=str(user_id))
    if not limits.can_count(session, [growth], now):
        return False
    found = _shown(session, user_id, now)
    return found is not None and found[1] < since


def _growing(session: Session, user_id: int, now: datetime) -> int | None:
    found = _shown(session, user_id, now)
    return found[0] if found else None


def _shown(session: Session, user_id: int, now: datetime) -> tuple[int, datetime] | None:
    """Return the number of the message that grows, and when it was last shown.

    None if there is none since LASTS, or it has nobody left to tell of: if others have answered all of whom it tells,
    and if the user may not answer any more.
    """
    found = outbox.growing(session, user_id, GROWING, now - LASTS)
    actor = actors.find(session, user_id) if found else None
    if found is None or actor is None or not actor.may(Permission.MANAGE_PROFILES):
        return None
    _, told_at = found
    waiting = pending_sign_ups.awaiting_approval(session, actor.scope, "", now, profile_id=None, after=0, size=1)
    asking = access_requests.open_in(session, actor.scope, now, after=0, size=1)
    since = [kept.created_at for kept, _, _ in waiting] + [request.asked_at for request, _ in asking]
    return found if any(each <= told_at for each in since) else None
