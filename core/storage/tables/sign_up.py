"""Tables of sign-up profiles, their links, activations, pending sign-ups and the ledger."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.windows import Window
from core.storage.tables.base import ID, Base

LEDGER_ONCE = "kind IN ('reserved', 'released', 'taken')"


class Profile(Base):
    """A sign-up profile. Removed ones are kept for their histories, and so that their links can say so.

    `name_key` is the name's search key (domain.text). `used` counts completed sign-ups minus those returned, `reserved`
    the places of sign-ups that wait for a confirmation or an approval, and those kept for granted requests. Both always
    equal the sums of the ledger, and of the granted requests.
    `draft_id` is that of the form that made it, which makes one profile at most.
    `only_expected`: nobody else than the people of the roster can sign up.
    """

    __tablename__ = "profile"
    __table_args__ = (
        CheckConstraint("activation_limit IS NULL OR activation_limit >= 1", name="limit_positive"),
        CheckConstraint(
            "used >= 0 AND reserved >= 0 AND (activation_limit IS NULL OR used + reserved <= activation_limit)",
            name="used_within_limit",
        ),
        CheckConstraint("starts_at < ends_at", name="window"),
        Index("uq_profile_draft_id", "draft_id", unique=True),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(600))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    activation_limit: Mapped[int | None]
    used: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    paused: Mapped[bool] = mapped_column(default=False)
    only_expected: Mapped[bool] = mapped_column(default=False, server_default=false())
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    draft_id: Mapped[str | None] = mapped_column(String(24))

    @property
    def window(self) -> Window:
        """The time in which its links work."""
        return Window(starts_at=self.starts_at, ends_at=self.ends_at)


class ProfileDepartment(Base):
    """A profile's current and earlier departments, whose managers may read the profile."""

    __tablename__ = "profile_department"
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True, index=True)


class Link(Base):
    """A link to a profile's form: the main one (without a label) or a labelled one; all share the profile's limit.

    Replaced ones are kept, so that they can say so. A `personal` link is for one person, without a label, and works
    once: it was used at `used_at`. `failed` counts posted forms that made no account: refused, or given up waiting for.
    """

    __tablename__ = "link"
    __table_args__ = (
        UniqueConstraint("token"),
        Index(
            "uq_link_profile_id_label_key",
            "profile_id",
            "label_key",
            unique=True,
            sqlite_where=text("replaced_at IS NULL AND NOT personal"),
            postgresql_where=text("replaced_at IS NULL AND NOT personal"),
        ),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"))
    token: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(200), default="")
    label_key: Mapped[str] = mapped_column(String(600), default="")
    replaced_at: Mapped[datetime | None]
    personal: Mapped[bool] = mapped_column(default=False, server_default=false())
    used_at: Mapped[datetime | None]
    failed: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class Activation(Base):
    """A completed sign-up: `department_id` is the profile's at that time, `learner_department_id` the learner's now.

    The foreign key keeps the latter up to date (ON UPDATE CASCADE), so that histories are filtered without a join.
    `form_key` identifies the form, as long as its account exists; afterwards it has a value that no form has.
    """

    __tablename__ = "activation"
    __table_args__ = (
        UniqueConstraint("user_id"),
        UniqueConstraint("form_key"),
        ForeignKeyConstraint(
            ["user_id", "learner_department_id"],
            ["user_account.id", "user_account.department_id"],
            name="fk_activation_learner",
            onupdate="CASCADE",
        ),
        Index("ix_activation_at", "at", "learner_department_id", "profile_id"),
        Index("ix_activation_newest_first", "profile_id", "id"),
        Index("ix_activation_by_department", "profile_id", "learner_department_id", "id", "department_id"),
        Index("ix_activation_by_origin", "profile_id", "department_id", "learner_department_id"),
        Index("ix_activation_link_id", "link_id"),
        Index(
            "ix_activation_returned",
            "profile_id",
            "at",
            sqlite_where=text("returned_at IS NOT NULL"),
            postgresql_where=text("returned_at IS NOT NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"))
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    user_id: Mapped[int] = mapped_column(ID)
    learner_department_id: Mapped[int] = mapped_column(ID)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    form_key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    returned_at: Mapped[datetime | None]


class PendingSignUp(Base):
    """A sign-up that waits for an e-mail confirmation or an approval; its place is reserved until `expires_at`.

    `code_hash` is set while it waits for a confirmation: the hash of the code in the newest message's link, and
    `digits_hash` that of the digits in it (NULL before the first). `email` is the address to be confirmed: the user
    gets it then, because others may wait with the same one, and only one of them can read what is sent there.
    `announced`: a notice to those who can approve it has been queued since it has waited for that. `declined_at`: it
    was declined together with others, by `declined_by`, and is kept until that can no longer be undone.
    """

    __tablename__ = "pending_sign_up"
    __table_args__ = (UniqueConstraint("form_key"), UniqueConstraint("code_hash"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"), index=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    form_key: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str | None] = mapped_column(String(64))
    digits_hash: Mapped[str | None] = mapped_column(String(64))
    email: Mapped[str | None] = mapped_column(String(254))
    needs_approval: Mapped[bool]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    announced: Mapped[bool] = mapped_column(server_default=true())
    declined_at: Mapped[datetime | None] = mapped_column(index=True)
    declined_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]


class LedgerEntry(Base):
    """One event in a profile's places; a trigger keeps it append-only, and a learner has at most one of most kinds.

    `kind` is a domain.ledger.Event; RETURNED and RETAKEN take turns. `by_id` is the user who did it; NULL: the learner,
    or expiry.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index(
            "uq_ledger_entry_once",
            "user_id",
            "kind",
            unique=True,
            sqlite_where=text(LEDGER_ONCE),
            postgresql_where=text(LEDGER_ONCE),
        ),
        Index("ix_ledger_entry_user", "user_id"),
        Index("ix_ledger_entry_profile", "profile_id", "id"),
        CheckConstraint("kind IN ('reserved', 'released', 'taken', 'returned', 'retaken')", name="kind"),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"))
    kind: Mapped[str] = mapped_column(String(8))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
