"""Forms that people fill in in the chat, and the one profile that such a form makes."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "dialogue",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("draft_id", sa.String(length=24), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_dialogue_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "chat_id", name=op.f("pk_dialogue")),
    )
    op.create_index(op.f("ix_dialogue_updated_at"), "dialogue", ["updated_at"])
    op.add_column("profile", sa.Column("draft_id", sa.String(length=24), nullable=True))
    op.create_index("uq_profile_draft_id", "profile", ["draft_id"], unique=True)
