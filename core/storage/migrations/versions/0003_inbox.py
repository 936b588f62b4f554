"""The inbox: updates kept before they are confirmed; leases; digests in topics of groups."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

OPEN_INCOMING = sa.text("state IN ('waiting', 'claimed', 'answering')")
OPEN_OUTGOING = sa.text("state IN ('waiting', 'claimed', 'sending')")


def upgrade() -> None:
    op.create_table(
        "incoming",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("sender_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=11), nullable=False),
        sa.Column("effected", sa.Boolean(), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_incoming")),
    )
    op.create_index(op.f("ix_incoming_received_at"), "incoming", ["received_at"])
    _create_partial_index("ix_incoming_open_of_line", "incoming", ["line", "update_id"], OPEN_INCOMING)
    op.create_index("ix_incoming_state", "incoming", ["state", "update_id"])
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.add_column("digest", sa.Column("thread_id", sa.BigInteger(), nullable=True))
    op.add_column("outgoing", sa.Column("thread_id", sa.BigInteger(), nullable=True))
    _create_partial_index("ix_outgoing_open_of_chat", "outgoing", ["chat_id", "id"], OPEN_OUTGOING)


def _create_partial_index(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
