"""Back-ups and copies as an operator makes and uses them."""

from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.support.postgres import CreateDatabase
from tests.support.program import running


@pytest.mark.deep
async def test_a_back_up_is_made_while_gangway_runs_and_gangway_starts_with_it(tmp_path: Path) -> None:
    async with running(tmp_path) as program:
        await program.is_ready()
        async with running(tmp_path, "backup", "copy.db") as backup:
            assert await backup.exits() == 0
            [line] = backup.output
            assert line.startswith("Backed up data/sandbox.db to copy.db: ")
        async with running(tmp_path, "backup", "copy.db") as again:
            assert await again.exits() == 1
            assert again.output == ["No back-up of data/sandbox.db in copy.db: File exists"]
        assert await program.ends() == 0
    async with running(tmp_path, DATABASE_URL="sqlite:///copy.db") as restored, ClientSession() as http:
        await restored.is_ready()
        async with http.get(f"{restored.pages}/login") as page:
            assert page.status == 200
        assert await restored.ends() == 0


@pytest.mark.deep  # starts the program several times
async def test_a_back_up_is_restored_once_gangway_has_stopped_and_the_old_database_is_kept(tmp_path: Path) -> None:
    async with running(tmp_path) as program:
        await program.is_ready()
        assert await said_by(tmp_path, 0, "backup", "monday.db")
        in_use = await said_by(tmp_path, 1, "restore", "monday.db", "--replace")
        assert in_use == ["Gangway, or another program, uses data/sandbox.db; stop it first"]
        assert await program.ends() == 0
    [exists] = await said_by(tmp_path, 1, "restore", "monday.db")
    assert exists.startswith("there is a database at data/sandbox.db; ")
    [restored] = await said_by(tmp_path, 0, "restore", "monday.db", "--replace")
    assert restored.startswith("Restored monday.db to data/sandbox.db: ")
    assert ". What was there before is data/sandbox.db.before-" in restored
    async with running(tmp_path) as again:
        await again.is_ready()
        assert await again.ends() == 0


@pytest.mark.deep  # starts the program several times
async def test_gangway_goes_on_with_a_copy_on_postgresql(tmp_path: Path, create_postgres: CreateDatabase) -> None:
    source, server = "sqlite:///data/sandbox.db", create_postgres()
    async with running(tmp_path) as program:
        await program.is_ready()
        [in_use] = await said_by(tmp_path, 2, "copy", "--from", source, "--to", server)
        assert in_use.startswith("--from: the database is in use; stop Gangway first")
        assert await program.ends() == 0
    [copied] = await said_by(tmp_path, 0, "copy", "--from", source, "--to", server)
    assert copied.startswith("Copied ")
    async with running(tmp_path, DATABASE_URL=server) as moved:
        await moved.is_ready()
        [in_use] = await said_by(tmp_path, 2, "copy", "--from", server, "--to", "sqlite:///back.db")
        assert in_use.startswith("--from: the database is in use; stop Gangway first")
        assert await moved.ends() == 0
    wrong = await said_by(tmp_path, 2, "copy", "--from", "data/sandbox.db", "--to", "mysql://host/name")
    assert [line.partition(" isn't ")[0] for line in wrong] == ["--from:", "--to:"]


async def said_by(folder: Path, code: int, *command: str) -> list[str]:
    """Run a command to its end, which must have this exit code, and return what it printed."""
    async with running(folder, *command) as program:
        assert await program.exits() == code, program.output
        return program.output
