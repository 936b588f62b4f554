"""The pause of the delivery: a run of chats that the bot doesn't know means the wrong bot, not lost recipients.

A message to an unknown chat stays queued. It counts as lost only if it is refused again, and others arrived meanwhile.
Several unknown chats, and nobody reached, pause the delivery: everything stays queued, and one message at a time
probes whether the bot reaches anybody. The first that arrives ends the pause.
"""

from datetime import datetime, timedelta
from enum import Enum, auto

from sqlalchemy.orm import Session

from core.domain.outbox import MessageState
from core.errors import Conflict
from core.services import outbox
from core.storage import account
from core.storage import delivery_pause as stored
from core.storage.tables import OutboxMessage

SEVERAL = 3  # chats
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(minutes=15)


class Verdict(Enum):
    """What a refusal because of an unknown chat means."""

    KEPT = auto()  # the message is tried again later
    PAUSES = auto()  # as above, and the delivery has just been paused
    LOST = auto()  # the chat can no longer be reached
    NOT_OURS = auto()  # another process has the message now


def chat_unknown(session: Session, message_id: int, holder: str, now: datetime) -> Verdict:
    """Record that Telegram doesn't know the chat, or that the bot was never in it; return what that means."""
    account.lock(session)  # such refusals are counted one after the other
    message = session.get_one(OutboxMessage, message_id, populate_existing=True)
    since = message.unknown_since or now
    new = {"state": MessageState.WAITING, "not_before": now + _delay(now - since), "unknown_since": since}
    if not outbox.put_off(session, message_id, holder, **new):
        return Verdict.NOT_OURS
    number, earliest = stored.suspected(session)
    if since < now and _is_credible(session, number, since):
        outbox.give_up(session, message_id, now)
        return Verdict.LOST
    pauses = number >= SEVERAL and not _is_credible(session, number, earliest or since)
    if not pauses or stored.find(session) is not None:
        return Verdict.KEPT
    stored.begin(session, now, now + outbox.PROBE_EVERY, lost=Conflict())
    return Verdict.PAUSES


def paused_since(session: Session) -> datetime | None:
    """Return since when the delivery is paused; None while it is not."""
    pause = stored.find(session)
    return None if pause is None else pause.since


def _is_credible(session: Session, suspected: int, since: datetime) -> bool:
    """Return whether the bot reached others since then, and about as many as it seems not to know."""
    return stored.reached_since(session, since, sending=since + outbox.SENDING) >= max(1, suspected - 1)


def _delay(suspected_for: timedelta) -> timedelta:
    """Return when to try again: after as long as it has been tried, within limits."""
    return min(max(suspected_for, FIRST_RETRY), LONGEST_RETRY)
