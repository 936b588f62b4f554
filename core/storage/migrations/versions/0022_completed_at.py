"""My Courses says when a course was completed; it isn't known of those that were completed before."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True))
