"""Rules of reminders, how far each day's round has come, and when a manager heard that reminders are of no use."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_ACCOUNT = sa.text("profile_id IS NULL AND department_id IS NULL")


def upgrade() -> None:
    _add_rules()
    op.create_table(
        "reminder_round",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("through_profile", ID, nullable=False),
        sa.Column("through_user", ID, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_reminder_round")),
    )
    op.add_column("reminder", sa.Column("told_on", sa.Date(), nullable=True))
    told = sa.text("told_on IS NOT NULL")
    op.create_index("ix_reminder_told_on", "reminder", ["told_on"], sqlite_where=told, postgresql_where=told)


def _add_rules() -> None:
    op.create_table(
        "reminder_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("occasion", sa.String(length=16), nullable=False),
        sa.Column("profile_id", ID, nullable=True),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days >= 0", name=op.f("ck_reminder_rule_days")),
        sa.CheckConstraint("profile_id IS NULL OR department_id IS NULL", name=op.f("ck_reminder_rule_place")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_reminder_rule_profile_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_reminder_rule_department_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rule")),
        sa.UniqueConstraint("occasion", "profile_id", name=op.f("uq_reminder_rule_occasion_profile_id")),
        sa.UniqueConstraint("occasion", "department_id", name=op.f("uq_reminder_rule_occasion_department_id")),
    )
    op.create_index(
        "uq_reminder_rule_occasion",
        "reminder_rule",
        ["occasion"],
        unique=True,
        sqlite_where=OF_ACCOUNT,
        postgresql_where=OF_ACCOUNT,
    )
