"""Many at once on one database: several engines in this process, and several processes with an engine each."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from itertools import cycle
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from core.engine import Engine
from core.errors import Refusal
from tests.support.account import Office, an_office
from tests.support.clock import Clock
from tests.support.invariants import faults

P = ParamSpec("P")
T = TypeVar("T")


class Crowd:
    """An office, and engines on its database that take turns."""

    def __init__(self, engines: Sequence[Engine], office: Office) -> None:
        self._turns = cycle(engines)
        self.office = office
        self.owner_id = office.owner_id

    @property
    def engine(self) -> Engine:
        """The engine whose turn it is."""
        return next(self._turns)

    def write(self, use_case: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """Run a use case on the engine whose turn it is."""
        return self.engine.write(use_case, *args, **kwargs)

    async def is_sound(self) -> bool:
        """Tell whether all is as it must be once nobody is at work any more; what is not is the failure's message."""
        found = await self.engine.read(faults)
        assert found == []
        return True


@asynccontextmanager
async def a_crowd(database_url: str, clock: Clock, engines: int = 2) -> AsyncIterator[Crowd]:
    """Open engines on a fresh database, and an office in it."""
    async with AsyncExitStack() as stack:
        opened = [Engine(database_url, clock=clock) for _ in range(engines)]
        for engine in opened:
            stack.push_async_callback(engine.close)
        yield Crowd(opened, await an_office(opened[0]))


async def at_once(calls: Iterable[Awaitable[T]]) -> list[T | Refusal]:
    """Let calls race and give every answer; a refusal is one, any other exception is a fault."""
    answers = await asyncio.gather(*calls, return_exceptions=True)
    given: list[T | Refusal] = []
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, Refusal):
            raise answer
        given.append(answer)
    return given


def kinds(answers: Iterable[object]) -> Counter[str]:
    """Count answers by the names of their types."""
    return Counter(type(answer).__name__ for answer in answers)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One form sent through a link."""

    token: str
    email: str
    form_key: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of an attempt in another process: the user, or the exception's name and words."""

    user_id: int | None = None
    repeated: bool = False
    exception: str = ""
    words: str = ""


@asynccontextmanager
async def a_field(database_url: str, racers: int) -> AsyncIterator[list[Process]]:
    """Start processes with an engine each; they take job after job until the block ends."""
    command = (sys.executable, "-m", "tests.support.concurrent_process", database_url)
    field = [await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE) for _ in range(racers)]
    try:
        yield field
    finally:
        for racer in field:
            await racer.communicate(b"")  # Python 3.11 closes stdin, which ends a racer, only when it has input
    assert [racer.returncode for racer in field] == [0] * racers


async def race(clock: Clock, jobs: Mapping[Process, Sequence[Attempt]]) -> list[Outcome]:
    """Let processes send all their forms from a common start on; give every outcome."""
    for racer, job in jobs.items():
        _tell(racer, {"now": clock().isoformat(), "attempts": [asdict(attempt) for attempt in job]})
    assert {await _hear(racer) for racer in jobs} == {"ready"}
    for racer in jobs:
        _tell(racer, "go")
    return [Outcome(**outcome) for racer in jobs for outcome in await _hear(racer)]


def _tell(racer: Process, message: object) -> None:
    assert racer.stdin is not None
    racer.stdin.write(f"{json.dumps(message)}\n".encode())


async def _hear(racer: Process) -> Any:  # noqa: ANN401 - JSON is of any type
    assert racer.stdout is not None
    return json.loads(await racer.stdout.readline())
