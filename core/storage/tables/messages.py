"""Digests, messages to be sent, and updates that came in."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import ID, Base


class Digest(Base):
    """One recipient's digest: its schedule (none: only on request) and how far it has reported.

    `reported_through` is the last activation covered: activations are counted by number, not by time, so that one whose
    transaction was still open at the last digest is in the next.
    """

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("user_id"),)
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    chat_id: Mapped[int] = mapped_column(BigInteger)
    thread_id: Mapped[int | None] = mapped_column(BigInteger)
    frequency: Mapped[str | None] = mapped_column(String(8))
    at: Mapped[str | None] = mapped_column(String(5))
    day: Mapped[int | None]
    next_due: Mapped[datetime | None] = mapped_column(index=True)
    reported_through: Mapped[int] = mapped_column(BigInteger)
    reported_at: Mapped[datetime | None]


class DigestRun(Base):
    """One digest and the activations (after, through] that it covers; `due_at` is empty where it was asked for.

    A due instant of a digest stands here once: that is what keeps several processes from posting it twice.
    """

    __tablename__ = "digest_run"
    __table_args__ = (UniqueConstraint("digest_id", "due_at"),)
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    digest_id: Mapped[int] = mapped_column(ForeignKey("digest.id", ondelete="CASCADE"))
    due_at: Mapped[datetime | None]
    covers_after: Mapped[int] = mapped_column(BigInteger)
    covers_through: Mapped[int] = mapped_column(BigInteger)
    covers_since: Mapped[datetime | None]
    covers_until: Mapped[datetime]


class OutboxMessage(Base):
    """A message to be sent: what it is about, never its words.

    waiting -> claimed (leased) -> sending -> sent; or failed for good; or unknown: nobody can tell if it arrived. One
    chat's messages go out in the order of their numbers. `thread_id` is a topic of a group. `repetition` counts the
    earlier tries that may have arrived.
    """

    __tablename__ = "outgoing"
    __table_args__ = (
        Index("ix_outgoing_due", "state", "not_before"),
        Index(
            "ix_outgoing_open_of_chat",
            "chat_id",
            "id",
            sqlite_where=text("state IN ('waiting', 'claimed', 'sending')"),
            postgresql_where=text("state IN ('waiting', 'claimed', 'sending')"),
        ),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    thread_id: Mapped[int | None] = mapped_column(BigInteger)
    subject_id: Mapped[int] = mapped_column(BigInteger)
    repetition: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(8))
    holder: Mapped[str | None] = mapped_column(String(36))
    not_before: Mapped[datetime]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class InboxUpdate(Base):
    """An update of the chat, kept before Telegram is told that it arrived; its number is Telegram's own.

    waiting -> claimed (leased) -> answering -> done; or interrupted: it had its effect and no answer; or unknown: none
    can tell if the answer arrived; or given up. `effected` is set in the transaction of what the update does. Order is
    kept within a `line`: one chat, or one person outside of chats. What is done keeps its number, not its body.
    """

    __tablename__ = "incoming"
    __table_args__ = (
        Index(
            "ix_incoming_open_of_line",
            "line",
            "update_id",
            sqlite_where=text("state IN ('waiting', 'claimed', 'answering')"),
            postgresql_where=text("state IN ('waiting', 'claimed', 'answering')"),
        ),
        Index("ix_incoming_state", "state", "update_id"),
    )
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(BigInteger)
    sender_id: Mapped[int | None] = mapped_column(BigInteger)
    body: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(11))
    effected: Mapped[bool] = mapped_column(default=False)
    holder: Mapped[str | None] = mapped_column(String(36))
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime] = mapped_column(index=True)


class Lease(Base):
    """Something that one process does at a time, who does it, and until when it is theirs."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(36))
    expires_at: Mapped[datetime]
