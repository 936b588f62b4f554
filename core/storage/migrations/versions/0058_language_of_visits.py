"""The cookie of a Mini App's opening has its language; nothing reads it from the database."""

from alembic import op

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    op.drop_column("mini_app_visit", "language")
