"""Tables of reminders: who got one on which day, by which links they are stopped, who gets none; rules and rounds."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import ID, Base

OF_ACCOUNT = "profile_id IS NULL AND department_id IS NULL"


class Reminder(Base):
    """A reminder to one person, one on a day of the account's zone at most, whoever sends it.

    `person_key` is the hash of their e-mail address: it outlives the list that they were on. `occasion` is a
    domain.reminders.Occasion. A learner has a `user_id`; an expected person, who has none, the `profile_id` through
    which they are expected. `by_id`: the user who sent it, NULL if a rule did. `told_on`: the day on which a manager
    heard that this one, the last in a row, was of no use. `refused`: the mail server refused their address for good,
    and has taken no reminder to it since.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("person_key", "day"),
        UniqueConstraint("user_id", "day"),
        Index("ix_reminder_day", "day"),
        Index(
            "ix_reminder_told_on",
            "told_on",
            sqlite_where=text("told_on IS NOT NULL"),
            postgresql_where=text("told_on IS NOT NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    person_key: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]
    occasion: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    expected_id: Mapped[int | None] = mapped_column(ForeignKey("expected_person.id", ondelete="SET NULL"), index=True)
    profile_id: Mapped[int | None] = mapped_column(ForeignKey("profile.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    told_on: Mapped[date | None]
    refused: Mapped[bool] = mapped_column(default=False, server_default=false())


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


class ReminderRule(Base):
    """Whether people of a profile, or of a department and those below it, or (neither) all, are reminded.

    `occasion` is a domain.reminders.Occasion. `is_on` False: they are not, whatever holds around it. It holds for the
    rounds from `since` on.
    """

    __tablename__ = "reminder_rule"
    __table_args__ = (
        UniqueConstraint("occasion", "profile_id"),
        UniqueConstraint("occasion", "department_id"),
        Index(
            "uq_reminder_rule_occasion",
            "occasion",
            unique=True,
            sqlite_where=text(OF_ACCOUNT),
            postgresql_where=text(OF_ACCOUNT),
        ),
        CheckConstraint("days >= 0", name="days"),
        CheckConstraint("profile_id IS NULL OR department_id IS NULL", name="place"),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    occasion: Mapped[str] = mapped_column(String(16))
    profile_id: Mapped[int | None] = mapped_column(ForeignKey("profile.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"))
    days: Mapped[int]
    is_on: Mapped[bool]
    since: Mapped[datetime]


class ReminderRound(Base):
    """How far the reminders of a day of the account's zone are queued; processes take turns on its row.

    Expected people come first, profile by profile, then department by department, and then learners by their numbers.
    """

    __tablename__ = "reminder_round"
    day: Mapped[date] = mapped_column(primary_key=True)
    through_profile: Mapped[int] = mapped_column(ID)
    through_department: Mapped[int] = mapped_column(ID, server_default=text("0"))
    through_user: Mapped[int] = mapped_column(ID)
    ended_at: Mapped[datetime | None]
