"""The delivery is paused if several chats in a row don't know the bot."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("outgoing", sa.Column("unknown_since", moment))
    op.create_table(
        "delivery_pause",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("next_probe", moment, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_delivery_pause_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_pause")),
    )
