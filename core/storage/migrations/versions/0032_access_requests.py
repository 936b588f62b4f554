"""Requests for access at closed links, and their status pages."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    is_open = sa.text("state = 'open'")
    op.create_table(
        "access_request",
        sa.Column("id", number, nullable=False),
        sa.Column("link_id", number, nullable=False),
        sa.Column("profile_id", number, nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("message", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("mail_in", sa.String(length=16), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", number, nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'granted', 'used', 'declined', 'withdrawn', 'expired')",
            name=op.f("ck_access_request_state"),
        ),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_access_request_link_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_access_request_profile_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["user_account.id"], name=op.f("fk_access_request_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request")),
    )
    op.create_index(
        "uq_access_request_link_id_email",
        "access_request",
        ["link_id", "email"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_access_request_profile", "access_request", ["profile_id", "state"])
    op.create_index("ix_access_request_ends", "access_request", ["state", "ends_at"])
    op.create_table(
        "request_page",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("request_id", number, nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_request.id"], name=op.f("fk_request_page_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_request_page")),
    )
    op.create_index(op.f("ix_request_page_request_id"), "request_page", ["request_id"])
