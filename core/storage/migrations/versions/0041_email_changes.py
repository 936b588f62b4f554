"""New e-mail addresses of users that are yet to be confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "email_change",
        sa.Column("user_id", number, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_email_change_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_email_change")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_email_change_code_hash")),
    )
    op.create_index(op.f("ix_email_change_expires_at"), "email_change", ["expires_at"])
