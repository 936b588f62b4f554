"""The owner's link expires and can replace the owner; sessions end when they are idle."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("owner_code_expires_at", moment))
        account.add_column(sa.Column("owner_code_replaces", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
    op.add_column("web_session", sa.Column("used_at", moment))
    now = datetime.now(UTC)
    used_at = now.replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else now
    sessions = sa.table("web_session", sa.column("used_at", moment))
    op.execute(sa.update(sessions).values(used_at=used_at))  # nobody is logged out by the update
    with op.batch_alter_table("web_session") as session:
        session.alter_column("used_at", nullable=False)
