"""The inbox knows which button was tapped, so that a second tap isn't taken for a mistake."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("incoming", sa.Column("button", sa.String(8), nullable=True))
