"""Links by which learners connect their Telegram, and the bot's name that they lead to."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("telegram_connection", sa.Column("courses_told_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE telegram_connection SET courses_told_at = connected_at")
    op.add_column("account", sa.Column("bot_name", sa.String(length=32), nullable=True))
    op.create_table(
        "telegram_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", number, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_telegram_code_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_telegram_code")),
    )
    op.create_index(op.f("ix_telegram_code_user_id"), "telegram_code", ["user_id"])
    op.create_index(op.f("ix_telegram_code_expires_at"), "telegram_code", ["expires_at"])
