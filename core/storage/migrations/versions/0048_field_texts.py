"""Hints of custom fields, and their labels, hints and choices in further languages."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    op.add_column("custom_field", sa.Column("hint", sa.String(length=300), server_default="", nullable=False))
    op.add_column("custom_field", sa.Column("translations", sa.JSON(), server_default="{}", nullable=False))
