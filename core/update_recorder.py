"""Records the updates that an edge receives, and says how many of strangers' were left out."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog

from core.domain.updates import ReceivedUpdate
from core.engine import Engine
from core.errors import DatabaseUnavailable
from core.logs import Summary
from core.security_log import SecurityEvent
from core.services import inbox, limits
from core.services.limits import STRANGERS
from core.services.strangers import OwnerClaim

Store = Callable[[Sequence[ReceivedUpdate], OwnerClaim, datetime], Awaitable[int]]

MOST_REMEMBERED = 10_000  # senders

log = structlog.get_logger()


class UpdateRecorder:
    """Records updates. Those that are left out cause no writes, but one log line and one count a minute.

    `store` records those that are worth it, and returns how many it left out; without it they are only recorded.
    """

    def __init__(self, engine: Engine, claim: OwnerClaim, store: Store | None = None) -> None:
        self._engine = engine
        self._claim = claim
        self._store = store or self._only_record
        self._left_out = Summary()
        self._known = frozenset[int]()  # who were no strangers lately: what they send is looked at once, in the write

    async def record(self, received: Sequence[ReceivedUpdate]) -> None:
        """Record updates, except those of strangers that are too many, and those that can't be stored.

        Raises DatabaseUnavailable.
        """
        try:
            await self._record(received)
        except DatabaseUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - if one stopped the others, Telegram would repeat all of them for ever
            if len(received) == 1:
                number, reason = received[0].update_id, type(error).__name__  # no traceback: it can hold the content
                log.warning("left out an update that can't be stored", update_id=number, reason=reason)
                return
            for each in received:
                await self.record([each])

    async def _record(self, received: Sequence[ReceivedUpdate]) -> None:
        now, kept, left_out = self._engine.now(), received, 0
        if not self._known.issuperset(one.sender_id for one in received):
            found = await self._engine.read(inbox.worth_recording, received, self._claim, now)
            kept, left_out = found.kept, found.left_out
            self._known = (self._known if len(self._known) < MOST_REMEMBERED else frozenset()) | found.known
        if kept and (refused := await self._store(kept, self._claim, now)):
            left_out += refused
            self._known = frozenset()  # one of them is a stranger now
        if number := self._left_out.add(left_out):
            log.warning("updates of strangers left out", number=number)
            self._engine.security_log.write(SecurityEvent.LIMIT_HIT, route=STRANGERS)
            await self._engine.write(limits.add_left_out, STRANGERS, number)

    async def _only_record(self, kept: Sequence[ReceivedUpdate], claim: OwnerClaim, now: datetime) -> int:
        left_out = await self._engine.write(inbox.record, kept, claim, now)
        self._engine.updates_recorded.call()
        return left_out
