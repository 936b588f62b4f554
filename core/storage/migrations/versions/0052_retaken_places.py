"""Places that were returned and are taken again: the ledger has both events as often as they happen."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"

ONCE = "kind IN ('reserved', 'released', 'taken')"
KINDS = "kind IN ('reserved', 'released', 'taken', 'returned', 'retaken')"


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("ledger_entry") as ledger:
        ledger.drop_constraint(op.f("uq_ledger_entry_user_id_kind"), type_="unique")
        if not on_sqlite:  # where the table is made anew without its checks
            ledger.drop_constraint(op.f("ck_ledger_entry_kind"), type_="check")
        ledger.create_check_constraint(op.f("ck_ledger_entry_kind"), KINDS)
    op.create_index(
        "uq_ledger_entry_once",
        "ledger_entry",
        ["user_id", "kind"],
        unique=True,
        sqlite_where=sa.text(ONCE),
        postgresql_where=sa.text(ONCE),
    )
    op.create_index("ix_ledger_entry_user", "ledger_entry", ["user_id"])
    if on_sqlite:  # the table was made anew, without its triggers
        for verb in ("UPDATE", "DELETE"):
            refusal = "BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END"
            op.execute(f"CREATE TRIGGER ledger_entry_no_{verb.lower()} BEFORE {verb} ON ledger_entry {refusal}")
