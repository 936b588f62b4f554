"""Every table. Whatever must hold under concurrency is a named constraint here."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import JSON, TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
ID = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER keys count up by themselves on SQLite


class Moment(TypeDecorator[datetime]):
    """Aware UTC in Python on both databases; a naive value is refused before it reaches either."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand UTC to the database, without the zone where it keeps none."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment needs a time zone"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give aware UTC back."""
        return value if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The metadata that migrations and tests compare."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Moment(), dict[str, Any]: JSON()}  # noqa: RUF012 - SQLAlchemy's own declaration


class Account(Base):
    """The one organisation of this installation; migrations create the row."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str | None] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(64))
    sign_up_enabled: Mapped[bool]
    secret_key: Mapped[str | None] = mapped_column(String(64))
    owner_nonce: Mapped[str | None] = mapped_column(String(64))


class Department(Base):
    """A node of the one tree; `name_key` is the case-folded name. Only the root, added by migrations, has no parent."""

    __tablename__ = "department"
    __table_args__ = (UniqueConstraint("parent_id", "name_key"),)
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(600))


class DepartmentTree(Base):
    """Each department with each of its ancestors, itself at depth 0: "everything below" is one indexed look-up."""

    __tablename__ = "department_tree"
    ancestor_id: Mapped[int] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"), primary_key=True)
    descendant_id: Mapped[int] = mapped_column(
        ForeignKey("department.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    depth: Mapped[int]


class User(Base):
    """Anyone with an account here. People who only use the chat have no e-mail, login and password."""

    __tablename__ = "user_account"
    __table_args__ = (
        UniqueConstraint("email"),
        UniqueConstraint("login"),
        UniqueConstraint("telegram_id"),
        Index(
            "uq_user_account_owner",
            "role",
            unique=True,
            sqlite_where=text("role = 'owner'"),
            postgresql_where=text("role = 'owner'"),
        ),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    role: Mapped[str] = mapped_column(String(32))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    active: Mapped[bool]
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(254))
    login: Mapped[str | None] = mapped_column(String(64))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(32), default="")
    job_title: Mapped[str] = mapped_column(String(100), default="")
    telegram_id: Mapped[int | None] = mapped_column(BigInteger)
    language: Mapped[str] = mapped_column(String(16), default="en")
    created_at: Mapped[datetime]


class ManagedDepartment(Base):
    """A department that a user manages, with everything below it."""

    __tablename__ = "managed_department"
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True, index=True)


class Profile(Base):
    """A sign-up profile. A removed one stays, so that its link can say so and its history is kept."""

    __tablename__ = "profile"
    __table_args__ = (
        UniqueConstraint("token"),
        CheckConstraint("activation_limit IS NULL OR activation_limit >= 1", name="limit_positive"),
        CheckConstraint(
            "used >= 0 AND (activation_limit IS NULL OR used <= activation_limit)", name="used_within_limit"
        ),
        CheckConstraint("starts_at < ends_at", name="window"),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(600))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    activation_limit: Mapped[int | None]
    used: Mapped[int] = mapped_column(default=0)
    token: Mapped[str] = mapped_column(String(64))
    paused: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None]
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]


class Activation(Base):
    """One completed sign-up through a profile, and where the profile pointed then."""

    __tablename__ = "activation"
    __table_args__ = (
        UniqueConstraint("user_id"),
        UniqueConstraint("form_key"),
        Index("ix_activation_newest_first", "profile_id", "id"),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    form_key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Course(Base):
    """Something to learn; `days` is the time to complete it, counted from enrolment."""

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("title_key"), CheckConstraint("days IS NULL OR days >= 1", name="days_positive"))
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    title_key: Mapped[str] = mapped_column(String(600))
    link: Mapped[str] = mapped_column(String(2000))
    days: Mapped[int | None]


class EnrolmentRule(Base):
    """Who joins this department or one below it is enrolled in the course."""

    __tablename__ = "enrolment_rule"
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True, index=True)


class Enrolment(Base):
    """A user's course: due at, and how far they are."""

    __tablename__ = "enrolment"
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True, index=True)
    progress: Mapped[str] = mapped_column(String(16))
    enrolled_at: Mapped[datetime]
    due_at: Mapped[datetime | None]


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


class Outgoing(Base):
    """A message to be sent: what it is about, never its words.

    waiting -> claimed (leased) -> sending -> sent; or failed for good; or unknown: nobody can tell if it arrived.
    """

    __tablename__ = "outgoing"
    __table_args__ = (Index("ix_outgoing_due", "state", "not_before"),)
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    subject_id: Mapped[int] = mapped_column(BigInteger)
    again: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(8))
    holder: Mapped[str | None] = mapped_column(String(36))
    not_before: Mapped[datetime]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class WebSession(Base):
    """A log-in; only the hash of the cookie is kept, so a stolen table logs nobody in."""

    __tablename__ = "web_session"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Heartbeat(Base):
    """When a part of the service last did its work, for whichever process is asked about it."""

    __tablename__ = "heartbeat"
    part: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime]
