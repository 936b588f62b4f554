"""The awaitable interface to the synchronous core: the only place with asyncio, threads, transactions and retries."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy.orm import Session

from core.availability import Availability
from core.errors import Cause, DatabaseUnavailable
from core.passwords import PasswordWork
from core.recent import Recent
from core.security_log import SecurityLog
from core.storage import deadlines, probes
from core.storage.migrate import is_current, upgrade
from core.subscribers import Subscribers
from core.transactions import Transactions

P = ParamSpec("P")
T = TypeVar("T")
UseCase = Callable[Concatenate[Session, P], T]
Clock = Callable[[], datetime]

GIVEN_UP_AFTER = deadlines.USE_CASE + 1.0  # seconds without any answer of the database
GIVEN_UP_AGAIN_AFTER = 2.0  # seconds, once it is known that it doesn't answer
CLOSES_WITHIN = 1.5  # seconds; then what is under way is interrupted


def utc_now() -> datetime:
    """Return the current time, aware UTC; use cases receive it as an argument and never read the clock."""
    return datetime.now(UTC)


class Engine:
    """Runs use cases, each in a transaction of its own on a thread, and returns their results to asyncio.

    Cancelling the caller does not cancel a write: it is still committed, and its result is discarded. If the database
    stops answering, callers get DatabaseUnavailable; a write that had begun may have been committed then.
    """

    def __init__(self, database_url: str, *, clock: Clock = utc_now) -> None:
        self.now = clock
        self.passwords = PasswordWork()
        self.security_log = SecurityLog()
        self.updates_recorded = Subscribers()
        self._transactions = Transactions(database_url, self.security_log, system_clock=clock is utc_now)
        self._availability = Availability(self._probe)
        self._recent = Recent(lambda: self._transactions.state)

    async def migrate(self, then: Callable[[Session], None] = lambda _session: None) -> None:
        """Bring the schema up to date and call `then`, in one transaction; what `then` raises leaves all as it was.

        Several processes may do so at the same time. Raises DatabaseUnavailable, DatabaseNewer.
        """
        await asyncio.wrap_future(self._transactions.on_schema(partial(upgrade, then=then)))

    async def is_current(self) -> bool:
        """Return whether the schema is up to date. Raises DatabaseUnavailable, DatabaseNewer."""
        return await asyncio.wrap_future(self._transactions.on_schema(is_current))

    async def try_to_write(self, *, is_current: bool) -> None:
        """Write, and take it back; `is_current`: the schema is up to date. Raises DatabaseUnavailable."""
        trying = partial(probes.try_to_write, now=self.now(), is_current=is_current)
        await asyncio.wrap_future(self._transactions.on_schema(trying))

    async def check_contents(self) -> None:
        """Read all of a SQLite file. Raises DatabaseUnavailable if it is damaged."""
        await asyncio.wrap_future(self._transactions.on_schema(probes.check_contents))

    async def read(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that changes nothing. Raises its refusals, and DatabaseUnavailable."""
        running = self._transactions.read(lambda session: use_case(session, *args, **kwargs))
        try:
            return await self._result(running)
        except asyncio.CancelledError:
            running.cancel()
            raise

    async def read_recent(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Read, or return what the same read returned within the last second, if this process wrote nothing since.

        Only for what is shown, never for a decision: what another process wrote may be a second late. Arguments must be
        hashable, and results immutable. Raises as `read`.
        """
        asked = (use_case, args, *kwargs.items())
        if answer := self._recent.find(asked):
            return cast("T", answer.result)
        remember = self._recent.begin(asked)
        result = await self.read(use_case, *args, **kwargs)
        remember(result)
        return result

    async def write(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case and commit; after a conflict with another transaction, run it again from the start.

        Raises the use case's refusals, and DatabaseUnavailable, also after too many conflicts.
        """
        return await self._result(self._transactions.write(lambda session: use_case(session, *args, **kwargs)))

    async def why_unavailable(self) -> Cause | None:
        """Return why the database can't be used, None if it can: as it was a second ago at most. Writes to find out."""
        return await self._availability.check()

    async def close(self) -> None:
        """Finish running use cases and hashes, and close the database, even if it no longer answers."""
        await self._availability.close()
        await asyncio.to_thread(self._close)

    async def _result(self, running: Future[T]) -> T:
        """Wait for a use case. Raises DatabaseUnavailable, of which the log tells once."""
        try:
            return await self._answer(running)
        except DatabaseUnavailable as error:
            self._availability.failed(error)
            raise

    async def _answer(self, running: Future[T]) -> T:
        """Wait for a use case as long as the database answers any. Raises DatabaseUnavailable."""
        began, result = monotonic(), asyncio.wrap_future(running)
        result.add_done_callback(_look_at)
        while True:
            is_known = self._availability.cause is Cause.NO_ANSWER
            limit = GIVEN_UP_AGAIN_AFTER if is_known else GIVEN_UP_AFTER
            done, _ = await asyncio.wait([result], timeout=limit)
            if done:
                return result.result()
            if monotonic() - max(began, self._transactions.answered_at) >= limit:
                running.cancel()
                raise DatabaseUnavailable(Cause.NO_ANSWER)

    async def _probe(self) -> None:
        await self._answer(self._transactions.write(lambda session: probes.write(session, self.now())))

    def _close(self) -> None:
        self._transactions.close(within=CLOSES_WITHIN)
        self.passwords.close()
        self.security_log.close()


def _look_at(result: "asyncio.Future[T]") -> None:
    """Retrieve the exception of a result whose caller may be gone: asyncio reports those that never are."""
    if not result.cancelled():
        result.exception()
