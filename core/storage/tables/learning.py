"""Tables of courses, enrolment rules and enrolments."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import ID, Base


class Course(Base):
    """A course; `days` is the time to complete it, counted from enrolment. Rules no longer give an archived one."""

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("title_key"), CheckConstraint("days IS NULL OR days >= 1", name="days_positive"))
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    title_key: Mapped[str] = mapped_column(String(600))
    link: Mapped[str] = mapped_column(String(2000))
    days: Mapped[int | None]
    description: Mapped[str] = mapped_column(String(1000), default="")
    archived_at: Mapped[datetime | None]


class EnrolmentRule(Base):
    """Users who join the department, or one below it, are enrolled in the course."""

    __tablename__ = "enrolment_rule"
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True, index=True)


class Enrolment(Base):
    """A user's enrolment in a course: due date and progress; `completed_at` only while it is completed.

    `started_at`: when it was first started or completed; NULL if that was before it was recorded.
    """

    __tablename__ = "enrolment"
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True, index=True)
    progress: Mapped[str] = mapped_column(String(16))
    enrolled_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
