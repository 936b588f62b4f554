"""Tables of outgoing e-mail messages, and of the people to whom profiles' links are sent."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import ID, Base


class OutgoingMail(Base):
    """An e-mail message to one address: what it is about, not its text, which is written when it is sent.

    waiting -> claimed (leased) -> sending -> sent; or failed, with the reason; or unknown: it may or may not have
    arrived. `user_id` is NULL for a message that a person asked for who is not logged in: `address` is what they typed
    then, and whose it is is looked up when it is sent. `tries` counts those that failed for the moment, `repetition`
    the earlier attempts that may have arrived. `reference` is in the Message-ID (RFC 5322, 3.6.4), the same in a
    repetition. From `useless_from` on, it isn't worth sending. `recipient_id`: it brings a profile's link; such
    messages are kept as long as their recipients, because they tell what became of each. `reminder_id`: it is that
    reminder.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_due", "state", "not_before"),)
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("link_recipient.id", ondelete="CASCADE"), index=True)
    reminder_id: Mapped[int | None] = mapped_column(ForeignKey("reminder.id", ondelete="CASCADE"), index=True)
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


class LinkRecipient(Base):
    """A person to whom a profile's link is sent by e-mail, once for each address; `added_by` sent it last.

    What became of it is told by their newest message, and whether they signed up by a query. `withdrawn_at`: nothing
    is sent to them any longer. `link_id`: their personal link, NULL if they get the profile's main one.
    """

    __tablename__ = "link_recipient"
    __table_args__ = (
        UniqueConstraint("profile_id", "email"),
        UniqueConstraint("link_id"),
        Index("ix_link_recipient_email", "email"),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"))
    email: Mapped[str] = mapped_column(String(254))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    added_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"))

    @property
    def full_name(self) -> str:
        """First and last name, as far as they are known."""
        return f"{self.first_name} {self.last_name}".strip()


class LinkMailDay(Base):
    """How many messages with links were queued on a day of the account's zone."""

    __tablename__ = "link_mail_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    queued: Mapped[int]
