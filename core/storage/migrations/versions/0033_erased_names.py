"""The audit log stays append-only, but for one change: the name of an erased person becomes their number."""

from alembic import op

revision = "0033"
down_revision = "0032"

KEPT = ("id", "at", "actor_id", "action", "subject_id", "department_id")
REFUSAL = "record_entry is append-only"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER record_entry_no_update")
        op.execute(
            f"CREATE TRIGGER record_entry_no_update BEFORE UPDATE ON record_entry WHEN NOT ({_erases('IS', '')})"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    op.execute("DROP TRIGGER record_entry_no_update ON record_entry")
    op.execute(
        "CREATE FUNCTION gangway_erases_names() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {_erases('IS NOT DISTINCT FROM', '::text')} THEN RETURN NEW; END IF;"
        f" RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER record_entry_no_update BEFORE UPDATE ON record_entry"
        " FOR EACH ROW EXECUTE FUNCTION gangway_erases_names()"
    )


def _erases(same: str, as_text: str) -> str:
    """Return the SQL condition that a change only takes a name, and what has changed, out of an entry."""
    kept = [f"NEW.{column} {same} OLD.{column}" for column in KEPT]
    numbered = f"NEW.subject {same} ('#' || OLD.subject_id)"
    emptied = [
        f"(NEW.{facts}{as_text} = OLD.{facts}{as_text} OR NEW.{facts}{as_text} = '{{}}')"
        for facts in ('"before"', '"after"')
    ]
    return " AND ".join([*kept, numbered, *emptied])
