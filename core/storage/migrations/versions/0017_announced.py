"""Whether the managers have heard of a person who waits for approval."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("pending_sign_up", sa.Column("announced", sa.Boolean(), nullable=False, server_default=sa.true()))
