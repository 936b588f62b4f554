"""Alerts: what was told, and which are turned off. Reminders are found by their profiles."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.create_table(
        "raised_alert",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("occurrence", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject_id", "occurrence", name=op.f("pk_raised_alert")),
    )
    op.create_table(
        "silenced_alert",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_silenced_alert")),
    )
    op.create_index(op.f("ix_reminder_profile_id"), "reminder", ["profile_id"])
