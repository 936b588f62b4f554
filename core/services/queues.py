"""Work that is stored until it is done: how long the oldest of each kind has waited."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from core.storage import digests, inbox, outbox

LATE = timedelta(minutes=2)


class Queue(StrEnum):
    """A kind of work."""

    UPDATES = "updates"
    MESSAGES = "messages"
    DIGESTS = "digests"


def ages(session: Session, now: datetime) -> dict[Queue, timedelta]:
    """Return how long ago the oldest work of each queue was received or due; zero if nothing waits.

    What is postponed isn't waiting; nor is, of the messages, what a process is just sending.
    """
    oldest = {
        Queue.UPDATES: inbox.oldest_open(session),
        Queue.MESSAGES: outbox.oldest_due(session, now),
        Queue.DIGESTS: digests.oldest_due(session, now),
    }
    return {queue: max(timedelta(), now - since) if since else timedelta() for queue, since in oldest.items()}
