"""A last name may be left out where the account says so."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("account", sa.Column("last_name_required", sa.Boolean(), nullable=False, server_default=sa.true()))
