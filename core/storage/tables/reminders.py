"""Tables of reminders: who got one on which day, by which links they are stopped, and who gets none any longer."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import ID, Base


class Reminder(Base):
    """A reminder to one person, one on a day of the account's zone at most, whoever sends it.

    `person_key` is the hash of their e-mail address: it outlives the list that they were on. `occasion` is a
    domain.reminders.Occasion. A learner has a `user_id`; an expected person, who has none, the `profile_id` through
    which they are expected. `by_id`: the user who sent it.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("person_key", "day"),
        UniqueConstraint("user_id", "day"),
        Index("ix_reminder_day", "day"),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    person_key: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]
    occasion: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    expected_id: Mapped[int | None] = mapped_column(ForeignKey("expected_person.id", ondelete="SET NULL"), index=True)
    profile_id: Mapped[int | None] = mapped_column(ForeignKey("profile.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class ReminderCode(Base):
    """The code in a reminder by which its recipient stops reminders; only its hash is stored."""

    __tablename__ = "reminder_code"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    reminder_id: Mapped[int] = mapped_column(ForeignKey("reminder.id", ondelete="CASCADE"), index=True)


class ReminderStop(Base):
    """A person who wants no reminders, by the hash of their e-mail address."""

    __tablename__ = "reminder_stop"
    person_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    stopped_at: Mapped[datetime]
