"""Where the time of the most frequent steps goes: a flame graph of each, and a table of the largest costs.

`make profiles`, or `python -m benchmarks.profiles [--times 200] [--only NAME]`, on a new SQLite file, with clients in a
process of their own. The graphs lie in docs/pictures/profiles.
py-spy samples this process, which needs the right to trace it (root, or `sysctl kernel.yama.ptrace_scope=0`).
"""

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

from benchmarks import bulk
from benchmarks.bulk import Size
from benchmarks.costs import NEXT_TO_NOTHING, TAPS, bot_settings, do, in_new_database, partner
from benchmarks.flames import PROJECT, Stack, costs_of_functions, costs_of_packages, drawn, sampled
from bot.screens.digest_screen import digest_screen
from bot.service import LOCALES, BotService
from bot.wording.phrases import Words
from core import logs, passwords
from core.engine import Engine
from core.language import Languages
from core.services import digests
from tests.support.account import an_office
from tests.support.site import open_site

FOLDER = PROJECT / "docs" / "pictures" / "profiles"
PAGES = {"form page": "form-get", "sign-up": "form-post", "My Courses": "my-courses", "log-in": "log-in"}
WARM_UP = 40
SHOWN = 5  # in a cell of the table
IN_FLIGHT = 20
NEARLY_ALL = 0.9  # what takes so much says nothing
A_HUNDRED_ROWS = Size(departments=1_000, profiles=100, activations=20_000)

Profiles = dict[str, dict[Stack, int]]


async def of_pages(engine: Engine, times: int) -> Profiles:
    """Sample the steps of the pages."""
    office = await an_office(engine)
    await office.ask_no_proof()
    token = (await office.profile(limit="unlimited")).token
    found: Profiles = {}
    async with (
        open_site(engine, trusted_proxies="127.0.0.1") as site,
        partner("benchmarks.visitors", site.address, f"/s/{token}", str(IN_FLIGHT)) as visitors,
    ):
        for step in ("form page", "sign-up", "My Courses", "log-in form", "log-in"):
            await do(visitors, step=step, visitors=[0, WARM_UP])
            with sampled() as stacks:
                await do(visitors, step=step, visitors=[WARM_UP, WARM_UP + times])
            if step in PAGES:
                found[PAGES[step]] = stacks
            else:
                await do(visitors, step=step, visitors=[0, WARM_UP])
    return found


async def of_chat(engine: Engine, times: int) -> Profiles:
    """Sample a typed line and a tap; the bot's work while nobody writes is part of it."""
    await (await an_office(engine)).profile()
    async with partner("benchmarks.talker") as talker:
        assert talker.stdout  # noqa: S101 - a pipe
        settings = bot_settings((await talker.stdout.readline()).decode().strip())
        service = BotService(engine, settings, announce=print)
        service.start()
        await do(talker, line="/profiles", times=10)
        with sampled() as line:
            await do(talker, line="/profiles", times=times)
        await do(talker, line="/profile 1", times=1)
        with sampled() as tap:
            await do(talker, tap=TAPS, times=times)
        await service.stop()
    return {"typed-line": line, "tap": tap}


async def of_digest(engine: Engine, times: int) -> Profiles:
    """Sample a digest of a hundred profiles, read and written."""
    await engine.write(lambda session: bulk.fill(session.connection(), A_HUNDRED_ROWS))
    language = Languages(LOCALES).choose(["en"])
    with sampled() as stacks:
        for _ in range(times // 5):
            summary = await engine.read(digests.summary, bulk.OWNER, 1)
            words = Words(language=language, zone=summary.zone, now=bulk.NOW)
            digest_screen(words, summary, 1, again=False, private=True)
    return {"digest": stacks}


def write(found: Mapping[str, Mapping[Stack, int]]) -> None:
    """Write the graphs, and print a row of the table for each."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, stacks in found.items():
        (FOLDER / f"{name}.svg").write_text(drawn(f"{name}", stacks), encoding="utf-8")
        packages = list(costs_of_packages(stacks).items())[:SHOWN]
        shares = ", ".join(f"{package} {100 * share:.0f} %" for package, share in packages)
        functions = [
            f"`{function.partition(':')[0].rpartition('.')[2]}.{function.partition(':')[2]}` {100 * share:.0f} %"
            for function, share in costs_of_functions(stacks).items()
            if "<" not in function and share < NEARLY_ALL
        ]
        link = f"[{name}](pictures/profiles/{name}.svg)"
        print(f"| {link} | {shares} | {', '.join(functions[:SHOWN])} |", flush=True)


async def _with(measure: Callable[[Engine, int], Awaitable[Profiles]], times: int, engine: Engine) -> Profiles:
    return await measure(engine, times)


def main() -> None:
    """Sample all, each in a new database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="how often each step is done (at most 250)")
    given = parser.parse_args()
    logs.configure(level="error", style="console")
    passwords.HASHER = NEXT_TO_NOTHING
    print("| step | by package | by our functions, with what they call |")
    print("| --- | --- | --- |")
    measured: tuple[Callable[[Engine, int], Awaitable[Profiles]], ...] = (of_pages, of_chat, of_digest)
    for measure in measured:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder)}/gangway.db"
            write(asyncio.run(in_new_database(url, partial(_with, measure, given.times))))


if __name__ == "__main__":
    main()
