"""How many forms failed by each link, and an index that counts those that made accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    op.add_column("link", sa.Column("failed", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_index("ix_activation_link_id", "activation", ["link_id"])
