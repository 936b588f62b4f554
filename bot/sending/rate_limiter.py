"""Telegram's limits, kept exactly: so many messages a second in all, to one chat, and to one group.

Nobody knows when a message arrives at Telegram, only that it is between its sending and its answer. So a message counts
from when it is let through until a window's length after its answer. Whatever stalls on the way, no more can arrive
within a window than are counted in it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from math import inf
from time import monotonic
from types import TracebackType


class Total(Enum):
    """What is counted over all chats."""

    ALL = auto()
    NOTICES = auto()


Counted = int | Total  # a chat, by its number, or all of them


@dataclass(frozen=True, kw_only=True)
class Window:
    """At most so many messages within so many seconds."""

    messages: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Telegram's limits, a little below what the Bot API's FAQ says.

    A person who types fast may have a burst of replies; what they did not ask for comes once a second. Notices leave
    room for replies, and keep a distance, in seconds, for no reply to find a crowd of them before it.
    """

    all_messages: Window = Window(messages=29, seconds=1.0)
    notices: Window = Window(messages=24, seconds=1.0)
    between_notices: float = 1 / 24
    replies_to_a_person: Window = Window(messages=20, seconds=21.0)
    notices_to_a_person: Window = Window(messages=1, seconds=1.05)
    group_by_second: Window = Window(messages=1, seconds=1.05)
    group_by_minute: Window = Window(messages=19, seconds=61.0)

    def of(self, chat_id: int, *, replying: bool) -> "Windows":
        """Give the windows that a message must fit into, each with the chat that it counts for; first that of all."""
        total = ((Total.ALL, self.all_messages), *(() if replying else ((Total.NOTICES, self.notices),)))
        if chat_id < 0:  # Bot API: groups have negative numbers
            return *total, (chat_id, self.group_by_second), (chat_id, self.group_by_minute)
        return *total, (chat_id, self.replies_to_a_person if replying else self.notices_to_a_person)

    def longest(self, counted: Counted) -> float:
        """Say how many seconds a message may count for a chat, or for all of them."""
        if isinstance(counted, Total):
            return max(self.all_messages.seconds, self.notices.seconds)
        own = self.replies_to_a_person, self.notices_to_a_person, self.group_by_second, self.group_by_minute
        return max(window.seconds for window in own)


Windows = tuple[tuple[Counted, Window], ...]


class Permit:
    """One message on its way: entered to send it, and left once Telegram has answered, or nobody waits any more."""

    def __init__(self, ended: Callable[["Permit"], None]) -> None:
        self._ended = ended
        self.answered = inf  # when, by the limiter's clock

    def __enter__(self) -> None:
        """Send now."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the next ones through in time."""
        self._ended(self)


class RateLimiter:
    """Lets messages through as fast as the limits allow, and no faster. For one process; its clock is monotonic."""

    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] = monotonic) -> None:
        self._limits = limits or Limits()
        self._clock = clock
        self._counted: defaultdict[Counted, list[Permit]] = defaultdict(list)
        self._next_notice = 0.0
        self._replies_held_up = 0  # by what all chats together may have
        self._change = asyncio.Event()

    async def reply(self, chat_id: int) -> Permit:
        """Wait until an answer to somebody may be sent."""
        windows, held_up = self._limits.of(chat_id, replying=True), False
        try:
            while (wait := self._longest_wait(windows)) > 0:  # asked again, for others may have been faster
                if not held_up and self._longest_wait(windows[1:]) == 0:
                    held_up = True
                    self._replies_held_up += 1
                await self._pause(wait)
        finally:
            if held_up:
                self._replies_held_up -= 1
                self._tell_the_waiting()
        return self._pass(windows)

    async def notice(self, chat_id: int) -> Permit:
        """Wait until a message that nobody asked for just now may be sent; replies that are held up go first."""
        windows = self._limits.of(chat_id, replying=False)
        while (wait := max(self._longest_wait(windows), self._distance())) > 0:
            await self._pause(wait)
        self._next_notice = self._clock() + self._limits.between_notices
        return self._pass(windows)

    def _distance(self) -> float:
        return inf if self._replies_held_up else self._next_notice - self._clock()

    def _pass(self, windows: Windows) -> Permit:
        permit = Permit(self._end)
        for counted in {counted for counted, _ in windows}:
            self._counted[counted].append(permit)
        return permit

    async def _pause(self, seconds: float) -> None:
        """Wait so long; without end, until something has changed."""
        if seconds < inf:
            await asyncio.sleep(seconds)
        else:
            await self._change.wait()

    def _longest_wait(self, windows: Windows) -> float:
        return max(self._wait(counted, window) for counted, window in windows)

    def _wait(self, counted: Counted, window: Window) -> float:
        """Say how long until a window has room, as far as that is known by now."""
        now = self._clock()
        leaving = sorted(permit.answered + window.seconds - now for permit in self._counted.get(counted, ()))
        full = [seconds for seconds in leaving if seconds > 0]
        return full[-window.messages] if len(full) >= window.messages else 0.0

    def _end(self, permit: Permit) -> None:
        permit.answered = self._clock()
        self._tell_the_waiting()
        self._forget(permit.answered)

    def _tell_the_waiting(self) -> None:
        self._change.set()
        self._change = asyncio.Event()

    def _forget(self, now: float) -> None:
        """Forget the messages that were answered longer ago than any window of theirs."""
        for counted, passages in list(self._counted.items()):
            longest = self._limits.longest(counted)
            if kept := [permit for permit in passages if permit.answered + longest > now]:
                self._counted[counted] = kept
            else:
                del self._counted[counted]
