"""The machine's clock is set, forwards or back, for the program alone (libfaketime)."""

from functools import partial

from benchmarks.weather import faked_clock
from benchmarks.weather.fault import Fault
from benchmarks.weather.scene import Conditions, Scene

STEPS = {"+2 h": "+2h", "-1 h": "-1h", "-45 s": "-45", "+40 days": "+40d"}


async def _step(at: Scene, *, offset: str, crash: bool) -> None:
    """Set the clock; with a crash, the machine comes up again with the new time."""
    if crash:
        await at.kill()
    faked_clock.step(at.folder, offset)
    if crash:
        await at.start()
        await at.is_up()


def _fault(words: str, offset: str, *, crash: bool) -> Fault:
    name = words.replace(" ", "").replace("+", "plus-").replace("-", "minus-", 1 if words.startswith("-") else 0)
    return Fault(
        name=f"clock-{name}{'-after-crash' if crash else ''}",
        expected=f"the clock is set {words}{' while the program is down, after `kill -9`' if crash else ''}: as before",
        strike=partial(_step, offset=offset, crash=crash),
        conditions=Conditions(faked_clock=True),
        lack=faked_clock.lack,
    )


FAULTS = [_fault(words, offset, crash=crash) for words, offset in STEPS.items() for crash in (False, True)]
