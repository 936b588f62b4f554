"""Messages in doubt are repeated more than once."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("outgoing", sa.Column("repetition", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE outgoing SET repetition = 1 WHERE again")
    op.drop_column("outgoing", "again")
