"""Live cards: cards of profiles in groups and other chats, which follow the profile."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    op.create_table(
        "live_card",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("profile_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("inline_message_id", sa.String(length=255), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("chat_title", sa.String(length=255), nullable=False),
        sa.Column("shown", sa.String(length=8), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(inline_message_id IS NULL) <> (chat_id IS NULL)", name=op.f("ck_live_card_one_place")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_live_card_profile_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_live_card_by_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_card")),
        sa.UniqueConstraint("inline_message_id", name=op.f("uq_live_card_inline_message_id")),
    )
    op.create_index(
        "uq_live_card_chat_id_profile_id",
        "live_card",
        ["chat_id", "profile_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_live_card_shown", "live_card", ["profile_id", "stopped", "shown", "next_at"])
    op.create_index(op.f("ix_live_card_by_id"), "live_card", ["by_id"])
    op.create_index(op.f("ix_live_card_ended_at"), "live_card", ["ended_at"])
