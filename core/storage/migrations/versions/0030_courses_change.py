"""Courses have a description, and can be archived."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column("course", sa.Column("description", sa.String(length=1000), nullable=False, server_default=""))
    op.add_column("course", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
