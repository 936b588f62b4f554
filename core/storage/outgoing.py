"""Queries on messages to be sent."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.orm import Session

from core.storage.tables import Outgoing, User

OPEN = ("waiting", "claimed", "sending")


def claimable(session: Session, now: datetime, *, at_most: int) -> list[Outgoing]:
    """Take messages that may be sent now, or whose claim's lease has run out, passing by those in another's hand.

    Of each chat only the first that is open: so a chat gets its messages in order, whoever sends them.
    """
    first = select(func.min(Outgoing.id)).where(Outgoing.state.in_(OPEN)).group_by(Outgoing.chat_id)
    query = (
        select(Outgoing)
        .where(Outgoing.state.in_(("waiting", "claimed")), Outgoing.not_before <= now, Outgoing.id.in_(first))
        .order_by(Outgoing.not_before, Outgoing.id)
        .limit(at_most)
    )
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def stranded(session: Session, now: datetime, *, at_most: int) -> list[Outgoing]:
    """Take messages whose sender died in the middle of sending: nobody can tell whether they arrived."""
    query = select(Outgoing).where(Outgoing.state == "sending", Outgoing.not_before <= now)
    query = query.order_by(Outgoing.id).limit(at_most)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def anything_to_do(session: Session, now: datetime) -> bool:
    """Tell whether `claimable` or `stranded` would find a message, without a lock."""
    query = select(Outgoing.id).where(Outgoing.state.in_(OPEN), Outgoing.not_before <= now).limit(1)
    return session.scalars(query).first() is not None


def move(session: Session, message_id: int, holder: str, *, old: str, **new: object) -> bool:
    """Change a message that this holder still has in the state `old`; False where it was taken over."""
    moved = (
        update(Outgoing)
        .where(Outgoing.id == message_id, Outgoing.state == old, Outgoing.holder == holder)
        .values(**new)
        .returning(Outgoing.id)
    )
    return session.scalars(moved).one_or_none() is not None


def count_by_state(session: Session) -> dict[str, int]:
    """Count the messages in each state."""
    counts = select(Outgoing.state, func.count()).group_by(Outgoing.state)
    return dict(session.execute(counts).all())


def in_doubt(session: Session, since: datetime, *, at_most: int) -> Sequence[Row[Outgoing, User]]:
    """List the messages since a moment of which nobody knows whether they arrived, newest first, with recipients."""
    query = (
        select(Outgoing, User)
        .join(User, User.id == Outgoing.user_id)
        .where(Outgoing.state == "unknown", Outgoing.created_at >= since)
    )
    return session.execute(query.order_by(Outgoing.id.desc()).limit(at_most)).all()


def move_chat(session: Session, old_id: int, new_id: int) -> None:
    """Send what is open for a chat to another one."""
    session.execute(update(Outgoing).where(Outgoing.chat_id == old_id, Outgoing.state.in_(OPEN)).values(chat_id=new_id))


def cancel(session: Session, user_id: int, now: datetime) -> None:
    """End the messages to a user that nobody has begun to send."""
    waiting = update(Outgoing).where(Outgoing.user_id == user_id, Outgoing.state == "waiting")
    session.execute(waiting.values(state="failed", ended_at=now))


def sweep(session: Session, before: datetime) -> None:
    """Remove the messages that ended before a moment."""
    session.execute(delete(Outgoing).where(Outgoing.state.not_in(OPEN), Outgoing.ended_at < before))


def queued_since(session: Session, user_id: int, kind: str, since: datetime, *, about: int | None = None) -> bool:
    """Tell whether a message of a kind to a user, about one subject if one is named, was queued after a moment."""
    query = select(Outgoing.id).where(Outgoing.user_id == user_id, Outgoing.kind == kind, Outgoing.created_at > since)
    if about is not None:
        query = query.where(Outgoing.subject_id == about)
    return session.scalars(query.limit(1)).first() is not None
