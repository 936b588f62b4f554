"""Whether a person's pictures are dark."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("dark_pictures", sa.Boolean(), server_default=sa.false(), nullable=False))
