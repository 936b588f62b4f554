"""Progress says when a course was started; it isn't known of those that were started before."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
