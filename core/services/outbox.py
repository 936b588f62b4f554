"""The outbox: messages that nobody asked for just now, kept until they are sent, and sent once.

A message is what it is about; its words are made when it is sent. Telegram has no idempotency key, so a message whose
sending ended in doubt is not sent again as if nothing had been: its repetition says what it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.outbox import MessageState
from core.storage import digests, outbox, people
from core.storage.tables import OutboxMessage, User

LEASE = timedelta(minutes=2)  # a claim whose holder died is taken over after this
SENDING = timedelta(minutes=2)  # longer than any call to Telegram may take
BATCH = 50
ONCE_IN = timedelta(hours=1)
KEPT = timedelta(days=30)  # what has ended is forgotten after this
REPEATED_AFTER = (timedelta(), timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=4))


class Kind(StrEnum):
    """What a message is about; the subject is a profile, a digest run, a user or an update."""

    DIGEST = "digest"
    FIRST_LEARNER = "first learner"
    PROFILE_FULL = "profile full"
    UNREACHABLE = "unreachable"
    NO_SEAT_LEFT = "no seat left"
    APPROVAL_WANTED = "approval wanted"
    INTERRUPTED = "interrupted"
    GROUP_LOST = "group lost"


@dataclass(frozen=True, kw_only=True)
class Message:
    """A claimed message; `again`: an earlier try may have arrived, and the words must say so."""

    message_id: int
    kind: Kind
    user_id: int
    chat_id: int
    thread_id: int | None
    subject_id: int
    again: bool
    language: str


def notify(session: Session, user_id: int, kind: Kind, subject_id: int, now: datetime) -> None:
    """Queue a notice to a user's own chat; who has no Telegram account gets none."""
    chat_id = session.get_one(User, user_id).telegram_id
    if chat_id is not None:
        queue(session, user_id, chat_id, kind, subject_id, now)


def notify_once(session: Session, user_id: int, kind: Kind, subject_id: int, now: datetime) -> None:
    """Queue a notice unless one of its kind was queued for that user within the last hour."""
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
) -> None:
    """Queue a message to a chat, or to a topic of a group."""
    message = _message(user_id, chat_id, kind, subject_id, now)
    message.thread_id = thread_id
    session.add(message)


def anything_to_do(session: Session, now: datetime) -> bool:
    """Tell cheaply whether `claim` would do anything."""
    return outbox.anything_to_do(session, now)


def claim(session: Session, holder: str, now: datetime, *, at_most: int = BATCH) -> list[Message]:
    """Take messages to send, at most one of each chat, so that each chat gets its own in order.

    A dead holder's are taken, too; what that one was just sending goes out again, saying so.
    """
    for lost in outbox.stranded(session, now, at_most=BATCH):
        lost.state, lost.ended_at = MessageState.UNKNOWN, now
        _repeat(session, lost, now)
    session.flush()
    claimed = []
    for message in outbox.claimable(session, now, at_most=at_most):
        message.state, message.holder, message.not_before = MessageState.CLAIMED, holder, now + LEASE
        claimed.append(
            Message(
                message_id=message.id,
                kind=Kind(message.kind),
                user_id=message.user_id,
                chat_id=message.chat_id,
                thread_id=message.thread_id,
                subject_id=message.subject_id,
                again=message.repetition > 0,
                language=session.get_one(User, message.user_id).language,
            )
        )
    return claimed


def start(session: Session, message_id: int, holder: str, now: datetime) -> bool:
    """Record that sending begins; False where the claim was lost to another process: then don't send."""
    new = {"state": MessageState.SENDING, "not_before": now + SENDING}
    return outbox.move(session, message_id, holder, old=MessageState.CLAIMED, **new)


def finish(session: Session, message_id: int, holder: str, now: datetime) -> None:
    """Record that the message arrived."""
    outbox.move(session, message_id, holder, old=MessageState.SENDING, state=MessageState.SENT, ended_at=now)


def postpone(session: Session, message_id: int, holder: str, not_before: datetime) -> None:
    """Put back a message that surely did not arrive, to be sent after a moment."""
    new = {"state": MessageState.WAITING, "not_before": not_before}
    outbox.move(session, message_id, holder, old=MessageState.SENDING, **new)


def drop(session: Session, message_id: int, holder: str, now: datetime) -> None:
    """End a message that won't be sent: there is nothing to say, or no right to it any more."""
    outbox.move(session, message_id, holder, old=MessageState.CLAIMED, state=MessageState.FAILED, ended_at=now)


def refuse(session: Session, message_id: int, holder: str, now: datetime) -> None:
    """Record that the message can't be sent, for a fault that Telegram finds or one of ours; a person will see it."""
    for state in (MessageState.CLAIMED, MessageState.SENDING):
        outbox.move(session, message_id, holder, old=state, state=MessageState.UNKNOWN, ended_at=now)


def put_back(session: Session, message_id: int, holder: str, now: datetime) -> None:
    """Let others send a claimed message at once, because this holder ends."""
    outbox.move(session, message_id, holder, old=MessageState.CLAIMED, state=MessageState.WAITING, not_before=now)


def doubt(session: Session, message_id: int, holder: str, now: datetime) -> None:
    """Record that nobody can tell whether the message arrived; it goes out some more times, saying so."""
    if outbox.move(session, message_id, holder, old=MessageState.SENDING, state=MessageState.UNKNOWN, ended_at=now):
        _repeat(session, session.get_one(OutboxMessage, message_id), now)


def fail(session: Session, message_id: int, holder: str, now: datetime) -> None:
    """Record that the recipient can't be reached any more: their digest stops, and somebody is told."""
    if outbox.move(session, message_id, holder, old=MessageState.SENDING, state=MessageState.FAILED, ended_at=now):
        message = session.get_one(OutboxMessage, message_id)
        _stop_digests(session, message.user_id, message.chat_id, now)


def chat_lost(session: Session, chat_id: int, now: datetime) -> None:
    """Stop the digests that go to a chat which the bot was put out of, or where it is blocked; somebody is told."""
    for digest in digests.sent_to(session, chat_id):
        _stop_digests(session, digest.user_id, chat_id, now)


def chat_moved(session: Session, old_id: int, new_id: int) -> None:
    """Send what was meant for a group to the supergroup that it has become."""
    digests.move_chat(session, old_id, new_id)
    outbox.move_chat(session, old_id, new_id)


def unreachable_name(session: Session, owner_id: int, user_id: int) -> str | None:
    """Name the user that a notice to the owner is about; None for anybody but the owner."""
    actor = people.actor(session, owner_id)
    if actor is None or actor.role is not Role.OWNER:
        return None
    user = session.get(User, user_id)
    return None if user is None else user.full_name


def sweep(session: Session, now: datetime) -> None:
    """Forget the messages that have ended long ago."""
    outbox.sweep(session, now - KEPT)


def counts(session: Session) -> dict[str, int]:
    """Count the messages in each state, for the metrics."""
    return outbox.count_by_state(session)


def _stop_digests(session: Session, user_id: int, chat_id: int, now: datetime) -> None:
    """Stop a user's digest to a chat; who has lost a group is told in their own chat, and of who left, the owner."""
    digest, owner_id = digests.lock(session, user_id), people.owner_id(session)
    if digest is None or digest.frequency is None or digest.chat_id != chat_id:
        return
    digest.frequency = digest.next_due = None
    if chat_id < 0:  # Bot API: groups have negative numbers
        notify(session, user_id, Kind.GROUP_LOST, user_id, now)
    elif owner_id is not None and owner_id != user_id:
        notify(session, owner_id, Kind.UNREACHABLE, user_id, now)


def _repeat(session: Session, message: OutboxMessage, now: datetime) -> None:
    """Queue a message once more, after growing pauses; in the end the doubt is left for a person to see."""
    if message.repetition < len(REPEATED_AFTER):
        at = now + REPEATED_AFTER[message.repetition]
        next_one = _message(message.user_id, message.chat_id, Kind(message.kind), message.subject_id, now)
        next_one.thread_id, next_one.not_before = message.thread_id, at
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
        not_before=now,
        created_at=now,
    )
