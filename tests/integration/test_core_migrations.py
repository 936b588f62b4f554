"""The schema, brought up to date by any number of processes."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine as Database
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from core.engine import Engine
from core.errors import DatabaseNewer
from core.services import account
from core.storage.database import open_database
from core.storage.migrate import REVISIONS, is_current, newest_of, upgrade
from core.storage.tables import Base
from tests.support.schema_text import written

if TYPE_CHECKING:  # pytest wants to import its plugins itself
    from tests.support.postgres import CreateDatabase


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/deep/in/a/folder/gangway.db"
    create_postgres: CreateDatabase = request.getfixturevalue("create_postgres")
    return create_postgres()


@pytest.fixture
def new_database(new_url: str) -> Iterator[Database]:
    database = open_database(new_url, threads=1)
    yield database
    database.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url, threads=1)
    yield database
    database.dispose()


def execute(database: Database, statement: str) -> None:
    with database.begin() as connection:
        connection.execute(text(statement))


def tables(database: Database) -> set[str]:
    return set(inspect(database).get_table_names())


def test_the_migrations_make_exactly_the_tables_of_the_model(database: Database) -> None:
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_databases_constraints_are_named_as_in_the_model(database: Database) -> None:
    found = {
        str(check["name"]) for table in Base.metadata.tables for check in inspect(database).get_check_constraints(table)
    }
    assert found == {
        "ck_access_request_state",
        "ck_account_one",
        "ck_account_seats_counted",
        "ck_account_seats_positive",
        "ck_account_seats_taken",
        "ck_course_days_positive",
        "ck_delivery_pause_one",
        "ck_expected_person_of_one",
        "ck_ledger_entry_kind",
        "ck_live_card_one_place",
        "ck_profile_limit_positive",
        "ck_profile_used_within_limit",
        "ck_profile_window",
        "ck_reminder_rule_days",
        "ck_reminder_rule_place",
        "ck_user_account_custom_role",
        "ck_user_account_state",
    }


def test_a_new_database_is_made_at_once_as_the_migrations_make_it(new_database: Database) -> None:
    newest = newest_of(new_database.dialect.name).read_text(encoding="utf-8")
    upgrade(new_database, REVISIONS[-1])
    with new_database.connect() as connection:
        assert written(connection) == newest, "after a new migration: make schema"


def test_a_new_database_is_as_it_is_written(new_database: Database) -> None:
    upgrade(new_database)
    with new_database.connect() as connection:
        assert written(connection) == newest_of(new_database.dialect.name).read_text(encoding="utf-8")


def test_a_new_account_is_empty_with_sign_up_off(new_database: Database) -> None:
    upgrade(new_database)
    with new_database.connect() as connection:
        rows = connection.execute(text("SELECT zone, sign_up_enabled, name FROM account")).all()
        roots = connection.execute(text("SELECT parent_id FROM department")).all()
    assert [tuple(row) for row in rows] == [("UTC", False, None)]
    assert [tuple(row) for row in roots] == [(None,)]


def test_a_database_is_current_once_it_is_migrated(new_database: Database) -> None:
    assert not is_current(new_database)
    upgrade(new_database)
    assert is_current(new_database)


def test_migrating_again_changes_nothing(database: Database) -> None:
    execute(database, "UPDATE account SET zone = 'Europe/Riga'")
    upgrade(database)
    with database.connect() as connection:
        assert connection.execute(text("SELECT zone FROM account")).scalar_one() == "Europe/Riga"


async def test_several_processes_may_migrate_a_new_database_at_once(new_url: str) -> None:
    engines = [Engine(new_url) for _ in range(4)]
    await asyncio.gather(*(engine.migrate() for engine in engines))
    assert [await engine.is_current() for engine in engines] == [True] * 4
    assert (await engines[0].read(account.organisation)).zone.key == "UTC"
    await asyncio.gather(*(engine.close() for engine in engines))


async def test_a_database_of_a_newer_program_is_refused_and_left_alone(database_url: str, database: Database) -> None:
    execute(database, "UPDATE alembic_version SET version_num = '9999'")
    engine = Engine(database_url)
    with pytest.raises(DatabaseNewer):
        await engine.migrate()
    with pytest.raises(DatabaseNewer):
        await engine.is_current()
    await engine.close()
    with database.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"


def test_a_migration_that_fails_leaves_nothing_behind(new_database: Database) -> None:
    execute(new_database, "CREATE TABLE activation (mine text)")  # the last table but one of the first migration
    with pytest.raises(DBAPIError):
        upgrade(new_database)
    assert tables(new_database) == {"activation"}
    execute(new_database, "DROP TABLE activation")
    upgrade(new_database)
    assert is_current(new_database)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_foreign_keys_broken_under_a_migration_are_noticed(database: Database) -> None:
    with database.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("INSERT INTO managed_department (user_id, department_id) VALUES (7, 7)")
    with pytest.raises(RuntimeError, match="broke foreign keys"):
        upgrade(database)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_foreign_keys_are_on_again_after_a_migration(database: Database) -> None:
    upgrade(database)
    with database.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
