"""PostgreSQL is killed, frozen, filled up, or has no time for us."""

import asyncio
import signal
import time
from contextlib import suppress

import psycopg

from benchmarks.weather.disks import empty, fill, lack_of_mount
from benchmarks.weather.fault import Fault
from benchmarks.weather.scene import Conditions, Scene, pause
from tests.support.program import running

ONLY = ("postgresql",)
DATABASE = r"database"
DOWN = 5.0  # seconds
LOCKED = 10.0
DISK = 140  # MiB, of which PostgreSQL itself takes about 60


async def _killed(at: Scene) -> None:
    await at.postgresql.kill()
    await pause(DOWN)
    await at.postgresql.start()


async def _restarted(at: Scene) -> None:
    await at.postgresql.stop()
    await at.postgresql.start()


def _frozen(seconds: float) -> Fault:
    async def strike(at: Scene) -> None:
        at.postgresql.freeze()
        await pause(seconds)
        at.postgresql.thaw()

    return Fault(
        name=f"postgresql-frozen-{seconds:.0f}",
        expected=f"frozen for {seconds:.0f} s (`SIGSTOP`): 503 within the deadline, then as before",
        strike=strike,
        databases=ONLY,
        says=DATABASE if seconds > DOWN else "",
    )


async def _read_only(at: Scene) -> None:
    """Become a standby: what is connected is disconnected, and nothing can be written."""
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gangway'"
    await at.postgresql.execute("ALTER DATABASE gangway SET default_transaction_read_only = on", end)
    await pause(DOWN)
    await at.postgresql.execute("ALTER DATABASE gangway RESET default_transaction_read_only", end)


async def _used_up(at: Scene) -> None:
    """Take every connection that the server has, after the program has lost its own."""
    taken = []
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gangway'"
    for _ in range(3):
        await at.postgresql.execute(end)
        try:
            while True:
                taken.append(await at.postgresql.connect("gangway", "gangway"))
        except psycopg.OperationalError:
            await asyncio.sleep(0.1)
    await pause(DOWN)
    for connection in taken:
        await connection.close()


async def _row_locked(at: Scene) -> None:
    """Lock the row that each sign-up changes, as a forgotten console does."""
    async with await at.postgresql.connect("gangway", "gangway") as connection:
        await connection.execute("BEGIN")
        await connection.execute("SELECT id FROM profile ORDER BY id FOR UPDATE")
        await pause(LOCKED)
        await connection.execute("ROLLBACK")


async def _client_frozen(at: Scene) -> None:
    """Freeze another `gangway web` in the middle of a transaction, as a paused virtual machine does."""
    settings = {**at.settings, "WEB_PORT": "0"}
    async with running(at.folder, "bot", **settings) as other, await at.postgresql.connect() as watch:
        await other.prints("bot is up")
        began = time.monotonic()
        while time.monotonic() - began < LOCKED * 3:
            other.process.send_signal(signal.SIGSTOP)
            if await _in_transaction(watch):
                break
            other.process.send_signal(signal.SIGCONT)
            await asyncio.sleep(0.003)
        else:
            at.notes.append("no transaction was caught")
        await pause(LOCKED)
        other.process.kill()


async def _in_transaction(watch: psycopg.AsyncConnection) -> bool:
    await asyncio.sleep(0.05)  # what runs on the server has ended
    query = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND usename = 'gangway'"
    found = await (await watch.execute(query)).fetchone()
    return bool(found and found[0])


async def _disk_full(at: Scene) -> None:
    fill(at.folder)
    hog = asyncio.create_task(_hog(at))
    await pause(2 * DOWN)
    hog.cancel()
    empty(at.folder)
    if not at.postgresql.runs:
        at.notes.append("the server itself had ended")
        await at.postgresql.start()


async def _hog(at: Scene) -> None:
    """Write as much as there is room for, as another program on the server does: it has room prepared for its log."""
    while True:
        with suppress(psycopg.Error, OSError):
            await at.postgresql.execute("CREATE TABLE hog AS SELECT repeat('x', 500) FROM generate_series(1, 200000)")
        await pause(0.2)


FAULTS = [
    Fault(
        name="postgresql-killed",
        expected=f"`kill -9` of all its processes, {DOWN:.0f} s without it: 503, and /readyz says so",
        strike=_killed,
        databases=ONLY,
        says=DATABASE,
    ),
    Fault(name="postgresql-restarted", expected="restarted: at most a few 503", strike=_restarted, databases=ONLY),
    _frozen(3),
    _frozen(12),
    _frozen(45),
    Fault(
        name="postgresql-read-only",
        expected=f"read-only for {DOWN:.0f} s, as a standby: 503, and /readyz says so",
        strike=_read_only,
        databases=ONLY,
        says=r"read.only",
    ),
    Fault(
        name="postgresql-disk-full",
        expected="its disk is full: 503, and /readyz says so",
        strike=_disk_full,
        databases=ONLY,
        says=r"disk|space|database",
        conditions=Conditions(disk=DISK),
        lack=lack_of_mount,
    ),
    Fault(
        name="postgresql-connections-used-up",
        expected=f"others have all connections for {DOWN:.0f} s: 503",
        strike=_used_up,
        databases=ONLY,
        says=r"connections|clients|database",
    ),
    Fault(
        name="postgresql-row-locked",
        expected=f"another client locks the profiles for {LOCKED:.0f} s: pages stay, sign-ups wait or get 503",
        strike=_row_locked,
        databases=ONLY,
    ),
    Fault(
        name="postgresql-client-frozen",
        expected="another half is frozen in a transaction: the server ends it, and the rest goes on",
        strike=_client_frozen,
        databases=ONLY,
    ),
]
