"""A reply that has to wait: its chat's next update may go on meanwhile, and a newer screen takes its place."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Superseded(Exception):  # noqa: N818 - no error: there is nothing left to send
    """A newer screen of the same message is to be sent."""


class WaitingReply:
    """A reply on its way. `held_up` is called when it has to wait, again and again."""

    def __init__(self, held_up: Callable[[], None]) -> None:
        self.held_up = held_up
        self._is_superseded = False
        self._wait: asyncio.Timeout | None = None

    def supersede(self) -> None:
        """End the wait, or the next one, and send nothing any more."""
        self._is_superseded = True
        if self._wait:
            self._wait.reschedule(0.0)

    @asynccontextmanager
    async def waits(self, *, long: bool = True) -> AsyncIterator[None]:
        """Wait in the block; `long`: not only for a moment. Raises Superseded."""
        if self._is_superseded:
            raise Superseded
        if long:
            self.held_up()
        try:
            async with asyncio.timeout(None) as self._wait:
                yield
        except TimeoutError as ended:
            if not self._is_superseded:
                raise
            raise Superseded from ended
        finally:
            self._wait = None
