"""It outlives the message which e-mail address was refused for good."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"


def upgrade() -> None:
    op.add_column("reminder", sa.Column("refused", sa.Boolean(), nullable=False, server_default=sa.false()))
