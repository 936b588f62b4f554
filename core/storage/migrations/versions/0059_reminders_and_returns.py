"""A round of reminders goes on through departments' lists, too; returned activations, which are few, are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RETURNED = "returned_at IS NOT NULL"


def upgrade() -> None:
    op.add_column("reminder_round", sa.Column("through_department", ID, nullable=False, server_default=sa.text("0")))
    op.create_index(
        "ix_activation_returned",
        "activation",
        ["profile_id", "at"],
        sqlite_where=sa.text(RETURNED),
        postgresql_where=sa.text(RETURNED),
    )
