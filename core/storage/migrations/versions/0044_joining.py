"""Whether learners join the department of another link by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.add_column("account", sa.Column("joining", sa.Boolean(), nullable=False, server_default=sa.false()))
