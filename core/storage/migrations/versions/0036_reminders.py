"""Reminders: who got one on which day, and who wants none."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _add_reminders()
    op.create_table(
        "reminder_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("reminder_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["reminder_id"], ["reminder.id"], name=op.f("fk_reminder_code_reminder_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_reminder_code")),
    )
    op.create_index(op.f("ix_reminder_code_reminder_id"), "reminder_code", ["reminder_id"])
    op.create_table(
        "reminder_stop",
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_key", name=op.f("pk_reminder_stop")),
    )
    with op.batch_alter_table("outgoing_mail") as table:
        table.add_column(sa.Column("reminder_id", ID, nullable=True))
        table.create_foreign_key(
            op.f("fk_outgoing_mail_reminder_id"), "reminder", ["reminder_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index(op.f("ix_outgoing_mail_reminder_id"), "outgoing_mail", ["reminder_id"])


def _add_reminders() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("occasion", sa.String(length=16), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("expected_id", ID, nullable=True),
        sa.Column("profile_id", ID, nullable=True),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_reminder_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["expected_id"], ["expected_person.id"], name=op.f("fk_reminder_expected_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_reminder_profile_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_reminder_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("person_key", "day", name=op.f("uq_reminder_person_key_day")),
        sa.UniqueConstraint("user_id", "day", name=op.f("uq_reminder_user_id_day")),
    )
    op.create_index(op.f("ix_reminder_expected_id"), "reminder", ["expected_id"])
    op.create_index("ix_reminder_day", "reminder", ["day"])
