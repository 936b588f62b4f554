"""The program itself, as an operator runs it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest
from aiohttp import ClientConnectionError, ClientSession

from tests.support.patience import PATIENCE, on_this_machine
from tests.support.ports import free_port

ENDS_WITHIN = 10.0  # seconds, as docs/operating.md says


@dataclass(kw_only=True)
class Program:
    """A running `gangway`: where it listens, and what it has printed."""

    process: asyncio.subprocess.Process
    pages: str
    sandbox: str
    output: list[str] = field(default_factory=list)
    reader: asyncio.Task[None] | None = None

    async def prints(self, text: str, seconds: float = PATIENCE) -> None:
        """Wait until a line with the text is printed."""
        try:
            async with asyncio.timeout(seconds):
                while not any(text in line for line in self.output):
                    assert self.reader
                    assert not self.reader.done(), f"it has ended: {self.output}"
                    await asyncio.sleep(0.02)  # another process prints: there is nothing here to wait for
        except TimeoutError:
            pytest.fail(f"{text!r} isn't among the lines {self.output}")

    async def is_ready(self, seconds: float = PATIENCE) -> None:
        """Wait until /readyz says so."""
        async with asyncio.timeout(seconds), ClientSession() as http:
            while await self.readiness(http) != 200:
                await asyncio.sleep(0.05)

    async def readiness(self, http: ClientSession) -> int | None:
        """Ask /readyz; None while nobody listens."""
        try:
            async with http.get(f"{self.pages}/readyz") as response:
                return response.status
        except ClientConnectionError:
            return None

    async def ends(self) -> int:
        """Send SIGTERM, wait for the end, which must come in time, and give the exit code."""
        began = monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = await self.exits()
        assert monotonic() - began < on_this_machine(ENDS_WITHIN)
        return code

    async def exits(self, seconds: float = PATIENCE) -> int:
        """Wait for the end and give the exit code."""
        async with asyncio.timeout(seconds):
            code = await self.process.wait()
        if self.reader:
            await self.reader
        return code


@asynccontextmanager
async def running(folder: Path, *command: str, **environment: str) -> AsyncIterator[Program]:
    """Run `gangway` in a folder with settings; it is killed at the end if it still runs."""
    async with _running(folder, (), command, environment) as program:
        yield program


@asynccontextmanager
async def running_with_few_files(folder: Path, files: int, *command: str, **environment: str) -> AsyncIterator[Program]:
    """Run `gangway` likewise, with so many file descriptors at most (util-linux' prlimit)."""
    async with _running(folder, ("prlimit", f"--nofile={files}:{files}"), command, environment) as program:
        yield program


@asynccontextmanager
async def _running(
    folder: Path, prefix: tuple[str, ...], command: tuple[str, ...], environment: dict[str, str]
) -> AsyncIterator[Program]:
    settings = {"WEB_PORT": str(free_port()), "SANDBOX_PORT": str(free_port()), **environment}
    kept = {name: value for name, value in os.environ.items() if name in _INHERITED or name.startswith("COVERAGE")}
    process = await asyncio.create_subprocess_exec(
        *(*prefix, sys.executable, "-W", "error::ResourceWarning", "-m", "gangway"),
        *(command or ("run",)),
        cwd=folder,
        env={**kept, **settings, "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    pages, sandbox = (f"http://127.0.0.1:{settings[name]}" for name in ("WEB_PORT", "SANDBOX_PORT"))
    program = Program(process=process, pages=pages, sandbox=sandbox)
    program.reader = asyncio.create_task(_read(program))
    try:
        yield program
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await program.reader


async def _read(program: Program) -> None:
    assert program.process.stdout is not None
    async for line in program.process.stdout:
        program.output.append(line.decode().rstrip("\n"))


_INHERITED = ("PATH", "HOME", "TMPDIR", "LANG")
