"""Queries on outgoing messages."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from core.domain.outbox import AT_ONCE, FILES, OF_RUNS, OPEN, SENDING, UNSENT, Kind, MessageState
from core.storage.prepared import finds
from core.storage.shared_clock import TOLERANCE
from core.storage.tables import DigestRun, OutboxMessage

NOT_SHOWN_YET = 0  # in place of Telegram's number of a message


def add(session: Session, chats: Mapping[int, int], kind: str, subject_id: int, now: datetime) -> None:
    """Add a message to each of some users' private chats, to be sent at once; one statement."""
    rows = [
        {
            "kind": kind,
            "user_id": user_id,
            "chat_id": chat_id,
            "subject_id": subject_id,
            "repetition": 0,
            "state": MessageState.WAITING,
            "not_before": AT_ONCE,
            "created_at": now,
        }
        for user_id, chat_id in sorted(chats.items())
    ]
    if rows:
        session.execute(insert(OutboxMessage), rows)


def claimable(session: Session, holder: str, now: datetime, lease: timedelta, *, at_most: int) -> list[OutboxMessage]:
    """Lock messages that may be sent now or whose claim has expired, skipping those locked by other processes.

    So may those whose claim by another holder ends later than one made now would: the clock was set back since.

    Only the first open message of each chat qualifies, so that a chat gets its messages in order; no text waits for a
    file. Those to chats that the bot seems not to know come last.
    """
    first = _first(OutboxMessage.kind.not_in(FILES))
    return _locked(session, first, holder, now, lease, at_most=at_most)


def claimable_files(
    session: Session, holder: str, now: datetime, lease: timedelta, *, at_most: int
) -> list[OutboxMessage]:
    """Lock files as `claimable` does texts; of each chat the first one, once it has no text to get before."""
    text = aliased(OutboxMessage)
    before = text.state.in_(OPEN), text.chat_id == OutboxMessage.chat_id, text.id < OutboxMessage.id
    first = _first(OutboxMessage.kind.in_(FILES), ~exists().where(*before, text.kind.not_in(FILES)))
    return _locked(session, first, holder, now, lease, at_most=at_most)


def _first(*conditions: ColumnElement[bool]) -> Select[int]:
    open_ones = OutboxMessage.state.in_(OPEN), *conditions
    return select(func.min(OutboxMessage.id)).where(*open_ones).group_by(OutboxMessage.chat_id)


def _locked(
    session: Session, first: Select[int], holder: str, now: datetime, lease: timedelta, *, at_most: int
) -> list[OutboxMessage]:
    query = (
        select(OutboxMessage)
        .where(
            OutboxMessage.state.in_(UNSENT),
            or_(OutboxMessage.not_before <= now, _from_another_time(MessageState.CLAIMED, holder, now + lease)),
            OutboxMessage.id.in_(first),
        )
        .order_by(OutboxMessage.unknown_since.is_not(None), OutboxMessage.not_before, OutboxMessage.id)
        .limit(at_most)
    )
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def stranded(session: Session, holder: str, now: datetime, *, at_most: int) -> list[OutboxMessage]:
    """Lock messages whose sender died while sending, so that it is unknown whether they arrived."""
    ended = or_(OutboxMessage.not_before <= now, _from_another_time(MessageState.SENDING, holder, now + SENDING))
    query = select(OutboxMessage).where(OutboxMessage.state == MessageState.SENDING, ended)
    query = query.order_by(OutboxMessage.id).limit(at_most)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def anything_to_do(session: Session, now: datetime) -> bool:
    """Return whether `claimable` or `stranded` may find a message, without locking it."""
    return finds(session, _DUE, now=now) or finds(session, _FAR_AHEAD, latest=now + SENDING + TOLERANCE)


def hasten(session: Session, now: datetime, *, besides: str) -> None:
    """Let the messages that wait for a later moment be sent at once, besides those of one kind."""
    waiting = OutboxMessage.state == MessageState.WAITING, OutboxMessage.not_before > now, OutboxMessage.kind != besides
    session.execute(update(OutboxMessage).where(*waiting).values(not_before=AT_ONCE))


def _from_another_time(state: MessageState, holder: str, latest: datetime) -> ColumnElement[bool]:
    """Match what another holder has claimed until later than is possible."""
    held = OutboxMessage.state == state, OutboxMessage.holder != holder
    return and_(*held, OutboxMessage.not_before > latest + TOLERANCE)


def renew(session: Session, holder: str, message_ids: Collection[int], leased_until: datetime) -> None:
    """Extend the leases of messages that a holder has claimed, and has not begun to send."""
    claimed = OutboxMessage.state == MessageState.CLAIMED, OutboxMessage.holder == holder
    held = update(OutboxMessage).where(OutboxMessage.id.in_(message_ids), *claimed)
    session.execute(held.values(not_before=leased_until))


def move(session: Session, message_id: int, holder: str, *, old: MessageState, **new: object) -> bool:
    """Change a message if this holder still has it, in the state `old`; else return False."""
    moved = (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == old, OutboxMessage.holder == holder)
        .values(**new)
        .returning(OutboxMessage.id)
    )
    return session.scalars(moved).one_or_none() is not None


def growing(session: Session, user_id: int, kinds: Collection[str], since: datetime) -> tuple[int, datetime] | None:
    """Return the message of Telegram that a user's newest notice of these kinds can grow in, and when it was shown."""
    query = select(OutboxMessage.grows_in, OutboxMessage.ended_at).where(
        OutboxMessage.user_id == user_id,
        OutboxMessage.kind.in_(kinds),
        OutboxMessage.grows_in.is_not(None),
        OutboxMessage.state == MessageState.SENT,
        OutboxMessage.ended_at >= since,
    )
    row: Any = session.execute(query.order_by(OutboxMessage.id.desc()).limit(1)).one_or_none()
    return None if row is None else (row.grows_in, row.ended_at)


def lock_growing(session: Session, user_id: int) -> None:
    """Lock what can grow of what was sent to a user, against its end and against a notice that is to change it."""
    grows = OutboxMessage.user_id == user_id, OutboxMessage.grows_in.is_not(None)
    session.execute(select(OutboxMessage.id).where(*grows).order_by(OutboxMessage.id).with_for_update())


def begin_growing(session: Session, message_id: int, changes: int | None) -> None:
    """Let a message that is being sent grow when it has arrived, unless `end_growing` comes first."""
    sending = update(OutboxMessage).where(OutboxMessage.id == message_id)
    session.execute(sending.values(grows_in=NOT_SHOWN_YET, changes=changes))


def arrived_in(message: int | None) -> ColumnElement[int | None]:
    """Return the value of `grows_in` for a message that has arrived: none if its growth has ended meanwhile."""
    return case((OutboxMessage.grows_in.is_(None), null()), else_=literal(message, OutboxMessage.grows_in.type))


def end_growing(session: Session, user_id: int) -> None:
    """Let nothing that was sent to a user, or is being sent, grow any more."""
    lock_growing(session, user_id)  # the update sees what was begun while it waited for the lock
    grows = OutboxMessage.user_id == user_id, OutboxMessage.grows_in.is_not(None)
    session.execute(update(OutboxMessage).where(*grows).values(grows_in=None))


def may_be_changing(session: Session, user_id: int, shown_in: int, since: datetime) -> bool:
    """Return whether a message of Telegram is being changed by a notice, or may have been since a moment."""
    in_doubt = and_(OutboxMessage.state == MessageState.UNKNOWN, OutboxMessage.ended_at >= since)
    query = select(OutboxMessage.id).where(
        OutboxMessage.user_id == user_id,
        OutboxMessage.changes == shown_in,
        or_(OutboxMessage.state == MessageState.SENDING, in_doubt),
    )
    return session.scalars(query.limit(1)).first() is not None


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Return when the oldest message that could be sent now was queued (UTC)."""
    query = select(OutboxMessage.created_at).where(OutboxMessage.state.in_(OPEN), OutboxMessage.not_before <= now)
    return session.scalars(query.order_by(OutboxMessage.id).limit(1)).one_or_none()


def count_by_state(session: Session) -> dict[str, int]:
    """Count the messages in each state."""
    counts = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
    return dict(session.execute(counts).all())


def move_chat(session: Session, old_id: int, new_id: int) -> None:
    """Redirect the open messages of a chat to another one, and let those about its loss be about that one."""
    is_open = OutboxMessage.state.in_(OPEN)
    about = OutboxMessage.kind == Kind.GROUP_LOST, OutboxMessage.subject_id == old_id
    session.execute(update(OutboxMessage).where(OutboxMessage.chat_id == old_id, is_open).values(chat_id=new_id))
    session.execute(update(OutboxMessage).where(*about, is_open).values(subject_id=new_id))


def forget(session: Session, user_id: int) -> None:
    """Delete the messages to a user, those whose sending hasn't begun and those that ended."""
    session.execute(delete(OutboxMessage).where(OutboxMessage.user_id == user_id))


def cancel_digest(session: Session, digest_id: int, chat_id: int, now: datetime) -> None:
    """End the messages of a digest to one chat whose sending hasn't begun: of its runs, and the note to its group."""
    runs = select(DigestRun.id).where(DigestRun.digest_id == digest_id)
    of_runs = and_(OutboxMessage.kind.in_(OF_RUNS), OutboxMessage.subject_id.in_(runs))
    of_group = and_(OutboxMessage.kind == Kind.GROUP_CONNECTED, OutboxMessage.subject_id == digest_id)
    of_digest = OutboxMessage.chat_id == chat_id, or_(of_runs, of_group)
    unsent = update(OutboxMessage).where(*of_digest, OutboxMessage.state.in_(UNSENT))
    session.execute(unsent.values(state=MessageState.FAILED, ended_at=now))


def sweep(session: Session, before: datetime) -> None:
    """Delete the messages that ended before a moment."""
    session.execute(delete(OutboxMessage).where(OutboxMessage.state.not_in(OPEN), OutboxMessage.ended_at < before))


def queued_since(session: Session, user_id: int, kind: str, since: datetime, *, about: int | None = None) -> bool:
    """Return whether a message of a kind to a user (about one subject, if given) was queued after a moment."""
    query = select(OutboxMessage.id).where(
        OutboxMessage.user_id == user_id, OutboxMessage.kind == kind, OutboxMessage.created_at > since
    )
    if about is not None:
        query = query.where(OutboxMessage.subject_id == about)
    return session.scalars(query.limit(1)).first() is not None


_DUE = (
    select(OutboxMessage.id).where(OutboxMessage.state.in_(OPEN), OutboxMessage.not_before <= bindparam("now")).limit(1)
)
_FAR_AHEAD = (
    select(OutboxMessage.id)
    .where(
        OutboxMessage.state.in_([MessageState.CLAIMED, MessageState.SENDING]),
        OutboxMessage.not_before > bindparam("latest"),
    )
    .limit(1)
)
