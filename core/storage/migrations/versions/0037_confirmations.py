"""Addresses that wait for a confirmation, and the digits that confirm them."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.add_column("pending_sign_up", sa.Column("email", sa.String(length=254), nullable=True))
    op.add_column("pending_sign_up", sa.Column("digits_hash", sa.String(length=64), nullable=True))
    op.execute(
        "UPDATE pending_sign_up SET email = (SELECT user_account.email FROM user_account"
        " WHERE user_account.id = pending_sign_up.user_id) WHERE code_hash IS NOT NULL"
    )
