"""Which message of Telegram a notice changes, so that an answer to that one knows of it."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    op.add_column("outgoing", sa.Column("changes", sa.BigInteger(), nullable=True))
