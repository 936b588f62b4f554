"""What the program writes is for its own user only, whatever the umask it was started with."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox import SANDBOX_TOKEN
from tests.support.program import running

pytestmark = pytest.mark.deep  # starts the program several times


@pytest.fixture(autouse=True)
def _generous() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): f"{path.stat().st_mode & 0o777:o}"
        for path in sorted(folder.rglob("*"))
        if path.name != ".coverage"
    }


async def test_databases_and_their_folders_are_private_from_the_start(tmp_path: Path) -> None:
    async with running(tmp_path) as program:
        await program.is_ready()
        found = modes(tmp_path)
    assert {"data", "data/sandbox.db", "data/sandbox.db-wal", "data/sandbox-chat.db"} <= set(found)
    assert found.pop("data") == "700"
    assert set(found.values()) == {"600"}


async def test_a_database_elsewhere_is_private_too(tmp_path: Path) -> None:
    async with running(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/deep/in/ours.db") as program:
        await program.is_ready()
        found = modes(tmp_path / "deep")
    assert found["in"] == "700"
    assert {mode for name, mode in found.items() if "ours.db" in name} == {"600"}


async def test_what_is_open_is_named_by_the_check_and_mended_by_the_start(tmp_path: Path) -> None:
    async with running(tmp_path) as program:
        await program.is_ready()
        assert await program.ends() == 0
    (tmp_path / "data").chmod(0o755)
    for file in (tmp_path / "data").glob("*.db"):
        file.chmod(0o644)
    (tmp_path / ".env").touch(mode=0o644)
    async with running(tmp_path, "check") as program:
        assert await program.exits() == 1
        found = [line for line in program.output if line.startswith("wrong")]
    assert found == [
        "wrong  Files: data (mode 0755) is open to others on this machine; the next start corrects that",
        "wrong  Files: data/sandbox.db (mode 0644) is open to others on this machine; the next start corrects that",
        "wrong  Files: .env (mode 0644) is open to others on this machine; `chmod 600 .env` corrects that",
    ]
    (tmp_path / ".env").chmod(0o640)
    async with running(tmp_path) as program:
        await program.is_ready()
        assert await program.ends() == 0
    async with running(tmp_path, "check") as program:
        assert await program.exits() == 0
        assert "ok     Files: only their owner can read the settings and the database" in program.output


async def test_the_check_refuses_a_real_bot_without_https_and_weak_secrets(tmp_path: Path) -> None:
    settings = {
        "BOT_TOKEN": SANDBOX_TOKEN,
        "BOT_API_URL": "http://127.0.0.1:9",
        "PUBLIC_URL": "http://signup.example.org",
        "SECRET_KEY": "changemechangemechangemechangeme",
        "WEBHOOK_SECRET": "short",
        "METRICS_TOKEN": "8f14e45fceea167a5a36dedd4bea2543",
    }
    async with running(tmp_path, "check", **{**settings, "BOT_API_URL": "http://api.example.org"}) as program:
        assert await program.exits() == 1
        [line] = [line for line in program.output if "BOT_API_URL" in line]
        assert line.startswith("wrong  BOT_API_URL: isn't https")
    async with running(tmp_path, "check", **settings) as program:
        assert await program.exits() == 1
        wrong = [line.removeprefix("wrong  ").partition(":")[0] for line in program.output if line.startswith("wrong")]
        assert wrong == ["SECRET_KEY", "WEBHOOK_SECRET", "BOT_API_URL", "PUBLIC_URL"]
        assert not any("changeme" in line or "8f14" in line for line in program.output)
