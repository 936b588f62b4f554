"""The message of Telegram that shows a notice which grows."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    op.add_column("outgoing", sa.Column("grows_in", sa.BigInteger(), nullable=True))
