"""Tables of users, their roles and invitations, custom fields and sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    false,
    text,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from core.domain.text import search_key
from core.storage.tables.base import ID, Base


class CustomRole(Base):
    """A role that the account defined: a named set of permissions."""

    __tablename__ = "custom_role"
    __table_args__ = (UniqueConstraint("name_key"),)
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(600))
    permissions: Mapped[list[str]]


class User(Base):
    """Anyone with an account here. People who only use the chat have no e-mail, login and password.

    `state` is one of domain.access.UserState. A deleted user keeps name and department, for the histories they are in.
    `search_key` is that of the name, e-mail address and login together (domain.text). `password_link_at`: when staff
    last made a link to a new password for the user, until the user says that they have read of it. `deleted_at` is set
    on deletion, until the name is erased too. `language` is that of the page by which a learner signed up, and of the
    Telegram app of all others; `chosen_language`, which they chose on a page or in their private chat, goes before it,
    NULL: nothing was chosen. `dark_pictures`: pictures of sign-ups that are sent to them have a dark background.
    """

    __tablename__ = "user_account"
    __table_args__ = (
        UniqueConstraint("email"),
        UniqueConstraint("login"),
        UniqueConstraint("telegram_id"),
        UniqueConstraint("id", "department_id"),  # what activation.learner_department_id follows
        CheckConstraint("state IN ('active', 'inactive', 'pending', 'deleted')", name="state"),
        CheckConstraint("(role = 'custom role') = (custom_role_id IS NOT NULL)", name="custom_role"),
        Index(
            "uq_user_account_owner",
            "role",
            unique=True,
            sqlite_where=text("role = 'owner'"),
            postgresql_where=text("role = 'owner'"),
        ),
        # Without deleted users, who are the majority after years. The databases use a partial index only for a query
        # that states its condition literally.
        Index(
            "ix_user_account_living",
            "id",
            "state",
            sqlite_where=text("state != 'deleted'"),
            postgresql_where=text("state != 'deleted'"),
        ),
        Index(
            "ix_user_account_department",
            "department_id",
            "id",
            "state",
            "search_key",
            sqlite_where=text("state != 'deleted'"),
            postgresql_where=text("state != 'deleted'"),
        ),
        Index(
            "ix_user_account_deleted_at",
            "deleted_at",
            sqlite_where=text("deleted_at IS NOT NULL"),
            postgresql_where=text("deleted_at IS NOT NULL"),
        ),
        Index(
            "ix_user_account_phone",
            "phone",
            sqlite_where=text("phone != ''"),
            postgresql_where=text("phone != ''"),
        ),
        Index(
            "ix_user_account_active",
            "state",
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    role: Mapped[str] = mapped_column(String(32))
    custom_role_id: Mapped[int | None] = mapped_column(ForeignKey("custom_role.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    state: Mapped[str] = mapped_column(String(8))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(254))
    login: Mapped[str | None] = mapped_column(String(64))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(32), default="")
    job_title: Mapped[str] = mapped_column(String(100), default="")
    consent_version: Mapped[int | None]
    consent_at: Mapped[datetime | None]
    telegram_id: Mapped[int | None] = mapped_column(BigInteger)
    language: Mapped[str] = mapped_column(String(16), default="en")
    chosen_language: Mapped[str | None] = mapped_column(String(16))
    dark_pictures: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    search_key: Mapped[str] = mapped_column(Text, server_default="")
    password_link_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    @property
    def full_name(self) -> str:
        """First and last name; people from Telegram may have no last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def reading_language(self) -> str:
        """The language in which the user reads pages and messages to them; groups read that of their Telegram app."""
        return self.chosen_language or self.language


@event.listens_for(User, "before_insert")
@event.listens_for(User, "before_update")
def _keep_search_key(_mapper: Mapper[User], _connection: Connection, user: User) -> None:
    """Fold accents and case in Python, because SQLite folds ASCII only."""
    named = (user.first_name, user.last_name, user.email, user.login)
    user.search_key = search_key(*named)


class ManagedDepartment(Base):
    """A department that a user manages, with everything below it."""

    __tablename__ = "managed_department"
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True, index=True)


class Invitation(Base):
    """A one-time link that makes its opener a member of staff; only the hash of its code is stored.

    With a `user_id` it connects that user, who already has a role, to the chat.
    """

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("code_hash"),)
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(32))
    custom_role_id: Mapped[int | None] = mapped_column(ForeignKey("custom_role.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    used_at: Mapped[datetime | None]


class InvitedDepartment(Base):
    """A department that the invitee will manage."""

    __tablename__ = "invited_department"
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True, index=True)


class CustomField(Base):
    """A form field that the account defined; `kind` is a domain.form_fields.Kind. Removed ones keep their values.

    `translations` are its texts in further languages, as domain.field_texts writes them.
    """

    __tablename__ = "custom_field"
    __table_args__ = (
        Index(
            "uq_custom_field_label_key",
            "label_key",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    label: Mapped[str] = mapped_column(String(200))
    label_key: Mapped[str] = mapped_column(String(600))
    kind: Mapped[str] = mapped_column(String(16))
    choices: Mapped[list[str]]
    required: Mapped[bool]
    at_sign_up: Mapped[bool]
    position: Mapped[int]
    removed_at: Mapped[datetime | None]
    hint: Mapped[str] = mapped_column(String(300), default="", server_default="")
    translations: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


class FieldValue(Base):
    """A user's value of a custom field; `unique_key` is set if it must be unique among all users."""

    __tablename__ = "field_value"
    __table_args__ = (UniqueConstraint("field_id", "unique_key"),)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    field_id: Mapped[int] = mapped_column(ForeignKey("custom_field.id"), primary_key=True)
    value: Mapped[str] = mapped_column(String(1000))
    unique_key: Mapped[str | None] = mapped_column(String(1000))


class WebSession(Base):
    """A session of the pages; only the hash of the cookie is stored, so a stolen table can't be used to log in."""

    __tablename__ = "web_session"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(60), default="", server_default="")  # the browser's coarse name
