"""SIGTERM and Ctrl-C before there is anything to finish. The front door imports this before all that takes long."""

import signal
import sys
from collections.abc import Callable
from types import FrameType

SERVICES = ("run", "web", "bot")
BY_SIGNAL = 128  # as shells count: a back-up that was broken off must not look like one


def end_by(end: Callable[[int], object]) -> None:
    """Let both signals call `end` with the exit code: 0 for a service, which has nothing under way."""
    is_service = any(word in SERVICES for word in sys.argv[1:2])

    def handle(number: int, _frame: FrameType | None) -> None:
        end(0 if is_service else BY_SIGNAL + number)

    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handle)
