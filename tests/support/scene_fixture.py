"""The rich account, prepared once a run, and a stage in it for each test."""

from collections.abc import Iterator
from shutil import copy

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.security_log import SecurityLog, session_info
from core.storage.database import open_database
from tests.support.rich_account import nothing_random, with_a_rich_account
from tests.support.scene import Scene
from tests.support.shared import Shared

NUMBERED_FROM = 1_000_000  # what would be random in a scene: what is in the account already has other numbers


@pytest.fixture(scope="session")
def rich_database(shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The rich account, in a database of this process."""

    def make() -> str:
        file = shared.folder / "rich_account.db"
        with_a_rich_account(f"sqlite:///{file}")
        return str(file)

    file = copy(shared.once("rich-account", make), tmp_path_factory.mktemp("rich") / "gangway.db")
    database = open_database(f"sqlite:///{file}", threads=1)
    yield database.execution_options(sqlite_begin="IMMEDIATE")
    database.dispose()


@pytest.fixture
def scene(rich_database: Engine) -> Iterator[Scene]:
    """A stage in the rich account, of which nothing stays."""
    with (
        nothing_random(NUMBERED_FROM),
        Session(rich_database, info=session_info(SecurityLog())) as session,
    ):
        yield Scene(session)
        session.rollback()
