"""A picture and a spreadsheet with a digest, each if its recipient wants it."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    with op.batch_alter_table("digest") as digest:
        digest.add_column(sa.Column("picture", sa.Boolean(), server_default=sa.false(), nullable=False))
        digest.add_column(sa.Column("spreadsheet", sa.Boolean(), server_default=sa.false(), nullable=False))
