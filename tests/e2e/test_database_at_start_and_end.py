"""A start with a database that isn't up yet, isn't ours, or is damaged; an end with one that stands still."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import psycopg
import pytest
from aiohttp import ClientSession
from psycopg import sql
from sqlalchemy import make_url

from tests.support.ports import free_port
from tests.support.postgres import CreateDatabase
from tests.support.program import running
from tests.support.unsteady_postgres import UnsteadyServer


async def refused(folder: Path, command: str, url: str) -> str:
    """Run a command that must end with 2; return the line about the database, all that isn't `check` prints."""
    async with running(folder, command, DATABASE_URL=url) as program:
        assert await program.exits() == 2
    [told] = [line for line in program.output if "DATABASE_URL: the database " in line]
    assert command == "check" or program.output == [told]
    return told


@pytest.mark.deep
async def test_a_service_waits_for_a_server_that_is_down_and_can_be_stopped(tmp_path: Path) -> None:
    url = f"postgresql://someone:hunter2@127.0.0.1:{free_port()}/gangway"
    async with running(tmp_path, "web", DATABASE_URL=url) as program:
        await program.prints("waiting for the database")
        assert await program.ends() == 0
        assert len(program.output) == 1
        assert "hunter2" not in program.output[0]


@pytest.mark.deep  # starts a server twice
async def test_a_service_starts_as_soon_as_the_server_is_up(tmp_path: Path, unsteady_server: UnsteadyServer) -> None:
    unsteady_server.kill()
    async with running(tmp_path, DATABASE_URL=unsteady_server.url) as program:
        await program.prints("waiting for the database")
        await asyncio.to_thread(unsteady_server.start)
        await program.is_ready()
        told = sum("database" in line for line in program.output)
        assert told in (2, 3)  # on a slow machine it is also told that the server is starting
        assert await program.ends() == 0


@pytest.mark.deep  # starts the program several times
@pytest.mark.parametrize("command", ["run", "check"])
async def test_a_file_that_is_no_database_of_ours_is_one_line_exit_2_and_left_alone(
    tmp_path: Path, command: str
) -> None:
    letter, foreign = tmp_path / "letter.db", tmp_path / "foreign.db"
    letter.write_text("Dear aunt, thank you for the socks." * 100)
    with contextlib.closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE socks (colour text)")
    for file, why in ((letter, "isn't a database: "), (foreign, "isn't Gangway's: ")):
        file.chmod(0o644)
        before = file.read_bytes(), file.stat().st_mode
        assert why in await refused(tmp_path, command, f"sqlite:///{file}")
        assert (file.read_bytes(), file.stat().st_mode) == before


@pytest.mark.deep  # starts the program several times
async def test_check_finds_what_is_damaged_inside_a_file(tmp_path: Path) -> None:
    file = tmp_path / "damaged.db"
    async with running(tmp_path, "migrate", DATABASE_URL=f"sqlite:///{file}") as program:
        assert await program.exits() == 0
    contents = file.read_bytes()
    file.write_bytes(contents[: len(contents) // 2] + b"Z" * 8192 + contents[len(contents) // 2 + 8192 :])
    async with running(tmp_path, "check", DATABASE_URL=f"sqlite:///{file}") as program:
        assert await program.exits() == 2
        assert "wrong  DATABASE_URL: the database is damaged: restore a back-up" in program.output


@pytest.mark.deep  # starts the program several times
@pytest.mark.parametrize("command", ["run", "check"])
async def test_a_file_whose_first_table_is_damaged_is_one_line_and_exit_2(tmp_path: Path, command: str) -> None:
    file = tmp_path / "damaged.db"
    async with running(tmp_path, "migrate", DATABASE_URL=f"sqlite:///{file}") as program:
        assert await program.exits() == 0
    with contextlib.closing(sqlite3.connect(file)) as connection:
        [(page,), (size,)] = (
            connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'account'").fetchone(),
            connection.execute("PRAGMA page_size").fetchone(),
        )
    with file.open("r+b") as contents:
        contents.seek((page - 1) * size)
        contents.write(b"Z" * size)
    assert "is damaged: restore a back-up" in await refused(tmp_path, command, f"sqlite:///{file}")


@pytest.mark.deep  # starts the program several times
@pytest.mark.parametrize("command", ["run", "check"])
async def test_a_server_that_gives_no_rights_is_one_line_and_exit_2(
    tmp_path: Path, create_postgres: CreateDatabase, command: str
) -> None:
    owner = make_url(create_postgres())
    with psycopg.connect(owner.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS gangway_guest")
        connection.execute("CREATE ROLE gangway_guest LOGIN PASSWORD 'hunter2'")
    guest = owner.set(username="gangway_guest", password="hunter2").render_as_string(hide_password=False)
    assert "doesn't give this user the rights that Gangway needs" in await refused(tmp_path, command, guest)


@pytest.mark.deep  # starts the program several times
@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
@pytest.mark.parametrize("command", ["run", "check"])
async def test_a_database_of_another_encoding_than_utf8_is_one_line_and_exit_2(
    tmp_path: Path, create_postgres: CreateDatabase, command: str, encoding: str
) -> None:
    url = make_url(create_postgres())
    name = sql.Identifier(f"{url.database}_{encoding}")
    server = url.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        made = "CREATE DATABASE {} ENCODING {} TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'"
        connection.execute(sql.SQL(made).format(name, encoding))
        try:
            other = url.set(database=f"{url.database}_{encoding}").render_as_string(hide_password=False)
            said = await refused(tmp_path, command, other)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
    assert "hasn't the encoding UTF8: make one by `createdb --encoding=UTF8 --locale=C.UTF-8 --template" in said


@pytest.mark.deep  # starts the program several times
@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize(
    ("option", "named"),
    [("lock_timeout=hunter2", ' (parameter "lock_timeout")'), ("lock_timout=5s", ' (parameter "lock_timout")')],
)
async def test_an_option_that_the_server_refuses_is_one_line_without_its_value_and_exit_2(
    tmp_path: Path, create_postgres: CreateDatabase, command: str, option: str, named: str
) -> None:
    url = make_url(create_postgres()).update_query_dict({"options": f"-c {option}"})
    said = await refused(tmp_path, command, url.render_as_string(hide_password=False))
    assert said.endswith(f"refuses an option of DATABASE_URL{named}")


@pytest.mark.deep  # waits for deadlines
async def test_the_program_ends_in_time_while_the_server_is_frozen(
    tmp_path: Path, unsteady_server: UnsteadyServer
) -> None:
    async with running(tmp_path, DATABASE_URL=unsteady_server.url) as program, ClientSession() as http:
        await program.is_ready()
        unsteady_server.freeze()
        asking = [asyncio.ensure_future(http.get(f"{program.pages}/s/no-such-link")) for _ in range(20)]
        await asyncio.wait(asking, timeout=0.5)  # they are under way
        assert await program.ends() == 0
        await asyncio.gather(*asking, return_exceptions=True)
    unsteady_server.thaw()
    assert "Traceback" not in "\n".join(program.output)
