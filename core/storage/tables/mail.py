"""The table of outgoing e-mail messages."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import ID, Base


class OutgoingMail(Base):
    """An e-mail message to one address: what it is about, not its text, which is written when it is sent.

    waiting -> claimed (leased) -> sending -> sent; or failed, with the reason; or unknown: it may or may not have
    arrived. `user_id` is NULL for a message that a person asked for who is not logged in: `address` is what they typed
    then, and whose it is is looked up when it is sent. `tries` counts those that failed for the moment, `repetition`
    the earlier attempts that may have arrived. `reference` is in the Message-ID (RFC 5322, 3.6.4), the same in a
    repetition. From `useless_from` on, it isn't worth sending.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_due", "state", "not_before"),)
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(8))
    holder: Mapped[str | None] = mapped_column(String(36))
    not_before: Mapped[datetime]
    useless_from: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    repetition: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
