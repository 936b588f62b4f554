"""The schema that the migrations make, as the statements that make it at once: core/storage/newest.

`make schema` writes it anew, which is needed after each new migration; a test compares it with the migrations.
"""

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from core.storage import migrate
from core.storage.database import open_database
from tests.support.postgres import running_server

SQLITE = text("""
    SELECT sql FROM sqlite_master WHERE sql IS NOT NULL
    ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 ELSE 3 END, name
""")
POSTGRESQL = tuple(
    text(query)
    for query in (
        """
        SELECT 'CREATE TABLE ' || quote_ident(c.relname) || ' (' || string_agg(
            quote_ident(a.attname) || ' ' ||
            CASE WHEN pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL
                 THEN CASE a.atttypid WHEN 'bigint'::regtype THEN 'bigserial' ELSE 'serial' END
                 ELSE format_type(a.atttypid, a.atttypmod) ||
                     coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') END ||
            CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ', ' ORDER BY a.attnum) || ')'
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
        GROUP BY c.relname ORDER BY c.relname
        """,
        """
        SELECT 'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(conname) || ' '
            || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype IN ('p', 'u', 'c', 'f')
        ORDER BY contype = 'f', conrelid::regclass::text, conname
        """,
        """
        SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indexrelid
        WHERE c.relnamespace = current_schema()::regnamespace
            AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
        ORDER BY c.relname
        """,
        """
        SELECT pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace ORDER BY proname
        """,
        """
        SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
        WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname, tgname
        """,
    )
)
LIST = re.compile(r"\(ARRAY\[([^]]*)\]\)::text\[\]")
COUNTED = text("""
    SELECT 'SELECT setval(''' || sequencename || ''', ' || last_value || ')' FROM pg_sequences
    WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY sequencename
""")


def written(connection: Connection) -> str:
    """Return the statements that make the database, with its rows, as it is; empty lines between them."""
    if connection.dialect.name == "sqlite":
        statements = list(connection.execute(SQLITE).scalars())
        counted: list[str] = []
    else:
        found = (statement for query in POSTGRESQL for statement in connection.execute(query).scalars())
        statements = [_reread(statement.replace(" public.", " ")) for statement in found]  # it may be another schema
        counted = list(connection.execute(COUNTED).scalars())
    return "\n\n".join([*map(_laid_out, statements), *_rows(connection), *counted]) + "\n"


def _reread(statement: str) -> str:
    """Return a statement as PostgreSQL writes it once it has read what it wrote itself of a list of texts."""
    return LIST.sub(lambda found: f"ARRAY[{', '.join(f'({each})::text' for each in found[1].split(', '))}]", statement)


def _laid_out(statement: str) -> str:
    """Return a statement with a line for each column and constraint of a table; functions as they are."""
    if statement.startswith("CREATE OR REPLACE FUNCTION"):
        return "\n".join(line.rstrip() for line in statement.strip().splitlines())
    beginning, bracket, rest = " ".join(statement.split()).partition("(")
    if not beginning.startswith("CREATE TABLE"):
        return beginning + bracket + rest
    columns = [""]
    for part in rest.removesuffix(")").strip().split(", "):
        if columns[-1].count("(") == columns[-1].count(")"):
            columns.append(part)
        else:  # within brackets
            columns[-1] += f", {part}"
    # Alembic rebuilds SQLite's tables with constraints in any order, some of them twice.
    constraints = {part for part in columns if part.startswith("CONSTRAINT")}
    parts = [part for part in columns[1:] if part not in constraints] + sorted(constraints)
    return f"{beginning}(\n    " + ",\n    ".join(parts) + "\n)"


def _rows(connection: Connection) -> Iterator[str]:
    for table in sorted(inspect(connection).get_table_names()):
        for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings():  # noqa: S608 - a name of ours
            values = ", ".join(map(_literal, row.values()))
            yield f"INSERT INTO {table} ({', '.join(map(str, row))}) VALUES ({values})"  # noqa: S608 - as above


def _literal(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case str():
            return "'" + value.replace("'", "''") + "'"
        case list() | dict():
            return _literal(json.dumps(value))
    raise TypeError(value)


def _write(url: str) -> None:
    database = open_database(url, threads=1)
    migrate.upgrade(database, migrate.REVISIONS[-1])
    with database.connect() as connection:
        migrate.newest_of(database.dialect.name).write_text(written(connection), encoding="utf-8")
    database.dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        _write(f"sqlite:///{Path(folder)}/gangway.db")
    with running_server() as url:
        _write(url)
