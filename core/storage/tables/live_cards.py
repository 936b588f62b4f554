"""The table of live cards."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import ID, Base


class LiveCard(Base):
    """A card of a profile outside of private chats, which is edited when what it shows changes.

    It is either a message in a group (`chat_id`; `message_id` is NULL until it is sent), or one that a person sent via
    the bot (`inline_message_id`, Bot API). `by_id` put it there; it is in `language` (a code). `shown` is the
    fingerprint of what it shows, empty if that isn't known; it is not edited before `next_at`. If it is `stopped`, it
    is to say so, and then it ends, as it does when it can no longer be edited (`ended_at`).
    """

    __tablename__ = "live_card"
    __table_args__ = (
        UniqueConstraint("inline_message_id"),
        CheckConstraint("(inline_message_id IS NULL) <> (chat_id IS NULL)", name="one_place"),
        Index(
            "uq_live_card_chat_id_profile_id",
            "chat_id",
            "profile_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_live_card_shown", "profile_id", "stopped", "shown", "next_at"),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    inline_message_id: Mapped[str | None] = mapped_column(String(255))
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    thread_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    chat_title: Mapped[str] = mapped_column(String(255))
    shown: Mapped[str] = mapped_column(String(8))
    next_at: Mapped[datetime]
    stopped: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
