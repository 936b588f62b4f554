"""The account decides how long lists of expected people, and names of deleted people, are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

WHERE = sa.text("deleted_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("account", sa.Column("lists_kept_days", sa.Integer(), nullable=False, server_default=sa.text("90")))
    op.add_column("account", sa.Column("names_kept_days", sa.Integer(), nullable=True))
    op.add_column("user_account", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE user_account SET deleted_at = (SELECT max(at) FROM record_entry"
        " WHERE action = 'user deleted' AND subject_id = user_account.id)"
        " WHERE state = 'deleted' AND first_name != '' AND first_name != '#' || id"
    )
    op.create_index(
        "ix_user_account_deleted_at", "user_account", ["deleted_at"], sqlite_where=WHERE, postgresql_where=WHERE
    )
