"""People who wait have pages of their own, behind codes of which only hashes are stored."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "status_page",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", number, nullable=False),
        sa.Column("link_id", number, nullable=False),
        sa.Column("mail_in", sa.String(length=16), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_status_page_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_status_page_link_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_status_page")),
    )
    for column in ("user_id", "expires_at"):
        op.create_index(op.f(f"ix_status_page_{column}"), "status_page", [column])
