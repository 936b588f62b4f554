"""Who was declined together with others, and can be brought back for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("pending_sign_up") as pending:
        pending.add_column(sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True))
        pending.add_column(sa.Column("declined_by", ID, nullable=True))
        pending.create_foreign_key(op.f("fk_pending_sign_up_declined_by"), "user_account", ["declined_by"], ["id"])
    op.create_index(op.f("ix_pending_sign_up_declined_at"), "pending_sign_up", ["declined_at"])
