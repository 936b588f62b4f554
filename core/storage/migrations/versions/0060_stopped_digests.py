"""A digest that can't be delivered keeps its schedule, and since when it has stopped."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"


def upgrade() -> None:
    op.add_column("digest", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
