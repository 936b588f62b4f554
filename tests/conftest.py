"""What every test may ask for: an engine on each database, and a clock that stands still until it is moved."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING

import pytest

from core.engine import Engine
from core.services import policies
from core.services.policies import Switch
from tests.support.account import Office, an_office
from tests.support.bot_fixture import Town, open_town
from tests.support.clock import Clock
from tests.support.site import Site, open_site

if TYPE_CHECKING:  # pytest wants to import its plugins itself
    from tests.support.postgres import CreateDatabase

pytest_plugins = ["tests.support.postgres", "tests.support.browser", "tests.support.sandbox_fixture"]


def migrated(database_url: str) -> None:
    """Bring a database up to date, for tests to copy."""

    async def run() -> None:
        engine = Engine(database_url)
        await engine.migrate()
        await engine.close()

    asyncio.run(run())


@pytest.fixture
def clock() -> Clock:
    """Stands at a Monday noon (UTC)."""
    return Clock()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database that nobody has open, for tests to copy."""
    file = tmp_path_factory.mktemp("migrated") / "gangway.db"
    migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> Callable[[], str]:
    """Makes as many fresh, migrated databases of each kind as a test wants, and gives their URLs."""
    return _maker(request, tmp_path, migrated_file)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> str:
    """A fresh, migrated database of each kind."""
    return _maker(request, tmp_path, migrated_file)()


def _maker(request: pytest.FixtureRequest, folder: Path, migrated_file: Path) -> Callable[[], str]:
    if request.param == "sqlite":
        numbers = count()
        return lambda: f"sqlite:///{copy(migrated_file, folder / f'gangway{next(numbers)}.db')}"
    create_postgres: CreateDatabase = request.getfixturevalue("create_postgres")
    return lambda: create_postgres(migrated)


@pytest.fixture
async def engine(database_url: str, clock: Clock) -> AsyncIterator[Engine]:
    """An engine on each database, at the test's own time."""
    engine = Engine(database_url, clock=clock)
    yield engine
    async with asyncio.timeout(timedelta(seconds=30).total_seconds()):
        await engine.close()


@pytest.fixture
async def office(engine: Engine) -> Office:
    """An account that its owner has set up."""
    return await an_office(engine)


@pytest.fixture
async def approving(office: Office) -> Office:
    """An account whose newcomers wait for an approval."""
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, office.engine.now(), on=True)
    return office


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    """The bot at work in a sandbox."""
    async with open_town(engine) as town:
        yield town


@pytest.fixture
async def site(engine: Engine) -> AsyncIterator[Site]:
    """The pages, served over real HTTP."""
    async with open_site(engine) as site:
        yield site
