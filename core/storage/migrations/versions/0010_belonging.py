"""A database belongs to the bot, or to the sandbox, that it was first used with."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("account", sa.Column("belongs_to", sa.String(32)))
