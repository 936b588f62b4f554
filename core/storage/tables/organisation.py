"""Tables of the account, its departments, the audit log and heartbeats."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import ID, Base


class Account(Base):
    """The one organisation of this installation; migrations create the row.

    `seats` is the limit of active users (NULL: no limit), `seats_taken` how many there are, counted only if there is a
    limit; `email_domains` those that may sign up (empty: all).
    `privacy_version` is the newest version of the privacy policy, 0 before the first; `consent_asked`: newcomers must
    agree to it. The database `belongs_to` the bot with this number in Telegram, or to the "sandbox". The owner's
    code is derived from `owner_nonce`; without an expiry it is used up. `owner_code_replaces` is the number of the
    owner whom its opener replaces. `language` (a code), `contact`, `accent` (#rrggbb) and `welcome` are shown on the
    pages; the three fields are off, optional or required on the form; `challenge`: when forms ask for a proof of work;
    `logo`: the version of the account's.
    `joining`: learners may join the department of another link by themselves. Expected people are kept for so many
    days after their profile's end, names of deleted people after the deletion (NULL: for good). `bot_name` is the
    bot's in Telegram, without the @; NULL until it has run.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("id = 1", name="one"),
        CheckConstraint("seats IS NULL OR seats >= 1", name="seats_positive"),
        CheckConstraint("(seats IS NULL) = (seats_taken IS NULL)", name="seats_counted"),
        CheckConstraint("seats_taken >= 0", name="seats_taken"),
    )
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str | None] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(64))
    sign_up_enabled: Mapped[bool]
    seats: Mapped[int | None]
    seats_taken: Mapped[int | None]
    strong_passwords: Mapped[bool]
    email_domains: Mapped[list[str]]
    email_confirmation: Mapped[bool]
    approval: Mapped[bool]
    last_name_required: Mapped[bool]
    joining: Mapped[bool] = mapped_column(server_default=false())
    consent_asked: Mapped[bool]
    privacy_version: Mapped[int]
    secret_key: Mapped[str | None] = mapped_column(String(64))
    owner_nonce: Mapped[str | None] = mapped_column(String(64))
    owner_code_expires_at: Mapped[datetime | None]
    owner_code_replaces: Mapped[int | None] = mapped_column(ID)
    belongs_to: Mapped[str | None] = mapped_column(String(32))
    bot_name: Mapped[str | None] = mapped_column(String(32))
    language: Mapped[str | None] = mapped_column(String(2))
    contact: Mapped[str | None] = mapped_column(String(200))
    accent: Mapped[str | None] = mapped_column(String(7))
    welcome: Mapped[str | None] = mapped_column(String(300))
    login_field: Mapped[str] = mapped_column(String(8), default="off")
    phone_field: Mapped[str] = mapped_column(String(8), default="optional")
    job_title_field: Mapped[str] = mapped_column(String(8), default="optional")
    logo: Mapped[str | None] = mapped_column(String(24))
    challenge: Mapped[str] = mapped_column(String(8), default="auto", server_default="auto")
    lists_kept_days: Mapped[int] = mapped_column(default=90, server_default=text("90"))
    names_kept_days: Mapped[int | None]


class Logo(Base):
    """A picture that is or was the account's logo: a PNG in base64. Only the newest two are kept."""

    __tablename__ = "logo"
    version: Mapped[str] = mapped_column(String(24), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]


class PrivacyPolicy(Base):
    """One version of the privacy policy's text; a trigger keeps it append-only.

    `published_at` is NULL for the one that was in force before versions were kept.
    """

    __tablename__ = "privacy_policy"
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime | None]


class Department(Base):
    """A node of the one tree; only the root, added by migrations, has no parent.

    `name_key` is the name's key (domain.text). A removed one keeps its place, because histories refer to it.
    `only_expected`: through the profiles of it and of those below it nobody else than the people of its roster can
    sign up.
    """

    __tablename__ = "department"
    __table_args__ = (
        Index(
            "uq_department_parent_id_name_key",
            "parent_id",
            "name_key",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(600))
    only_expected: Mapped[bool] = mapped_column(default=False, server_default=false())
    removed_at: Mapped[datetime | None]


class DepartmentTree(Base):
    """The closure table: each department with all its ancestors and itself (depth 0), to find subtrees by an index."""

    __tablename__ = "department_tree"
    ancestor_id: Mapped[int] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"), primary_key=True)
    descendant_id: Mapped[int] = mapped_column(
        ForeignKey("department.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    depth: Mapped[int]


class LeftBranch(Base):
    """A time for which a department is or was below another one: after the sign-up `since` (0: from the beginning).

    It ended with the sign-up `through`; None: it goes on, as a move began it. Whoever signed up there meanwhile has
    come to the other one, too, which `DepartmentTree` no longer tells once it is over.
    """

    __tablename__ = "left_branch"
    ancestor_id: Mapped[int] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"), primary_key=True)
    descendant_id: Mapped[int] = mapped_column(
        ForeignKey("department.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[int] = mapped_column(ID, primary_key=True, autoincrement=False)
    through: Mapped[int | None] = mapped_column(ID)


class AuditLogEntry(Base):
    """Who did what and when; a trigger keeps it append-only, but for erased names.

    No actor: the service itself, or a learner.

    `department_id` decides whose scope the entry is in; NULL: only account-wide ones.
    """

    __tablename__ = "record_entry"
    __table_args__ = (Index("ix_record_entry_department", "department_id", "id"),)
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    action: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(ID)
    subject: Mapped[str] = mapped_column(String(500))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class Heartbeat(Base):
    """When a part of the service last worked, shared by all processes."""

    __tablename__ = "heartbeat"
    part: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime]
