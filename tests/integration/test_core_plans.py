"""No page of ten is looked for in all of a table that grows with the years."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from benchmarks.bulk import MANAGER_OF_MANY, NOW, fill
from benchmarks.questions import SMALL, questions, scans_of
from core.services import home
from core.storage.database import open_database

PAGES = ("history", "profiles", "card", "check", "record", "digest of", "is a digest", "the page of", "sign up")
FEW_PEOPLE = ("people, manager of 13", "people by 'last77', manager of 13")  # all people are another matter: decision 9


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An account of some years; PostgreSQL, which would rather scan what is small, is asked what it does if it must."""
    database = open_database(database_url, threads=1)
    with database.begin() as connection:
        fill(connection, SMALL)
        if database.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))
            name = connection.execute(text("SELECT current_database()")).scalar_one()
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET enable_seqscan = off")
    database.dispose()
    yield database
    database.dispose()


def test_no_page_of_ten_scans_a_large_table(database: Database) -> None:
    asked = [one for one in questions(SMALL) if one.name.startswith(PAGES + FEW_PEOPLE)]
    assert {one.name: scans for one in asked if (scans := scans_of(database, one))} == {}
    assert len(asked) > 30


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_joined_this_week_is_found_by_time_and_not_in_each_profile_for_each_department(database: Database) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    event.listen(database, "before_cursor_execute", note)
    with Session(database) as session:
        home.show(session, MANAGER_OF_MANY, NOW)
    event.remove(database, "before_cursor_execute", note)
    [(figures, parameters)] = [each for each in asked if "activation.at >=" in each[0]]
    with database.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {figures}", parameters)
        of_activations = [row.detail for row in plan if "activation USING" in row.detail]
    undone = [each for each in of_activations if "INDEX ix_activation_returned" in each]
    assert len(undone) == 2, of_activations
    by_time = [each for each in of_activations if "COVERING INDEX ix_activation_at" in each]
    assert (len(by_time), len(of_activations)) == (2, 4), of_activations
