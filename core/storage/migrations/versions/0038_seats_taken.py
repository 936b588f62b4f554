"""Taken seats are counted once, when a limit is set, and from then on kept."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

CHECKS = {
    "one": "id = 1",
    "seats_positive": "seats IS NULL OR seats >= 1",
    "seats_counted": "(seats IS NULL) = (seats_taken IS NULL)",
    "seats_taken": "seats_taken >= 0",
}


def upgrade() -> None:
    op.add_column("account", sa.Column("seats_taken", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE account SET seats_taken = (SELECT count(*) FROM user_account WHERE state = 'active')"
        " WHERE seats IS NOT NULL"
    )
    if op.get_bind().dialect.name == "sqlite":
        checks = tuple(sa.CheckConstraint(check, name=op.f(f"ck_account_{name}")) for name, check in CHECKS.items())
        with op.batch_alter_table("account", table_args=checks, recreate="always"):
            return
    for name in ("seats_counted", "seats_taken"):
        op.create_check_constraint(op.f(f"ck_account_{name}"), "account", CHECKS[name])
