"""The outbox: notices and digests, which do not answer an update; stored until they are sent, each once.

A message stores its subject; its text is made when it is sent. The Bot API has no idempotency key, so if it is unknown
whether a message arrived, it is repeated with a note that it may be a duplicate.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.outbox import AT_ONCE, LEASE, LONGEST_REFUSAL, SENDING, Kind, MessageState
from core.services import delivery_pause, digest_stops, group_connections, questions
from core.services.delivery_pause import Verdict
from core.storage import account, digests, outbox, telegram_connections
from core.storage.shared_clock import shared_now
from core.storage.tables import OutboxMessage, User

BATCH = 50
UNREACHABLE = "chat not found"  # as Telegram says
ONCE_IN = timedelta(hours=1)
KEPT = timedelta(days=30)  # after this, ended messages are deleted
REPEATED_AFTER = (timedelta(), timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=4))


@dataclass(frozen=True, kw_only=True)
class Message:
    """A claimed message; `again`: an earlier attempt may have arrived, and the text must say so."""

    message_id: int
    kind: Kind
    user_id: int
    chat_id: int
    thread_id: int | None
    subject_id: int
    again: bool
    language: str


def notify(session: Session, user_id: int, kind: Kind, subject_id: int, now: datetime) -> None:
    """Queue a notice to a user's private chat; users without a Telegram account get none."""
    chat_id = session.get_one(User, user_id).telegram_id
    if chat_id is not None:
        queue(session, user_id, chat_id, kind, subject_id, now)


def notify_once(session: Session, user_id: int, kind: Kind, subject_id: int, now: datetime) -> None:
    """Queue a notice unless one of its kind was queued for that user within ONCE_IN."""
    if not outbox.queued_since(session, user_id, kind, now - ONCE_IN):
        notify(session, user_id, kind, subject_id, now)


def queue(
    session: Session,
    user_id: int,
    chat_id: int,
    kind: Kind,
    subject_id: int,
    now: datetime,
    *,
    thread_id: int | None = None,
    not_before: datetime = AT_ONCE,
) -> None:
    """Queue a message to a chat, or to a topic of a group, to be sent at `not_before` or later."""
    message = _message(user_id, chat_id, kind, subject_id, now)
    message.thread_id, message.not_before = thread_id, not_before
    session.add(message)


def queue_again(session: Session, lost: OutboxMessage, chat: tuple[int, int | None], now: datetime) -> None:
    """Queue a message that was refused or is unconfirmed, to a chat or a topic of it; it says if it may be there."""
    message = _message(lost.user_id, chat[0], Kind(lost.kind), lost.subject_id, now)
    message.thread_id, message.repetition = chat[1], 0 if lost.refusal else 1
    session.add(message)


def anything_to_do(session: Session, now: datetime) -> bool:
    """Return whether `claim` has anything to do; cheap, without locks."""
    if (probe := delivery_pause.next_probe(session)) is not None:
        return delivery_pause.is_due(probe, now)  # if only to end the pause
    return outbox.anything_to_do(session, now)


def claim(
    session: Session,
    holder: str,
    now: datetime,
    *,
    at_most: int = BATCH,
    files_at_most: int = BATCH,
    in_hand: Collection[int] = (),
) -> list[Message]:
    """Claim messages to send, at most one of each chat, so that each chat gets its messages in order.

    So many texts, and so many files, which take long to write; a chat's files come after what was to be sent before.
    The leases of those that the holder has claimed before and is still to send, `in_hand`, are renewed.
    This includes those of ended processes; what they were sending is repeated with a note that it may be a duplicate.
    While the delivery is paused, there is none, or one that probes whether it can go on.
    """
    now = shared_now(session, now)
    if in_hand:
        outbox.renew(session, holder, in_hand, now + LEASE)
    if not (allowed := delivery_pause.allowed(session, now, at_most=at_most + files_at_most)):
        return []
    _repeat_stranded(session, holder, now)
    found = outbox.claimable(session, holder, now, LEASE, at_most=min(at_most, allowed))
    files_at_most = min(files_at_most, allowed - len(found))
    found += outbox.claimable_files(session, holder, now, LEASE, at_most=files_at_most)
    return [_claim(session, message, holder, now) for message in found]


def start(session: Session, message_id: int, holder: str, now: datetime) -> bool:
    """Record that sending begins; return False if another process took the claim over: then don't send."""
    new = {"state": MessageState.SENDING, "not_before": shared_now(session, now) + SENDING}
    return outbox.move(session, message_id, holder, old=MessageState.CLAIMED, **new)


def finish(session: Session, message_id: int, holder: str, now: datetime, *, grows_in: int | None = None) -> bool:
    """Record that the message arrived; return True if that ended a pause.

    `grows_in`: where it is shown, if later ones are to change it; they don't if its growth has ended meanwhile.
    """
    sent = {"state": MessageState.SENT, "ended_at": now, "grows_in": outbox.arrived_in(grows_in)}
    arrived = outbox.move(session, message_id, holder, old=MessageState.SENDING, **sent)
    return arrived and delivery_pause.arrived(session, now)


def postpone(session: Session, message_id: int, holder: str, not_before: datetime) -> None:
    """Put back a message that certainly did not arrive, to be sent at `not_before` or later."""
    new = {"state": MessageState.WAITING, "not_before": not_before}
    outbox.move(session, message_id, holder, old=MessageState.SENDING, **new)


def drop(session: Session, message_id: int, holder: str, now: datetime) -> None:
    """End a message without sending it: it has become pointless, or the recipient has lost the right to it."""
    outbox.move(session, message_id, holder, old=MessageState.CLAIMED, state=MessageState.FAILED, ended_at=now)


def refuse(session: Session, message_id: int, holder: str, now: datetime, *, reason: str | None = None) -> None:
    """Record that the message can't be sent because of a fault; it is listed as unconfirmed and not repeated.

    `reason`: why Telegram refused it, if it did.
    """
    new = {"state": MessageState.UNKNOWN, "ended_at": now, "refusal": reason and reason[:LONGEST_REFUSAL]}
    for state in (MessageState.CLAIMED, MessageState.SENDING):
        outbox.move(session, message_id, holder, old=state, **new)


def put_back(session: Session, message_id: int, holder: str) -> None:
    """Release a claimed message immediately, because this holder is stopping."""
    outbox.move(session, message_id, holder, old=MessageState.CLAIMED, state=MessageState.WAITING, not_before=AT_ONCE)


def hasten(session: Session, now: datetime) -> None:
    """Send at once what waits for a later moment, but for reminders: it is over, or the clock was set back."""
    outbox.hasten(session, now, besides=Kind.REMINDER)


def mark_unconfirmed(session: Session, message_id: int, holder: str, now: datetime) -> None:
    """Record that it is unknown whether the message arrived, and queue its repetition with a note."""
    if outbox.move(session, message_id, holder, old=MessageState.SENDING, state=MessageState.UNKNOWN, ended_at=now):
        _repeat(session, session.get_one(OutboxMessage, message_id), now)


def fail(session: Session, message_id: int, holder: str, now: datetime, *, reason: str = UNREACHABLE) -> None:
    """Record that the recipient can no longer be reached: their digest stops, with a notice (see `_stop_digests`)."""
    if outbox.move(session, message_id, holder, old=MessageState.SENDING, state=MessageState.FAILED, ended_at=now):
        _give_up(session, message_id, reason, now)


def chat_unknown(session: Session, message_id: int, holder: str, now: datetime) -> Verdict:
    """Record that Telegram doesn't know the chat, or that the bot was never in it; return what that means."""
    account.lock(session)  # such refusals are judged one after the other
    message = session.get(OutboxMessage, message_id, populate_existing=True)
    if message is None:
        return Verdict.NOT_OURS
    since = message.unknown_since or now
    later = {"not_before": delivery_pause.retry_at(since, now), "unknown_since": since}
    new = {"state": MessageState.WAITING, **later}
    if not outbox.move(session, message_id, holder, old=MessageState.SENDING, **new):
        return Verdict.NOT_OURS
    verdict = delivery_pause.judge(session, since, now)
    if verdict is Verdict.LOST:
        _give_up(session, message_id, UNREACHABLE, now)
    return verdict


def chat_lost(session: Session, chat_id: int, now: datetime) -> None:
    """Stop the digests to a chat that removed or blocked the bot; the recipients or the owner are notified.

    A learner's Telegram is no longer connected then.
    """
    telegram_connections.end(session, chat_id)
    for user_id in {digest.user_id: None for digest in digests.sent_to(session, chat_id)}:
        _stop_digests(session, user_id, chat_id, now)


def chat_moved(session: Session, old_id: int, new_id: int) -> None:
    """Redirect all that is meant for a group to the supergroup that it became (Bot API, migrate_to_chat_id).

    Questions come first, because their answers take the same locks in this order.
    """
    questions.chat_moved(session, old_id, new_id)
    digests.move_chat(session, old_id, new_id)
    outbox.move_chat(session, old_id, new_id)


def sweep(session: Session, now: datetime) -> None:
    """Delete the messages that ended longer ago than KEPT."""
    outbox.sweep(session, now - KEPT)


def counts(session: Session) -> dict[str, int]:
    """Count the messages in each state, for the metrics."""
    return outbox.count_by_state(session)


def _repeat_stranded(session: Session, holder: str, now: datetime) -> None:
    """Repeat what ended processes were sending, so that it is unknown whether that arrived."""
    for lost in outbox.stranded(session, holder, now, at_most=BATCH):
        lost.state, lost.ended_at = MessageState.UNKNOWN, now
        _repeat(session, lost, now)
    session.flush()


def _claim(session: Session, message: OutboxMessage, holder: str, now: datetime) -> Message:
    """Claim a message that was found claimable, and locked."""
    message.state, message.holder, message.not_before = MessageState.CLAIMED, holder, now + LEASE
    return Message(
        message_id=message.id,
        kind=Kind(message.kind),
        user_id=message.user_id,
        chat_id=message.chat_id,
        thread_id=message.thread_id,
        subject_id=message.subject_id,
        again=message.repetition > 0,
        language=_language(session.get_one(User, message.user_id), message.chat_id),
    )


def _give_up(session: Session, message_id: int, reason: str, now: datetime) -> None:
    """End a message that no process holds, because its recipient can no longer be reached; their digest stops."""
    message = session.get_one(OutboxMessage, message_id, populate_existing=True)
    message.state, message.ended_at, message.refusal = MessageState.FAILED, now, reason[:LONGEST_REFUSAL]
    telegram_connections.end(session, message.chat_id)
    _stop_digests(session, message.user_id, message.chat_id, now)


def _stop_digests(session: Session, user_id: int, chat_id: int, now: datetime) -> None:
    """Stop a user's digests to a chat; notify the user of a lost group, or the managers of an unreachable user."""
    if chat_id > 0:  # Bot API: groups have negative numbers
        digest_stops.stop_all(session, user_id, Kind.UNREACHABLE, now, chat_id=chat_id)
        return
    to_group = [digest for digest in digests.lock_all(session, user_id) if digest.chat_id == chat_id]
    for digest in to_group:
        group_connections.note_loss(digest)
    if digest_stops.stop(session, to_group, now):
        notify(session, user_id, Kind.GROUP_LOST, chat_id, now)


def _repeat(session: Session, message: OutboxMessage, now: datetime) -> None:
    """Queue a message again after increasing delays; after the last one it stays listed as unconfirmed."""
    if message.repetition < len(REPEATED_AFTER):
        delay = REPEATED_AFTER[message.repetition]
        next_one = _message(message.user_id, message.chat_id, Kind(message.kind), message.subject_id, now)
        next_one.thread_id, next_one.not_before = message.thread_id, now + delay if delay else AT_ONCE
        next_one.repetition = message.repetition + 1
        session.add(next_one)


def _message(user_id: int, chat_id: int, kind: Kind, subject_id: int, now: datetime) -> OutboxMessage:
    return OutboxMessage(
        kind=kind,
        user_id=user_id,
        chat_id=chat_id,
        subject_id=subject_id,
        repetition=0,
        state=MessageState.WAITING,
        not_before=AT_ONCE,
        created_at=now,
    )


def _language(user: User, chat_id: int) -> str:
    """Return the language for a user in a chat: their choice is for their private chat, not for groups (below 0)."""
    return user.reading_language if chat_id > 0 else user.language
