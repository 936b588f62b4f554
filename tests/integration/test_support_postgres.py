import psycopg
import pytest

from tests.support.postgres import CreateDatabase


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def make_table(url: str) -> None:
    query(url, "CREATE TABLE ships (name text)")


def test_the_server_is_a_real_one(create_postgres: CreateDatabase) -> None:
    [[version]] = query(create_postgres(), "SELECT version()")
    assert str(version).startswith("PostgreSQL ")


def test_databases_are_independent(create_postgres: CreateDatabase) -> None:
    one, other = create_postgres(), create_postgres()
    make_table(one)
    with pytest.raises(psycopg.errors.UndefinedTable):
        query(other, "SELECT * FROM ships")


def test_prepared_databases_are_copies(create_postgres: CreateDatabase) -> None:
    one, other = create_postgres(make_table), create_postgres(make_table)
    query(one, "INSERT INTO ships VALUES ('Corvid')")
    assert query(one, "SELECT * FROM ships") == [("Corvid",)]
    assert query(other, "SELECT * FROM ships") == []
