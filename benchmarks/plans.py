"""Which large tables a statement reads from end to end, as the database itself plans it."""

import json
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

LARGE = frozenset(
    {"activation", "department_tree", "ledger_entry", "record_entry", "user_account"}
)  # here, 80,000 rows or more
OF_FEW = "ix_activation_returned"  # a partial index, of the activations that were returned
SCAN = re.compile(r"SCAN (\w+)")


def scanned(connection: Connection, statement: str, parameters: Any) -> set[str]:  # noqa: ANN401 - the driver's own
    """Name the large tables that a statement walks through with nothing to look up.

    A walk in the order asked for that ends at a limit (the newest ten) is none, nor is one along an index of few rows.
    """
    if connection.dialect.name == "sqlite":
        return _scanned_by_sqlite(connection, statement, parameters)
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    return set(_scanned_by_postgres((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"], limited=False))


def _scanned_by_sqlite(connection: Connection, statement: str, parameters: Any) -> set[str]:  # noqa: ANN401
    lines = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()]
    walks = " LIMIT " in statement and not any("TEMP B-TREE FOR ORDER BY" in line for line in lines)
    found = {_table(match[1]) for line in lines if (match := SCAN.match(line))} & LARGE
    return set() if walks else found


def _scanned_by_postgres(node: dict[str, Any], *, limited: bool) -> Iterator[str]:
    table, kind = node.get("Relation Name"), node["Node Type"]
    of_few = str(node.get("Index Name")).startswith(OF_FEW)
    walk = kind == "Seq Scan" or ("Index" in kind and "Index Cond" not in node and not of_few)
    if table in LARGE and walk and "Bitmap Heap" not in kind and not (limited and "Index" in kind):
        yield str(table)
    in_order = limited or kind == "Limit"
    for child in node.get("Plans", ()):
        yield from _scanned_by_postgres(child, limited=in_order and kind not in {"Sort", "Aggregate", "Hash"})


def _table(alias: str) -> str:
    return re.sub(r"_\d+$", "", alias)
