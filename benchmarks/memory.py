"""How much memory the web process takes at rest, and after hundreds of sign-ups with hashes as they really are.

`python -m benchmarks.memory [--people 750]` (half a minute) starts `gangway web` on a new SQLite file, and lets people
sign up by real HTTP, some at the same time. Printed are MB of resident memory, with what other programs share.
"""

import argparse
import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.costs import do, partner
from benchmarks.processes import a_link
from core import logs
from tests.support.program import running
from tests.support.site import SECRET

IN_FLIGHT = 20
A_ROUND = 250  # people
SETTLES = 3.0  # seconds


def resident(process: int) -> float:
    """Return the MB of memory that a process has in use (Linux)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def measure(folder: Path, people: int) -> None:
    """Print the memory at rest, and after so many sign-ups."""
    url = f"sqlite:///{folder / 'gangway.db'}"
    token = await a_link(url)
    async with AsyncExitStack() as stack:
        settings = {"DATABASE_URL": url, "SECRET_KEY": SECRET, "TRUSTED_PROXIES": "127.0.0.1"}
        program = await stack.enter_async_context(running(folder, "web", **settings))
        await program.prints("Gangway is running")
        await asyncio.sleep(SETTLES)
        print(f"at rest: {resident(program.process.pid):.0f} MB", flush=True)
        visitors = await stack.enter_async_context(
            partner("benchmarks.visitors", program.pages, f"/s/{token}", str(IN_FLIGHT))
        )
        for first in range(0, people, A_ROUND):
            for step in ("form page again", "sign-up"):
                await do(visitors, step=step, visitors=[first, first + A_ROUND])
        await asyncio.sleep(SETTLES)
        print(f"after {people:,} sign-ups: {resident(program.process.pid):.0f} MB")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=750, help="at most 999: more in an hour are refused")
    given = parser.parse_args()
    logs.configure(level="error", style="console")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), given.people))


if __name__ == "__main__":
    main()
