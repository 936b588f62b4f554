"""Ten minutes of ordinary work: what grows?"""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from aiohttp import ClientSession

from benchmarks.weather.fault import Fault
from benchmarks.weather.scene import Scene, pause

MINUTES = float(os.environ.get("GANGWAY_SOAK", "10"))
EVERY = 10.0  # seconds
PAGE = os.sysconf("SC_PAGE_SIZE")
MORE = 8 * 2**20  # bytes: what allocators keep
MORE_FILES = 8
OLDEST_WORK = 30.0  # seconds
AGES = "gangway_oldest_work_seconds{"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What the program takes at a moment."""

    memory: int  # bytes
    files: int
    threads: int
    age: float  # seconds that the oldest undone work has waited


async def _soak(at: Scene) -> None:
    began, samples = time.monotonic(), []
    while time.monotonic() - began < 60 * MINUTES:
        samples.append(_sample(at.program.process.pid, await _oldest_work(at)))
        await pause(EVERY)
    third = max(1, len(samples) // 3)
    early, late = samples[third : 2 * third], samples[-third:]
    for what, most in (("memory", MORE), ("files", MORE_FILES), ("threads", MORE_FILES)):
        before, after = (median(getattr(sample, what) for sample in part) for part in (early, late))
        shown = (
            f"{before / 2**20:.0f} to {after / 2**20:.0f} MiB" if what == "memory" else f"{before:.0f} to {after:.0f}"
        )
        at.notes.append(f"{what} {shown}")
        if after - before > most:
            at.wrong.append(f"{what} grow")
    ages = [f"{max(sample.age for sample in part):.0f}" for part in (early, late)]
    at.notes.append(f"oldest undone work {ages[0]} to {ages[1]} s")
    if max(sample.age for sample in late) > OLDEST_WORK:
        at.wrong.append("work waits")


async def _oldest_work(at: Scene) -> float:
    async with ClientSession() as http, http.get(f"{at.program.pages}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    return max((float(line.split()[-1]) for line in lines if line.startswith(AGES)), default=0.0)


def _sample(pid: int, age: float) -> Sample:
    process = Path("/proc") / str(pid)
    return Sample(
        memory=int((process / "statm").read_text().split()[1]) * PAGE,
        files=len(list((process / "fd").iterdir())),
        threads=len(list((process / "task").iterdir())),
        age=age,
    )


FAULTS = [Fault(name="soak", expected=f"{MINUTES:.0f} minutes of ordinary work: nothing grows", strike=_soak)]
