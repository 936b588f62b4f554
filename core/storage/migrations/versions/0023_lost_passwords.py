"""One-time links to a new password, and requests for one."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "password_link",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", number, nullable=False),
        sa.Column("made_by", number, nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_password_link_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_password_link_made_by")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_password_link")),
    )
    for column in ("user_id", "expires_at"):
        op.create_index(op.f(f"ix_password_link_{column}"), "password_link", [column])
    op.create_table(
        "password_request",
        sa.Column("id", number, nullable=False),
        sa.Column("identifier", sa.String(length=254), nullable=False),
        sa.Column("user_id", number, nullable=True),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_password_request_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_request")),
        sa.UniqueConstraint("identifier", name=op.f("uq_password_request_identifier")),
    )
    for column in ("user_id", "announced", "asked_at"):
        op.create_index(op.f(f"ix_password_request_{column}"), "password_request", [column])
    op.add_column("user_account", sa.Column("password_link_at", sa.DateTime(timezone=True), nullable=True))
