"""People choose the language of their private chat; nobody has yet."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("chosen_language", sa.String(16), nullable=True))
