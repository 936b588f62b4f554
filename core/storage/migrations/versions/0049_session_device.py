"""The coarse names of the browsers in which learners are logged in."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    op.add_column("web_session", sa.Column("device", sa.String(length=60), server_default="", nullable=False))
