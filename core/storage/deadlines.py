"""How long the database may take, and the end of what takes longer, even if the server no longer says anything.

The server's own time-outs are shorter, so that it ends what it still can itself. The order has reasons: a transaction
whose process stands still loses its locks before others give up waiting for them, and a statement ends before its use
case does.
"""

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

CONNECT = 3.0  # seconds, all of these; also for the question whether a connection still works
IDLE_IN_TRANSACTION = 5
LOCK = 7
STATEMENT = 8
USE_CASE = 10.0
MIGRATION = 3600.0  # rewrites tables of any size
LINGER = 30.0  # how long the thread waits for more to watch


@dataclass(eq=False)
class _Watched:
    """A connection in use: when its time is over (monotonic seconds), and how to interrupt what it does."""

    due: float
    interrupt: Callable[[], None]
    interrupted: bool = False


class Deadlines:
    """Interrupts connections that are in use for too long, from a thread of its own. Connections are known by a key."""

    def __init__(self, seconds: float = USE_CASE) -> None:
        self._seconds = seconds
        self._changed = threading.Condition()
        self._watched: dict[object, _Watched] = {}
        self._thread: threading.Thread | None = None
        self._wakes_at = math.inf
        self._ended = False
        self._of_thread = threading.local()

    @contextmanager
    def lasting(self, seconds: float) -> Iterator[None]:
        """Give what this thread does in the block another time than a use case's."""
        self._of_thread.seconds = seconds
        try:
            yield
        finally:
            del self._of_thread.seconds

    def begin(self, key: object, interrupt: Callable[[], None], seconds: float | None = None) -> None:
        """Begin to watch a connection that this thread uses; after `end_all`, it is interrupted immediately."""
        of_thread: float = getattr(self._of_thread, "seconds", self._seconds)
        watched = _Watched(due=monotonic() + (seconds or of_thread), interrupt=interrupt)
        self._of_thread.watched = watched
        with self._changed:
            self._watched[key] = watched
            if self._ended:
                self._interrupt(key)
            elif self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="core-deadlines", daemon=True)
                self._thread.start()
            elif watched.due < self._wakes_at:
                self._changed.notify()

    def end(self, key: object) -> None:
        """Watch a connection no longer."""
        with self._changed:
            self._watched.pop(key, None)

    def end_all(self) -> None:
        """Interrupt everything now, and whatever begins later."""
        with self._changed:
            self._ended = True
            for key in list(self._watched):
                self._interrupt(key)
            self._changed.notify()

    def was_interrupted(self) -> bool:
        """Return whether the connection that this thread used last was interrupted."""
        watched: _Watched | None = getattr(self._of_thread, "watched", None)
        return watched is not None and watched.interrupted

    def _interrupt(self, key: object) -> None:
        watched = self._watched.pop(key)
        watched.interrupted = True
        watched.interrupt()

    def _watch(self) -> None:
        with self._changed:
            while self._watched or self._more_comes():
                now = monotonic()
                for key in [key for key, watched in self._watched.items() if watched.due <= now]:
                    self._interrupt(key)
                if self._watched:
                    self._wakes_at = min(watched.due for watched in self._watched.values())
                    self._changed.wait(self._wakes_at - now)
            self._thread = None

    def _more_comes(self) -> bool:
        self._wakes_at = math.inf
        self._changed.wait(0 if self._ended else LINGER)
        return bool(self._watched)
