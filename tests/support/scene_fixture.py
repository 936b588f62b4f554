"""The rich account, prepared once a run, and a stage in it for each test."""

from collections.abc import Iterator
from shutil import copy

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.security_log import SecurityLog, session_info
from core.storage.database import open_database
from core.storage.deadlines import Deadlines
from tests.support.patience import PATIENCE
from tests.support.postgres import PostgresServer
from tests.support.rich_account import nothing_random
from tests.support.rich_history import with_a_rich_account
from tests.support.scene import Scene
from tests.support.shared import Shared

NUMBERED_FROM = 1_000_000  # what would be random in a scene: what is in the account already has other numbers


@pytest.fixture(scope="session")
def rich_sqlite(shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The rich account, in a SQLite database of this process."""

    def make() -> str:
        file = shared.folder / "rich_account.db"
        with_a_rich_account(f"sqlite:///{file}")
        return str(file)

    file = copy(shared.once("rich-account", make), tmp_path_factory.mktemp("rich") / "gangway.db")
    database = open_database(f"sqlite:///{file}", threads=1, watched=Deadlines(PATIENCE))
    yield database.execution_options(sqlite_begin="IMMEDIATE")
    database.dispose()


@pytest.fixture(scope="session")
def rich_postgresql(postgres_server: PostgresServer) -> Iterator[Engine]:
    """The rich account, in a PostgreSQL database of this process."""
    url = postgres_server.create_database(with_a_rich_account)
    database = open_database(url, threads=1, watched=Deadlines(PATIENCE))
    yield database
    database.dispose()
    postgres_server.drop_database(url)


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    """A stage in the rich account on the database that the test names, of which nothing stays."""
    database: Engine = request.getfixturevalue(f"rich_{request.param}")
    with nothing_random(NUMBERED_FROM), Session(database, info=session_info(SecurityLog())) as session:
        yield Scene(session)
        session.rollback()
