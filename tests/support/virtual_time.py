"""An event loop whose time passes only by waiting: tests of what takes its time end at once and come out the same."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from selectors import SelectorKey, SelectSelector
from typing import Any, ParamSpec

P = ParamSpec("P")


class _Selector(SelectSelector):
    """Waits for nothing: it moves the time on by as much as it was to wait."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        assert timeout is not None, "everything waits, and nothing is due"
        self.now += timeout
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs timers in their order, without the waiting in between."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        """Return how many seconds have been waited."""
        return self._virtual.now

    def stall(self, seconds: float) -> None:
        """Let time pass in which nothing else happens, as if the process had been held up."""
        self._virtual.now += seconds


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test on a loop of its own."""

    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run


def the_loop() -> VirtualLoop:
    """Return the loop that runs the test."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop
