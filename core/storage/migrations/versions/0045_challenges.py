"""Forms ask for a proof of work while more of them come than people send."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.create_table(
        "rush",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_rush")),
    )
    op.add_column("account", sa.Column("challenge", sa.String(length=8), nullable=False, server_default="auto"))
