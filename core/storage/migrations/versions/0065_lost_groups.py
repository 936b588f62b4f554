"""Which group a digest stopped for, because the bot can't write there."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"


def upgrade() -> None:
    op.add_column("digest", sa.Column("lost_chat_id", sa.BigInteger(), nullable=True))
    op.add_column("digest", sa.Column("lost_thread_id", sa.BigInteger(), nullable=True))
    op.add_column("digest", sa.Column("lost_title", sa.String(255), nullable=True))
