"""The pause of the delivery: a run of chats that the bot doesn't know means the wrong bot, not lost recipients.

A message to an unknown chat stays queued. It counts as lost only if it is refused again, and others arrived meanwhile.
Several unknown chats, and nobody reached, pause the delivery: everything stays queued, and one message at a time
probes whether the bot reaches anybody. The first that arrives ends the pause. `core.services.outbox` asks here what may
be sent, and says here what arrived or met an unknown chat.
"""

from datetime import datetime, timedelta
from enum import Enum, auto

from sqlalchemy.orm import Session

from core.domain.outbox import SENDING
from core.errors import Conflict
from core.storage import delivery_pause

SEVERAL = 3  # chats
PROBE_EVERY = timedelta(minutes=1)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(minutes=15)


class Verdict(Enum):
    """What a refusal because of an unknown chat means."""

    KEPT = auto()  # the message is tried again later
    PAUSES = auto()  # as above, and the delivery has just been paused
    LOST = auto()  # the chat can no longer be reached
    NOT_OURS = auto()  # another process has the message now, or it is gone


def paused_since(session: Session) -> datetime | None:
    """Return since when the delivery is paused; None while it is not."""
    pause = delivery_pause.find(session)
    return None if pause is None else pause.since


def next_probe(session: Session) -> datetime | None:
    """Return when a message may be tried next; None while the delivery is not paused."""
    return delivery_pause.next_probe(session)


def is_due(probe: datetime, now: datetime) -> bool:
    """Return whether a message may be tried: also if the clock was set back since, and the moment is too far ahead."""
    return not now < probe <= now + PROBE_EVERY


def allowed(session: Session, now: datetime, *, at_most: int) -> int:
    """Return how many messages may be tried now: `at_most`, or while the delivery is paused, one each PROBE_EVERY.

    The pause ends if no message is left to a chat that the bot seemed not to know.
    """
    pause = delivery_pause.lock(session)
    if pause is None:
        return at_most
    if not is_due(pause.next_probe, now):
        return 0
    pause.next_probe = now + PROBE_EVERY
    if not delivery_pause.suspected(session)[0]:
        delivery_pause.end(session, now)
    return 1


def arrived(session: Session, now: datetime) -> bool:
    """Record that a message arrived; return True if that ended a pause."""
    return delivery_pause.end(session, now)


def retry_at(since: datetime, now: datetime) -> datetime:
    """Return when to try a chat again that has been unknown since a moment: after as long again, within limits."""
    return now + min(max(now - since, FIRST_RETRY), LONGEST_RETRY)


def judge(session: Session, since: datetime, now: datetime) -> Verdict:
    """Return what it means that a chat is unknown now, and has been since a moment; pause the delivery if need be.

    The message's `unknown_since` must have been stored, and the account locked, so that refusals are judged one after
    the other.
    """
    number, earliest = delivery_pause.suspected(session)
    if since < now and _is_credible(session, number, since):
        return Verdict.LOST
    pauses = number >= SEVERAL and not _is_credible(session, number, earliest or since)
    if not pauses or delivery_pause.find(session) is not None:
        return Verdict.KEPT
    delivery_pause.begin(session, now, now + PROBE_EVERY, lost=Conflict())
    return Verdict.PAUSES


def _is_credible(session: Session, suspected: int, since: datetime) -> bool:
    """Return whether the bot reached others since then, and about as many as it seems not to know."""
    return delivery_pause.reached_since(session, since, sending=since + SENDING) >= max(1, suspected - 1)
