"""Questions that one tap answers; which digests go to groups because their recipients confirmed it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "question",
        sa.Column("id", number, nullable=False),
        sa.Column("user_id", number, nullable=False),
        sa.Column("about", sa.String(length=24), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_question_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_user_id"), "question", ["user_id"])
    op.create_index(op.f("ix_question_asked_at"), "question", ["asked_at"])
    op.add_column("digest", sa.Column("connected_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("digest", sa.Column("group_title", sa.String(length=255), nullable=True))
    # Bot API: groups have negative numbers. Those that get a digest already keep it, and can be disconnected.
    op.execute("UPDATE digest SET connected_at = CURRENT_TIMESTAMP WHERE chat_id < 0 AND frequency IS NOT NULL")
