"""SQLite's locks of a program at work: without them, the next process to leave deletes the log beside the file."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.engine import Engine
from core.services import monitoring
from tests.support.account import Office

VISIT = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM account'); c.close()"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_log_stays_if_another_process_leaves_after_a_probe(
    engine: Engine, office: Office, database_url: str
) -> None:
    await office.profile()
    file = Path(database_url.removeprefix("sqlite:///"))
    log = file.with_name(f"{file.name}-wal")
    before = log.stat().st_ino
    assert await engine.why_unavailable() is None
    subprocess.run([sys.executable, "-c", VISIT, str(file)], check=True)  # noqa: ASYNC221 - nothing else happens here
    assert log.stat().st_ino == before
    await engine.read(monitoring.last_poll)
