"""Whose database it is, as an operator finds out."""

import sqlite3
from pathlib import Path

import pytest

from tests.support.program import running

pytestmark = pytest.mark.deep  # starts the program several times

BOT = {"BOT_TOKEN": "123456789:AAE-of-one", "BOT_API_URL": "http://127.0.0.1:9"}
OTHER = {"BOT_TOKEN": "987654321:AAE-of-another", "BOT_API_URL": "http://127.0.0.1:9"}


async def test_an_empty_token_never_starts_the_sandbox_on_the_database_of_a_bot(tmp_path: Path) -> None:
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/production.db"}
    async with running(tmp_path, **BOT, **database) as program:
        await program.prints("Gangway is running")
        assert await program.ends() == 0
    for command in ("run", "bot", "web", "owner"):
        async with running(tmp_path, command, **database) as program:
            assert await program.exits() == 2
            [line] = program.output
            assert line.startswith("DATABASE_URL: the database belongs to bot 123456789, and BOT_TOKEN is empty")
    async with running(tmp_path, "check", **database) as program:
        assert await program.exits() == 1
        assert any(line.startswith("wrong  DATABASE_URL: the database belongs to bot") for line in program.output)


async def test_the_sandbox_has_a_database_of_its_own(tmp_path: Path) -> None:
    async with running(tmp_path, "migrate", **BOT) as real, running(tmp_path, "migrate") as sandbox:
        assert await real.exits() == await sandbox.exits() == 0
    assert sorted(file.name for file in (tmp_path / "data").glob("*.db")) == ["gangway.db", "sandbox.db"]


async def test_adopt_says_what_it_does_and_lets_another_bot_use_the_database(tmp_path: Path) -> None:
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/production.db"}
    async with running(tmp_path, "migrate", **BOT, **database) as program:
        assert await program.exits() == 0
    async with running(tmp_path, "migrate", **OTHER, **database) as refused:
        assert await refused.exits() == 2
    async with running(tmp_path, "adopt", **OTHER, **database) as adopting:
        assert await adopting.exits() == 0
        assert adopting.output[0] == "The database belongs to bot 123456789, and will belong to bot 987654321."
    async with running(tmp_path, "migrate", **OTHER, **database) as accepted:
        assert await accepted.exits() == 0
    async with running(tmp_path, "adopt", **OTHER, **database) as again:
        assert await again.exits() == 0
        assert again.output == ["The database belongs here already. Nothing was changed."]


async def test_the_sandboxs_old_state_file_makes_room_for_its_database(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with sqlite3.connect(data / "sandbox.db") as connection:
        connection.executescript("CREATE TABLE things (kind); CREATE TABLE contents (body);")
    connection.close()
    for _ in range(2):
        async with running(tmp_path, "migrate") as program:
            assert await program.exits() == 0
    assert sorted(file.name for file in data.glob("*.db")) == ["sandbox-chat.db", "sandbox.db"]
