"""Lines in the log about an outage: one when it begins or its cause changes, and one when it is over."""

from collections.abc import Callable
from time import monotonic

import structlog

TOLD_AGAIN_AFTER = 600.0  # seconds; a cause that comes and goes doesn't fill the log

log = structlog.get_logger()


class OutageLog:
    """What one part of the service says about what it needs and can't use, which it tries again and again."""

    def __init__(self, part: str, clock: Callable[[], float] = monotonic) -> None:
        self._part = part
        self._clock = clock
        self._told_at: dict[str, float] = {}
        self._cause = ""
        self._began = 0.0
        self._is_told = False

    def failed(self, cause: str, **details: str | float) -> None:
        """Note a failed try; say so if its cause is another one than that of the last try."""
        now = self._clock()
        if not self._cause:
            self._began = now
        if cause != self._cause and now - self._told_at.get(cause, -TOLD_AGAIN_AFTER) >= TOLD_AGAIN_AFTER:
            self._told_at[cause] = now
            self._is_told = True
            log.warning(cause, part=self._part, **details)
        self._cause = cause

    def over(self) -> None:
        """Note that a try succeeded; say so if it was said that one failed."""
        if self._is_told:
            log.info("works again", part=self._part, after_seconds=round(self._clock() - self._began, 1))
        self._cause, self._is_told = "", False
