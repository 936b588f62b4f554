"""The form of a deleted account can create an account again."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.execute(
        "UPDATE activation SET form_key = 'ended with user ' || user_id"
        " WHERE user_id IN (SELECT id FROM user_account WHERE state = 'deleted')"
    )
