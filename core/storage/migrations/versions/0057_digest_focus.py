"""A run knows whether its digest is still about the same."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    for table in ("digest", "digest_run"):
        op.add_column(table, sa.Column("focus", sa.Integer(), nullable=False, server_default=sa.text("0")))
