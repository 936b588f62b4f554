"""The program while its machine's clock is set: libfaketime sets it, for one process, without the system's clock."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.support.chat import Person
from tests.support.patience import on_this_machine
from tests.support.program import Program, running

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
ANSWERS_WITHIN = 5.0  # seconds; a notice is queued, claimed and sent by ticks of a second

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(not LIBRARIES, reason="libfaketime isn't installed (apt-get install faketime)"),
]


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """The file that says by how many seconds the clock is set."""
    file = tmp_path / "clock"
    file.write_text("+0")
    return file


def environment(clock: Path) -> dict[str, str]:
    return {
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # which makes waiting threads spin
        "DATABASE_URL": f"sqlite:///{clock.parent}/gangway.db",
    }


def set_clock(clock: Path, by: str) -> None:
    """Set the clock by so many seconds, all of a sudden."""
    clock.write_text(by)


async def digest_arrives(program: Program, http: ClientSession) -> None:
    """Ask for a digest, which takes the way of all notices, and wait for it."""
    owner = Person(http, program.sandbox, 1001)
    async with asyncio.timeout(on_this_machine(ANSWERS_WITHIN)):
        said = await owner.says("/digest now")
        await owner.reads("Nobody joined", after=said)


@pytest.mark.parametrize("step", ["+7200", "-3600", "-45", "+3456000"])
async def test_digests_go_on_after_the_clock_was_set(tmp_path: Path, clock: Path, step: str) -> None:
    async with running(tmp_path, **environment(clock)) as program, ClientSession() as http:
        await program.is_ready()
        owner = Person(http, program.sandbox, 1001)
        await owner.asks("/start")
        await digest_arrives(program, http)
        set_clock(clock, step)
        await program.prints("the clock was set", on_this_machine(2.0))
        await digest_arrives(program, http)
        assert await program.ends() == 0
    assert len(program.output) < 30, program.output


async def test_a_lease_of_a_killed_process_from_another_time_is_not_believed(tmp_path: Path, clock: Path) -> None:
    async with ClientSession() as http:
        async with running(tmp_path, **environment(clock)) as program:
            await program.is_ready()
            await Person(http, program.sandbox, 1001).asks("/start")
            await digest_arrives(program, http)
            program.process.kill()
            await program.exits()
        set_clock(clock, "-3600")
        async with running(tmp_path, **environment(clock)) as program:
            await program.prints("became leader", on_this_machine(5.0))
            await digest_arrives(program, http)
