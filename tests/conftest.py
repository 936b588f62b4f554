"""What every test may ask for: an engine on each database, and a clock that stands still until it is moved."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from itertools import count
from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING

import pytest

from core.engine import Engine
from core.services import policies
from core.services.policies import Switch
from tests.support.account import Office, an_office, with_an_office
from tests.support.apart import run_apart
from tests.support.bot_fixture import Town, open_town
from tests.support.clock import Clock
from tests.support.patience import PATIENCE
from tests.support.router_fixture import Counter
from tests.support.site import Site, open_site

if TYPE_CHECKING:  # pytest wants to import its plugins itself
    from tests.support.postgres import CreateDatabase
    from tests.support.shared import Shared

pytest_plugins = [
    "tests.support.shared",
    "tests.support.selection",
    "tests.support.compiled_once",
    "tests.support.postgres",
    "tests.support.unsteady_postgres",
    "tests.support.browser",
    "tests.support.sandbox_fixture",
    "tests.support.settled_fixture",
    "tests.support.scene_fixture",
    "tests.support.approved",
]


# 9 h 30 min behind UTC, where no test is: what forgets a zone, and takes the machine's, shows another hour.
os.environ["TZ"] = "Pacific/Marquesas"
time.tzset()

IN_AN_OFFICE = frozenset({"office", "office_url", "new_office_url"})


def migrated(database_url: str) -> None:
    """Bring a database up to date, for tests to copy."""

    async def run() -> None:
        engine = Engine(database_url)
        await engine.migrate()
        await engine.close()

    run_apart(run())


def sqlite_template(shared: "Shared", prepare: Callable[[str], None]) -> Path:
    """Return a file with a database as `prepare` fills one, once a run."""

    def make() -> str:
        file = shared.folder / f"{prepare.__name__}.db"
        prepare(f"sqlite:///{file}")
        return str(file)

    return Path(shared.once(f"sqlite-{prepare.__name__}", make))


@pytest.fixture
def clock() -> Clock:
    """Stands at a Monday noon (UTC)."""
    return Clock()


@pytest.fixture(scope="session")
def migrated_file(shared: "Shared") -> Path:
    """A migrated SQLite database that nobody has open, for tests to copy."""
    return sqlite_template(shared, migrated)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes as many fresh databases of each kind as a test wants, and gives their URLs."""
    return _maker(request, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database of each kind."""
    return _maker(request, tmp_path)()


@pytest.fixture
def office_url(database_url: str) -> str:
    """A fresh database of each kind, with an office in it."""
    return database_url


@pytest.fixture
def new_office_url(new_database: Callable[[], str]) -> Callable[[], str]:
    """Makes fresh databases of each kind, with an office in each."""
    return new_database


def _maker(request: pytest.FixtureRequest, folder: Path) -> Callable[[], str]:
    """Databases are migrated, and hold an office already if the test asks for one."""
    prepare = migrated if IN_AN_OFFICE.isdisjoint(request.fixturenames) else with_an_office
    if request.param == "sqlite":
        file, numbers = sqlite_template(request.getfixturevalue("shared"), prepare), count()
        return lambda: f"sqlite:///{copy(file, folder / f'gangway{next(numbers)}.db')}"
    create_postgres: CreateDatabase = request.getfixturevalue("create_postgres")
    return lambda: create_postgres(prepare)


@pytest.fixture
async def engine(database_url: str, clock: Clock) -> AsyncIterator[Engine]:
    """An engine on each database, at the test's own time."""
    engine = Engine(database_url, clock=clock)
    yield engine
    async with asyncio.timeout(PATIENCE):
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
def counter(office: Office) -> Counter:
    """The desk of the account, without a Telegram."""
    return Counter(office.engine)


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
