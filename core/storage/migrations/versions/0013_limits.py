"""Limits on what strangers can repeat."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "limit_use",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limit_use")),
    )
    op.create_index(op.f("ix_limit_use_expires_at"), "limit_use", ["expires_at"])
    op.create_table(
        "left_out",
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_left_out")),
    )
    op.add_column("incoming", sa.Column("standing", sa.String(length=8), nullable=False, server_default="known"))
