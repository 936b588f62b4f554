"""Tables of digests, outgoing messages, received updates, questions, dialogues, searches and leases."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.outbox import LONGEST_REFUSAL
from core.storage.tables.base import ID, Base


class Digest(Base):
    """One of a recipient's digests: its schedule (none: only on request) and how far it has reported.

    Each person has at most one `main` one, which typed lines are about. A digest covers what its recipient may see, or
    of that only a department with all below it, or only some profiles (`DigestProfile`). `quiet`: it doesn't come if
    nobody joined. If somebody did, a `picture` and a `spreadsheet` follow it, each if wanted. One with `removed_at` can
    be brought back for a while. Since `stopped_at` it could not be delivered; it keeps its schedule, but isn't due.
    `reported_through` is the last activation covered: activations are counted by number, not by time, so that one whose
    transaction was still open at the last digest is in the next. `connected_at` is set while the digest goes to a group
    because the recipient confirmed that; `group_title` is the group's name at that time, tidied. A digest that stopped
    because its group can't be written to keeps which group that was (`lost_...`), until it goes on. `focus` counts how
    often what it covers was chosen anew.
    """

    __tablename__ = "digest"
    __table_args__ = (
        Index("uq_digest_user_id", "user_id", unique=True, sqlite_where=text("main"), postgresql_where=text("main")),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    main: Mapped[bool] = mapped_column(default=True, server_default=true())
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    quiet: Mapped[bool] = mapped_column(default=False, server_default=false())
    picture: Mapped[bool] = mapped_column(default=False, server_default=false())
    spreadsheet: Mapped[bool] = mapped_column(default=False, server_default=false())
    removed_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    chat_id: Mapped[int] = mapped_column(BigInteger)
    thread_id: Mapped[int | None] = mapped_column(BigInteger)
    frequency: Mapped[str | None] = mapped_column(String(8))
    at: Mapped[str | None] = mapped_column(String(5))
    day: Mapped[int | None]
    next_due: Mapped[datetime | None] = mapped_column(index=True)
    reported_through: Mapped[int] = mapped_column(BigInteger)
    reported_at: Mapped[datetime | None]
    connected_at: Mapped[datetime | None]
    group_title: Mapped[str | None] = mapped_column(String(255))
    lost_chat_id: Mapped[int | None] = mapped_column(BigInteger)
    lost_thread_id: Mapped[int | None] = mapped_column(BigInteger)
    lost_title: Mapped[str | None] = mapped_column(String(255))
    focus: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class DigestProfile(Base):
    """A profile that a digest is about; a digest without any is about all that its recipient may see."""

    __tablename__ = "digest_profile"
    digest_id: Mapped[int] = mapped_column(ForeignKey("digest.id", ondelete="CASCADE"), primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"), primary_key=True)


class DigestRun(Base):
    """One digest and the activations (after, through] that it covers; `due_at` is empty if it was requested.

    `focus` is its digest's at that time: if that has changed since, this run was about something else.
    The unique constraint on the due instant keeps several processes from posting the same digest twice.
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
    focus: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class OutboxMessage(Base):
    """An outgoing message: its subject, not its text.

    waiting -> claimed (leased) -> sending -> sent; or failed for good; or unknown: it may or may not have arrived. The
    messages to a chat are sent in the order of their numbers. `thread_id` is a topic of a group. `repetition` counts
    the earlier attempts that may have arrived. `unknown_since`: when Telegram first said that it doesn't know the chat.
    `grows_in` is Telegram's number of the message while later notices are to change it, instead of being sent; 0 while
    it isn't known, because it is being sent. `changes` is the number of the message that it changes itself. `refusal`
    is Telegram's reason, if it refused the message for good.
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
    unknown_since: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    grows_in: Mapped[int | None] = mapped_column(BigInteger)
    changes: Mapped[int | None] = mapped_column(BigInteger)
    refusal: Mapped[str | None] = mapped_column(String(LONGEST_REFUSAL))


class DeliveryPause(Base):
    """Exists while the outbox is paused, because the bot seems not to know the chats; `next_probe` is a try."""

    __tablename__ = "delivery_pause"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    since: Mapped[datetime]
    next_probe: Mapped[datetime]


class InboxUpdate(Base):
    """A received update, stored before it is acknowledged to Telegram; its key is Telegram's `update_id`.

    waiting -> claimed (leased) -> answering -> done; or interrupted: it had its effect but no answer; or unknown: the
    answer may or may not have arrived; or given up. `effected` is set in the transaction of the update's effect. Order
    is kept within a `line`: a chat, or a person outside of chats. Done updates keep their number but not their body.
    `standing` is a `domain.inbox.Standing`: whether the sender is a stranger.
    `button` is a fingerprint of the tapped button, if it was a tap, or of the message that was written or edited.
    `entries` are the numbers of the first audit-log entries that the effect of a message made; NULL: it made none.
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
        Index("ix_incoming_button_of_line", "line", "button"),
    )
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(BigInteger)
    sender_id: Mapped[int | None] = mapped_column(BigInteger)
    standing: Mapped[str] = mapped_column(String(8), server_default="known")
    button: Mapped[str | None] = mapped_column(String(8))
    body: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(11))
    effected: Mapped[bool] = mapped_column(default=False)
    entries: Mapped[list[int] | None]
    holder: Mapped[str | None] = mapped_column(String(36))
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime] = mapped_column(index=True)


class Question(Base):
    """A question to a person that one tap answers, once; `body` is what was asked, and `about` which use case reads it.

    It exists because a button holds 64 bytes (Bot API), and because its answer must have one effect in all processes.
    """

    __tablename__ = "question"
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    about: Mapped[str] = mapped_column(String(24))
    body: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]


class Dialogue(Base):
    """The form that a person fills in, in one chat: one row, which any process reads and writes.

    `answers` holds numbers, moments and typed names (`domain.profile_answers`). `asked` is the part that is being
    chosen, with where in its choices; empty: the form itself. Each change adds one to `turn`, which buttons carry and
    which never falls. `message_id`: the message that shows the form. `made` is the number of what the form made. While
    it is `active`, what the person types without a slash answers the form.
    """

    __tablename__ = "dialogue"
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    draft_id: Mapped[str] = mapped_column(String(24))
    turn: Mapped[int]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    asked: Mapped[dict[str, Any]]
    answers: Mapped[dict[str, Any]]
    active: Mapped[bool]
    made: Mapped[int | None] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(index=True)


class Repetition(Base):
    """What a person's chat did or said a moment ago; the key stops several processes from doing it twice.

    `key` is a hash of the line or of the answer, `made` the number of what the line made.
    """

    __tablename__ = "repetition"
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    made: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(index=True)


class Search(Base):
    """The words of a person's search that are too long for a button; `at` is when it was last used."""

    __tablename__ = "search"
    __table_args__ = (UniqueConstraint("user_id", "words"),)
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(index=True)


class Lease(Base):
    """A job that one process does at a time: its holder, and when the lease expires."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(36))
    expires_at: Mapped[datetime]
