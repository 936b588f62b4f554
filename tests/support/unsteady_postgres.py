"""A PostgreSQL server of one test's own, which the test may freeze, kill and start again."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import psycopg
import pytest
from sqlalchemy import make_url

from tests.support.patience import PATIENCE
from tests.support.postgres import run_as_user, running_server, with_binaries


class UnsteadyServer:
    """A server that can be frozen, thawed, killed and started."""

    def __init__(self, url: str) -> None:
        self.url = url
        with self.connect() as connection:
            (self._folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
            self._postmaster = _parent(connection.info.backend_pid)
        # Else a commit is in the server's memory for a moment, and lost when it is killed.
        self.execute("ALTER SYSTEM SET synchronous_commit = on", "SELECT pg_reload_conf()")

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[str, ...]]":
        """Connect as the superuser, without Gangway."""
        return psycopg.connect(self.url, dbname=database, autocommit=True, connect_timeout=10)

    def url_of(self, user: str, password: str, database: str) -> str:
        """Return the URL of another user's database."""
        url = make_url(self.url).set(username=user, password=password, database=database)
        return url.render_as_string(hide_password=False)

    def execute(self, *statements: str) -> None:
        """Execute statements as the superuser."""
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def sessions(self, user: str) -> int:
        """Return how many sessions a user has."""
        with self.connect() as connection:
            found = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = %s", [user]).fetchone()
        return int(found[0]) if found else 0

    def freeze(self) -> None:
        """Stop all its processes: connections stay, and nobody answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kill all its processes."""
        self._signal(signal.SIGKILL)
        while Path(f"/proc/{self._postmaster}").exists() and _state(self._postmaster) != "Z":
            sleep(0.01)  # another process ends: there is nothing here to wait for

    def start(self) -> None:
        """Start it again; what killed processes leave behind may be in the way for a moment."""
        given_up_at = monotonic() + PATIENCE
        command = ["pg_ctl", "start", "--silent", "--wait", "--pgdata", self._folder, "--log", f"{self._folder}/../log"]
        nothing = subprocess.DEVNULL
        while run_as_user(command, self._folder, with_binaries(), stdin=nothing, stdout=nothing).returncode:
            assert monotonic() < given_up_at
            sleep(0.1)  # as above
        with self.connect() as connection:
            self._postmaster = _parent(connection.info.backend_pid)

    def _signal(self, number: signal.Signals) -> None:
        for pid in (self._postmaster, *_children(self._postmaster)):
            with suppress(ProcessLookupError):  # it has ended meanwhile
                os.kill(pid, number)


@pytest.fixture
def unsteady_server() -> Iterator[UnsteadyServer]:
    """A server of this test's own."""
    with running_server() as url:
        server = UnsteadyServer(url)
        try:
            yield server
        finally:
            server.thaw()


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
