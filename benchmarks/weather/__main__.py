"""`make weather [ONLY=name,name] [DATABASE=sqlite]`: tries faults, and prints a Markdown row for each."""

import argparse
import asyncio
import resource
import sys
import time
import traceback
from pathlib import Path

from benchmarks.weather import clocks, connections, kills, postgresql, soak, sqlite, telegram_faults
from benchmarks.weather.fault import Fault
from benchmarks.weather.scene import Scene, pause, scene
from benchmarks.weather.verdict import Verdict, judge_log, judge_readiness, judge_times, judge_work, when_back
from core import logs

CALM = 4.0  # seconds before and after a fault
SLOWEST_END = 10.0  # seconds after SIGTERM
FAMILIES = (kills, postgresql, sqlite, clocks, telegram_faults, connections, soak)
FAULTS = {fault.name: fault for family in FAMILIES for fault in family.FAULTS}
HEAD = (
    "| fault | database | expected | happened | page, sign-up, chat, /readyz after |\n| --- | --- | --- | --- | --- |"
)


async def _try(fault: Fault, database: str, kept: Path | None) -> Verdict:
    verdict = Verdict()
    began = time.monotonic()
    async with scene(fault.conditions, database) as at:
        try:
            await _weather(fault, at, verdict)
        finally:
            if kept:
                (kept / f"{fault.name}-{database}.log").write_text("\n".join(at.printed))
    print(f"{fault.name} on {database}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return verdict


async def _weather(fault: Fault, at: Scene, verdict: Verdict) -> None:
    at.load.start()
    await pause(CALM)
    at.began = time.monotonic()
    await fault.strike(at)
    at.ended = time.monotonic()
    await when_back(at, verdict)
    await pause(CALM)
    await _finish(fault, at, verdict)


async def _finish(fault: Fault, at: Scene, verdict: Verdict) -> None:
    await at.load.stop()
    judge_readiness(fault, at, verdict)
    judge_times(fault, verdict)
    await judge_work(at, verdict)
    await at.load.stop_probes()
    code, seconds = await at.end()
    if code or seconds > SLOWEST_END:
        verdict.wrong.append(f"exit {code} {seconds:.0f} s after SIGTERM")
    judge_log(at, verdict)
    verdict.happened += at.notes
    verdict.wrong += at.wrong


def _row(fault: Fault, database: str, verdict: Verdict) -> str:
    times = (verdict.pages, verdict.sign_up, verdict.chat, verdict.ready)
    after = ", ".join("never" if seconds is None else f"{seconds:.1f}" for seconds in times)
    wrong = f"**{'; '.join(verdict.wrong)}**. " if verdict.wrong else ""
    cells = (f"`{fault.name}`", database, fault.expected, f"{wrong}{', '.join(verdict.happened)}", f"{after} s")
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def main() -> None:
    """Try the faults that are asked for; exit 1 if one of them had other consequences than expected."""
    parser = argparse.ArgumentParser(prog="make weather", description=__doc__)
    parser.add_argument("--only", default="", help=f"of {', '.join(FAULTS)}")
    parser.add_argument("--database", default="", help="sqlite or postgresql")
    parser.add_argument("--logs", type=Path, help="a folder for what the program printed")
    arguments = parser.parse_args()
    names = [name for name in arguments.only.split(",") if name] or list(FAULTS)
    if unknown := [name for name in names if name not in FAULTS]:
        parser.error(f"unknown: {', '.join(unknown)}; known are {', '.join(FAULTS)}")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    logs.configure(level="error", style="console")
    if arguments.logs:
        arguments.logs.mkdir(parents=True, exist_ok=True)
    print(HEAD)
    is_wrong = False
    for fault in map(FAULTS.__getitem__, names):
        for database in fault.databases:
            if arguments.database in ("", database):
                is_wrong |= _report(fault, database, arguments.logs)
    sys.exit(is_wrong)


def _report(fault: Fault, database: str, kept: Path | None) -> bool:
    """Try a fault and print its row; return whether something was wrong."""
    if lack := fault.lack():
        print(f"| `{fault.name}` | {database} | {fault.expected} | not tried: {lack} | |", flush=True)
        return False
    try:
        verdict = asyncio.run(_try(fault, database, kept))
    except Exception as error:  # noqa: BLE001 - of whatever kind: the other faults are tried all the same
        traceback.print_exc()
        verdict = Verdict(wrong=[f"not finished: {type(error).__name__}"])
    print(_row(fault, database, verdict), flush=True)
    return bool(verdict.wrong)


if __name__ == "__main__":
    main()
