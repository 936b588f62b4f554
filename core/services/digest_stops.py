"""Digests stop when they can't be delivered: they are kept as they were, and whom it concerns is told."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.outbox import Kind
from core.services import group_connections, notice_recipients
from core.storage import digests, outbox
from core.storage.tables import Digest, User


def stop(session: Session, chosen: Iterable[Digest], now: datetime) -> bool:
    """Stop those of some locked digests that have a schedule; return whether any did.

    What was on its way isn't sent any more: the next one covers it, too. Rights are not checked here.
    """
    running = [digest for digest in chosen if digest.frequency is not None and digest.stopped_at is None]
    for digest in running:
        take_up(session, digest)
        outbox.cancel_digest(session, digest.id, digest.chat_id, now)
        group_connections.disconnect(session, digest, None, now)
        digest.next_due, digest.stopped_at = None, now
    return bool(running)


def take_up(session: Session, digest: Digest) -> bool:
    """Let the next message of a locked digest cover what didn't arrive; return whether there is anything."""
    if (undelivered := digests.undelivered(session, digest)) is None:
        return False
    digest.reported_through = min(digest.reported_through, undelivered.covers_after)
    digest.reported_at = undelivered.covers_since
    return True


def stop_all(session: Session, user_id: int, kind: Kind, now: datetime, *, chat_id: int | None = None) -> None:
    """Stop a user's digests, all or those to their private chat, and notify those whom it concerns.

    `kind` says why. Rights are not checked here.
    """
    mine = [each for each in digests.lock_all(session, user_id) if chat_id is None or each.chat_id == chat_id]
    if stop(session, mine, now):
        told = notice_recipients.of_person(session, session.get_one(User, user_id))
        notice_recipients.notify(session, told, kind, user_id, now)
