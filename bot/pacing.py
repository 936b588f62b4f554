"""Telegram's limits, kept: so many messages a second in all, to one chat, and to one group.

Windows, not averages: in no second, wherever it begins, are there more than allowed. What nobody waits for leaves room
for replies.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

ALL = 0  # no chat has this number
LEAVING = 2**63  # nor this one: Telegram's have 52 bits at most


@dataclass(frozen=True, kw_only=True)
class Window:
    """At most so many messages within so many seconds."""

    messages: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Telegram's limits, a little below what the Bot API's FAQ says, for messages bunch up on their way.

    A person who types fast may have a burst of replies; what they did not ask for comes once a second. Notices are
    spread evenly: two bursts, one late and one early, would meet within one of Telegram's seconds.
    """

    all_messages: Window = Window(messages=27, seconds=1.0)
    between_notices: Window = Window(messages=1, seconds=1 / 20)
    between_departures: Window = Window(messages=1, seconds=1 / 22)
    replies_to_a_person: Window = Window(messages=20, seconds=21.0)
    notices_to_a_person: Window = Window(messages=1, seconds=1.05)
    group_by_second: Window = Window(messages=1, seconds=1.05)
    group_by_minute: Window = Window(messages=19, seconds=61.0)

    def of(self, chat_id: int, *, replying: bool) -> tuple[tuple[int, Window], ...]:
        """Give the windows that a message must fit into, each with the chat that it counts for."""
        total = ((ALL, self.all_messages), *(() if replying else ((ALL, self.between_notices),)))
        if chat_id < 0:  # Bot API: groups have negative numbers
            return *total, (chat_id, self.group_by_second), (chat_id, self.group_by_minute)
        return *total, (chat_id, self.replies_to_a_person if replying else self.notices_to_a_person)


class Pacer:
    """Lets messages through as fast as the limits allow, and no faster. For one process; its clock is monotonic."""

    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] = monotonic) -> None:
        self._limits = limits or Limits()
        self._clock = clock
        self._sent: defaultdict[int, deque[float]] = defaultdict(lambda: deque(maxlen=64))

    async def reply(self, chat_id: int) -> None:
        """Wait until an answer to somebody may be sent."""
        await self._pass(self._limits.of(chat_id, replying=True))

    async def notice(self, chat_id: int) -> None:
        """Wait until a message that nobody asked for just now may be sent."""
        await self._pass(self._limits.of(chat_id, replying=False))

    async def apart(self) -> None:
        """Keep notices apart that were let through one by one, and have met in the queue for the database."""
        await self._pass(((LEAVING, self._limits.between_departures),))

    async def _pass(self, windows: Sequence[tuple[int, Window]]) -> None:
        while True:  # others may have been faster: so it is asked again
            wait = max(self._wait(counted, window) for counted, window in windows)
            if wait <= 0:
                break
            await asyncio.sleep(wait)
        now = self._clock()
        for counted in {counted for counted, _ in windows}:
            self._sent[counted].append(now)
        self._forget(now)

    def _wait(self, counted: int, window: Window) -> float:
        """Say how long until a window has room."""
        sent = self._sent.get(counted)
        if sent is None or len(sent) < window.messages:
            return 0.0
        return sent[-window.messages] + window.seconds - self._clock()

    def _forget(self, now: float) -> None:
        """Forget the chats that have been quiet for longer than any window."""
        longest = self._limits.group_by_minute.seconds
        for counted in [chat for chat, sent in self._sent.items() if now - sent[-1] > longest]:
            del self._sent[counted]
