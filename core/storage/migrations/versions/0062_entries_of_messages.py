"""A message keeps what its effect wrote into the audit log, and its versions are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"


def upgrade() -> None:
    op.add_column("incoming", sa.Column("entries", sa.JSON(), nullable=True))
    op.create_index("ix_incoming_button_of_line", "incoming", ["line", "button"])
