"""`gangway copy`: the whole content of a database in another one, or nothing at all."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from sqlalchemy import Connection, event, insert, select
from sqlalchemy import Engine as Database

from core.database_copy import copy
from core.engine import Engine
from core.errors import CopyFailed
from core.storage.database import open_database
from core.storage.migrate import upgrade
from core.storage.tables import Base, Department
from tests.support.account import Office, an_office
from tests.support.clock import Clock
from tests.support.ports import free_port
from tests.support.postgres import CreateDatabase
from tests.support.settled_fixture import PreparedDatabase

NewUrl: TypeAlias = Callable[[str], str]
OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


@pytest.fixture
def new_url(tmp_path: Path, create_postgres: CreateDatabase) -> NewUrl:
    """Gives the URL of a database of a kind with nothing in it; a file isn't there yet."""
    numbers = iter(range(10))
    return lambda kind: f"sqlite:///{tmp_path}/new{next(numbers)}.db" if kind == "sqlite" else create_postgres()


def kind_of(url: str) -> str:
    return url.partition(":")[0]


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = open_database(url, threads=1)
    yield database
    database.dispose()


def contents(url: str) -> dict[str, list[Any]]:
    """Return all rows by table, in the form that both databases share."""
    with opened(url) as database, database.connect() as connection:
        return {
            table.name: sorted(str([*row]) for row in connection.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }


async def used(office_url: str) -> Office:
    """Let people sign up in an office."""
    engine = Engine(office_url, clock=Clock())
    office = await an_office(engine)
    card = await office.profile(name="Осень 'n' \\ 🍂")
    for number in range(3):
        await office.sign_up(card.token, f"learner{number}@example.com")
    await engine.close()
    return office


@pytest.mark.deep
async def test_a_database_is_copied_whole_and_back_and_goes_on_where_it_was(office_url: str, new_url: NewUrl) -> None:
    await used(office_url)
    there, back = new_url(OTHER[kind_of(office_url)]), new_url(kind_of(office_url))
    said = copy(office_url, there)
    assert said.startswith(f"Copied {sum(map(len, contents(office_url).values()))} rows, and compared them, in ")
    copy(there, back)
    assert contents(there) == contents(office_url) == contents(back)
    for url in (there, back):
        engine = Engine(url, clock=Clock())
        card = await (await an_office(engine)).profile(name="Winter")
        assert (await (await an_office(engine)).sign_up(card.token, "late@example.com")).user_id
        await engine.close()


@pytest.mark.deep
def test_all_that_an_account_can_have_is_copied(settled: PreparedDatabase, new_url: NewUrl) -> None:
    source, there, back = f"sqlite:///{settled.file}", new_url("postgresql"), new_url("sqlite")
    copy(source, there)
    copy(there, back)
    assert contents(there) == contents(source) == contents(back)


@pytest.mark.deep  # runs all migrations
async def test_a_department_comes_after_the_one_that_it_was_moved_below(office_url: str, new_url: NewUrl) -> None:
    with opened(office_url) as database, database.begin() as connection:
        _add_upside_down(connection)
    target = new_url("postgresql")
    copy(office_url, target)
    assert contents(target) == contents(office_url)


def _add_upside_down(connection: Connection) -> None:
    names = {"name_key": "x", "removed_at": None}
    connection.execute(insert(Department).values(id=901, parent_id=1, name="Above", **names))
    connection.execute(insert(Department).values(id=900, parent_id=901, name="Below", **names))


async def test_a_target_with_anything_in_it_is_refused_and_left_as_it_was(
    office_url: str, new_office_url: Callable[[], str]
) -> None:
    await used(office_url)
    target = new_office_url()
    before = contents(target)
    with pytest.raises(CopyFailed, match=r"^--to: the database isn't empty; name a new one$"):
        copy(office_url, target)
    assert contents(target) == before


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_server_s_database_that_gangway_uses_is_refused(
    office: Office, office_url: str, new_url: NewUrl
) -> None:
    assert office.owner_id
    with pytest.raises(CopyFailed, match=r"^--from: the database is in use; stop Gangway first"):
        copy(office_url, new_url("sqlite"))


@pytest.mark.deep  # runs all migrations
def test_a_source_of_an_earlier_version_is_refused(new_url: NewUrl) -> None:
    source, target = new_url("sqlite"), new_url("sqlite")
    with opened(source) as database:
        upgrade(database, "0024")
    with pytest.raises(CopyFailed, match=r"^--from: the database is of an earlier version; run `gangway migrate`"):
        copy(source, target)


def test_each_wrong_option_has_a_line_and_shows_no_password(tmp_path: Path) -> None:
    with pytest.raises(CopyFailed) as told:
        copy("mysql://user:hunter2@host/name", "postgresql://user:hunter2@host/name?sslmod=require")
    assert [line.partition(" ")[0] for line in told.value.lines] == ["--from:", "--to:"]
    server = f"postgresql://user:hunter2@127.0.0.1:{free_port()}/name"
    with pytest.raises(CopyFailed, match=r"^--from: the database can't be reached") as unreachable:
        copy(server, f"sqlite:///{tmp_path}/new.db")
    with pytest.raises(CopyFailed, match=r"^--from: there is no database at"):
        copy(f"sqlite:///{tmp_path}/none.db", server)
    assert "hunter2" not in f"{told.value} {unreachable.value}"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_side_that_can_not_be_used_is_named(office_url: str, tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text(100 * "Dear aunt, ")
    (tmp_path / "empty.db").touch()
    server = f"postgresql://user@127.0.0.1:{free_port()}/name"
    for source, target, reason in (
        (office_url, server, "^--to: the database can't be reached"),
        (office_url, f"sqlite:///{tmp_path}/letter.db", "^--to: the database isn't a database"),
        (f"sqlite:///{tmp_path}/letter.db", server, "^--from: .*letter.db: file is not a database"),
        (f"sqlite:///{tmp_path}/empty.db", server, "^--from: the database is empty"),
    ):
        with pytest.raises(CopyFailed, match=reason):
            copy(source, target)
    assert (tmp_path / "letter.db").read_text() == 100 * "Dear aunt, "


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_damaged_source_is_refused(office_url: str, new_url: NewUrl) -> None:
    with closing(sqlite3.connect(office_url.removeprefix("sqlite:///"))) as connection:  # whose foreign keys are off
        connection.execute("INSERT INTO department_tree VALUES (4711, 4712, 1)")
        connection.commit()
    with pytest.raises(CopyFailed, match=r"^--from: the database is damaged"):
        copy(office_url, new_url("sqlite"))


@pytest.mark.deep  # runs all migrations
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_row_that_the_target_refuses_is_named_by_its_table_only(office_url: str, new_url: NewUrl) -> None:
    target = new_url("postgresql")
    with closing(sqlite3.connect(office_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("UPDATE department SET name = ? WHERE parent_id IS NOT NULL", ("secret" * 100,))
        connection.commit()
    with pytest.raises(CopyFailed, match=r"^--to: a row of department isn't accepted: value too long") as told:
        copy(office_url, target)
    assert "secret" not in str(told.value)
    with opened(target) as database:
        upgrade(database)  # it is as empty as it was


@pytest.mark.deep  # runs all migrations
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("values", "distorted"), [("VALUES (?, ?", "VALUES (?, upper(?)"), ("VALUES (?", "SELECT * FROM (VALUES (?")]
)
def test_a_copy_that_differs_is_taken_back(office_url: str, new_url: NewUrl, values: str, distorted: str) -> None:
    def distort(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> tuple[str, Any]:  # noqa: ANN401
        if statement.startswith("INSERT INTO course "):  # one is changed, or none is written
            statement = statement.replace(values, distorted) + (") WHERE 0" if "SELECT" in distorted else "")
        return statement, parameters

    target = new_url("sqlite")
    event.listen(Database, "before_cursor_execute", distort, retval=True)
    try:
        with pytest.raises(CopyFailed, match=r"^--to: the table course doesn't hold what was written to it$"):
            copy(office_url, target)
    finally:
        event.remove(Database, "before_cursor_execute", distort)
    assert not Path(target.removeprefix("sqlite:///")).exists()
