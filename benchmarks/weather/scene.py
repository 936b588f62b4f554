"""The program as its operator runs it, with Telegram, a database and people around it."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from aiohttp import ClientSession

from benchmarks.weather import faked_clock
from benchmarks.weather.disks import a_folder, small_disk
from benchmarks.weather.load import Load
from benchmarks.weather.postgres import Server
from benchmarks.weather.telegram import Line
from bot.sandbox import SANDBOX_TOKEN, Sandbox
from core.domain.access import Role
from core.engine import Engine
from tests.support.account import an_office
from tests.support.chat import Person
from tests.support.ports import free_port
from tests.support.program import Program, running, running_with_few_files
from tests.support.rows import a_user

ADMINISTRATORS = 3
OWNER = 1001
UP_WITHIN = 120.0  # seconds
BEGAN_BEFORE = timedelta(days=3)  # or links wouldn't be open yet when the clock is set back
FEW = "5"  # activations of the second link


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """In what surroundings the program runs."""

    webhook: bool = False
    files: int | None = None  # descriptors of the program
    disk: int | None = None  # MiB of the disk that the database is on
    in_memory: bool = True
    faked_clock: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Scene:
    """What a fault can reach."""

    folder: Path
    settings: dict[str, str]
    sandbox: Sandbox
    line: Line
    server: Server | None
    owner: Person
    load: Load
    files: int | None = None
    program: Program
    output: list[str] = field(default_factory=list)  # of earlier programs
    began: float = 0.0
    ended: float = 0.0
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "gangway.db"

    @property
    def postgresql(self) -> Server:
        """The server, in a fault of PostgreSQL."""
        assert self.server is not None  # noqa: S101 - the fault says so
        return self.server

    @property
    def printed(self) -> list[str]:
        """All that was printed and logged."""
        return [*self.output, *self.program.output]

    async def start(self) -> None:
        """Start the program; return once it listens."""
        if self.files:
            starting = running_with_few_files(self.folder, self.files, "run", **self.settings)
        else:
            starting = running(self.folder, "run", **self.settings)
        self.program = await self._stack.enter_async_context(starting)

    async def begin(self, administrators: Sequence[Person]) -> None:
        """Start the program for the first time, and let people open the chat, since a bot may not write first."""
        await self.start()
        await self.is_up()
        await self.program.is_ready(UP_WITHIN)
        await asyncio.gather(*(person.starts() for person in (self.owner, *administrators)))

    async def is_up(self) -> None:
        """Wait until the program says that it runs."""
        await self.program.prints("Gangway is running", UP_WITHIN)

    async def kill(self) -> None:
        """Kill the program, as the kernel does without memory."""
        self.program.process.kill()
        await self.program.process.wait()
        await self._close_program()

    async def end(self) -> tuple[int, float]:
        """Send SIGTERM; return the exit code and the seconds that it took."""
        began = time.monotonic()
        if self.program.process.returncode is None:
            self.program.process.terminate()
        else:
            self.wrong.append("the program had ended by itself")
        code = await self.program.exits(UP_WITHIN)
        took = time.monotonic() - began
        await self._close_program()
        return code, took

    async def _close_program(self) -> None:
        await self._stack.aclose()
        self.output += self.program.output
        self.program.output = []


@asynccontextmanager
async def scene(conditions: Conditions, database: str) -> AsyncIterator[Scene]:
    """Set everything up."""
    async with AsyncExitStack() as stack:
        folder = a_folder(in_memory=conditions.in_memory)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if conditions.disk:
            stack.enter_context(small_disk(folder, conditions.disk))
        server = await _server(stack, folder) if database == "postgresql" else None
        url = server.url if server else f"sqlite:///{folder}/gangway.db"
        sandbox, line, api = await _telegram(stack)
        http = await stack.enter_async_context(ClientSession())
        links, people = await _set_up(url, http, sandbox.url)
        settings = _settings(conditions, folder, url, api)
        at = Scene(
            folder=folder,
            settings=settings,
            sandbox=sandbox,
            line=line,
            server=server,
            owner=Person(http, sandbox.url, OWNER),
            load=Load(f"http://127.0.0.1:{settings['WEB_PORT']}", links, people),
            files=conditions.files,
            program=None,  # type: ignore[arg-type] # started below
        )
        stack.push_async_callback(at._stack.aclose)  # noqa: SLF001 - this is its constructor
        await at.begin(people)
        yield at


def _settings(conditions: Conditions, folder: Path, url: str, api: str) -> dict[str, str]:
    """Return the program's settings, with a port of its own."""
    settings = {"DATABASE_URL": url, "BOT_API_URL": api, "BOT_TOKEN": SANDBOX_TOKEN, "WEB_PORT": str(free_port())}
    settings |= {"BOT_MODE": "webhook" if conditions.webhook else "polling", **conditions.environment}
    return settings | (faked_clock.environment(folder) if conditions.faked_clock else {})


async def _telegram(stack: AsyncExitStack) -> tuple[Sandbox, Line, str]:
    """Start the stand-in for Telegram and the line to it; return both and the address at this end."""
    sandbox = Sandbox(port=0)
    await sandbox.start()
    stack.push_async_callback(sandbox.stop)
    line = Line(sandbox.url)
    api = await line.start()
    stack.push_async_callback(line.stop)
    return sandbox, line, api


async def _server(stack: AsyncExitStack, folder: Path) -> Server:
    server = Server(folder)
    stack.push_async_callback(server.kill)
    stack.callback(server.thaw)
    await server.create()
    return server


async def _set_up(url: str, http: ClientSession, sandbox: str) -> tuple[list[str], list[Person]]:
    """Fill the database; return the paths of two links, the second for FEW, and the administrators."""
    engine, people = Engine(url), []
    await engine.migrate()
    office = await an_office(engine)
    await office.ask_no_proof()
    window = f"{engine.now() - BEGAN_BEFORE:%Y-%m-%d} - +12 months"
    links = [
        f"/s/{(await office.profile(name='Many', limit='unlimited', window=window)).token}",
        f"/s/{(await office.profile(name='Few', limit=FEW, window=window)).token}",
    ]
    for number in range(ADMINISTRATORS):
        body = {"name": f"A{number}", "language_code": "en"}
        async with http.post(f"{sandbox}/api/people", json=body) as made:
            person_id = (await made.json())["id"]
        await a_user(engine, Role.ADMINISTRATOR, telegram_id=person_id)
        people.append(Person(http, sandbox, person_id))
    await engine.close()
    return links, people


async def pause(seconds: float) -> None:
    """Let time pass while people work."""
    await asyncio.sleep(seconds)
