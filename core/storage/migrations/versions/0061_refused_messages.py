"""A message that Telegram refused for good keeps the reason."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    op.add_column("outgoing", sa.Column("refusal", sa.String(200), nullable=True))
