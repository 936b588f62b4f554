"""A person's digests that were refused, or may not have arrived: listed, and sent again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.errors import DigestGone
from core.services import digest_cards, digests, outbox
from core.services.authorisation import authorise
from core.services.digest_cards import Named
from core.services.missed_digests import LISTED_FOR, SHOWN
from core.storage import digests as stored
from core.storage import undelivered
from core.storage.tables import Digest, OutboxMessage


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """A run of a digest that didn't arrive: when (UTC), and why Telegram refused it; None: it may have arrived."""

    run_id: int
    named: Named
    at: datetime
    refusal: str | None


def listing(session: Session, actor_id: int, now: datetime) -> tuple[Undelivered, ...]:
    """List the acting user's, the newest first. Needs the permission to receive digests.

    What a later message has told, too, or the next one is to tell, is not listed.
    """
    actor, found = _found(session, actor_id, now)
    named = digest_cards.names(session, actor, [digest for _, digest in found])
    return tuple(
        Undelivered(
            run_id=message.subject_id,
            named=named[digest.id],
            at=message.ended_at or message.created_at,
            refusal=message.refusal,
        )
        for message, digest in found
    )


def send_again(session: Session, actor_id: int, run_id: int, now: datetime) -> bool:
    """Queue an undelivered digest of the acting user again, to its chat; return False if it isn't listed.

    If it may have arrived, it says so. Needs the permission to receive digests. Raises DigestGone, and DepartmentGone
    if its department is no longer the person's.
    """
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    if (digest := stored.lock_of_run(session, actor_id, run_id)) is None:
        raise DigestGone
    digests.require_department(session, actor, digest.department_id)
    _, found = _found(session, actor_id, now)
    message = next((each for each, _ in found if each.subject_id == run_id), None)
    if message is None:
        return False
    outbox.queue_again(session, message, (digest.chat_id, digest.thread_id), now)
    return True


def _found(session: Session, actor_id: int, now: datetime) -> tuple[Actor, list[tuple[OutboxMessage, Digest]]]:
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    rows = undelivered.digests(session, actor_id, now - LISTED_FOR, at_most=SHOWN)
    return actor, [(message, digest) for message, digest in rows]
