"""An organisation's database with every role in it, and untouched copies of it for tests."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from core.engine import Engine
from tests.support import permission_town
from tests.support.clock import Clock
from tests.support.permission_matrix import contents
from tests.support.rich_account import nothing_random
from tests.support.router_fixture import Counter


@dataclass(frozen=True, kw_only=True)
class PreparedDatabase:
    """An organisation's database before anybody sent anything, and what the buttons carry that follow a question."""

    file: Path
    carried: dict[str, str]  # by verb
    contents: dict[str, list[Any]]
    engine: Engine  # of a copy; one for all tests, because an engine prepares its statements only once


@pytest.fixture(scope="session")
def settled(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PreparedDatabase]:
    folder = tmp_path_factory.mktemp("prepared")
    file = Path(copy(migrated_file, folder / "prepared.db"))
    engine = Engine(f"sqlite:///{copy(migrated_file, folder / 'copy.db')}", clock=Clock())

    async def settle() -> PreparedDatabase:
        prepared = Engine(f"sqlite:///{file}", clock=Clock())
        try:
            carried = await permission_town.settle(prepared)
            return PreparedDatabase(file=file, carried=carried, contents=await contents(prepared), engine=engine)
        finally:
            await prepared.close()

    with nothing_random():
        prepared = asyncio.run(settle())
    yield prepared
    asyncio.run(engine.close())


def a_copy(settled: PreparedDatabase) -> Counter:
    """Return a desk before a copy of the organisation that nobody has touched."""
    with (
        closing(sqlite3.connect(settled.file)) as prepared,
        closing(sqlite3.connect(settled.file.with_name("copy.db"))) as used,
    ):
        prepared.backup(used)
    return Counter(settled.engine)
