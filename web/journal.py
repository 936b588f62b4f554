"""The log of what a flood repeats: a line at once, then at most one a minute for each kind of event."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

import structlog
from aiohttp.http_exceptions import HttpProcessingError

from core.logs import Summary

log = structlog.get_logger()


class Journal:
    """Counts events that any client can cause by the thousand, and logs how often each of them happened."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._summaries: defaultdict[str, Summary] = defaultdict(partial(Summary, clock))

    def count(self, event: str) -> None:
        """Count an event."""
        if number := self._summaries[event].add(1):
            log.warning("clients refused", reason=event, number=number)

    def report(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Handle an error that asyncio reports: one of accepting is counted, any other is logged as usual."""
        if "accept" in context.get("message", ""):
            self.count("no file descriptors or memory left")
        else:
            loop.default_exception_handler(context)


class ServerLog(logging.LoggerAdapter[logging.Logger]):
    """The log of aiohttp's server, in which requests that aren't HTTP are only counted."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(logging.getLogger("aiohttp.server"))
        self._journal = journal

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:  # noqa: ANN401 - as logging has it
        """Log a message, or count it."""
        if isinstance(kwargs.get("exc_info"), HttpProcessingError):
            self._journal.count("requests that are not HTTP")
        else:
            super().log(level, msg, *args, **kwargs)
