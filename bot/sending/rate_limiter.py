"""Telegram's limits: so many messages a second in all, to one chat, and to one group.

Telegram counts a message on arrival, some time between our request and its response. So we count it from the request
until one window after the response. However long a request takes, no more messages can arrive within a window than we
count in it.
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
    STRANGERS = auto()
    EDITS = auto()


Counted = int | Total  # a chat, by its number, or all of them


@dataclass(frozen=True, kw_only=True)
class Window:
    """At most `messages` within `seconds`."""

    messages: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Telegram's limits, a little below what the Bot API's FAQ says.

    A person who types fast gets a burst of replies; notices come once a second. Notices leave room for replies, and
    keep a distance in seconds, so that a reply never waits behind many of them. Strangers, and edits of live cards,
    leave room for both.
    """

    all_messages: Window = Window(messages=29, seconds=1.0)
    notices: Window = Window(messages=24, seconds=1.0)
    replies_to_strangers: Window = Window(messages=5, seconds=1.0)
    edits: Window = Window(messages=5, seconds=1.0)
    between_notices: float = 1 / 24
    replies_to_a_person: Window = Window(messages=20, seconds=21.0)
    notices_to_a_person: Window = Window(messages=1, seconds=1.05)
    group_by_second: Window = Window(messages=1, seconds=1.05)
    group_by_minute: Window = Window(messages=19, seconds=61.0)

    def of(self, chat_id: int, *, replying: bool) -> "Windows":
        """Return the windows that a message must fit into, each with its chat; the one of all chats comes first."""
        total = ((Total.ALL, self.all_messages), *(() if replying else ((Total.NOTICES, self.notices),)))
        if chat_id < 0:  # Bot API: groups have negative numbers
            return *total, (chat_id, self.group_by_second), (chat_id, self.group_by_minute)
        return *total, (chat_id, self.replies_to_a_person if replying else self.notices_to_a_person)

    def longest(self, counted: Counted) -> float:
        """Return how many seconds a message can count for a chat, or for all chats."""
        if isinstance(counted, Total):
            totals = self.all_messages, self.notices, self.replies_to_strangers, self.edits
            return max(window.seconds for window in totals)
        own = self.replies_to_a_person, self.notices_to_a_person, self.group_by_second, self.group_by_minute
        return max(window.seconds for window in own)


Windows = tuple[tuple[Counted, Window], ...]


class Permit:
    """Permission to send one message: entered to send it, left when Telegram has answered or the call has ended."""

    def __init__(self, ended: Callable[["Permit"], None]) -> None:
        self._ended = ended
        self.answered = inf  # when, by the limiter's clock

    def __enter__(self) -> None:
        """Begin to send."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Count the message until its windows have passed."""
        self._ended(self)


class RateLimiter:
    """Permits messages as fast as the limits allow. For one process; its clock is monotonic."""

    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] = monotonic) -> None:
        self._limits = limits or Limits()
        self._clock = clock
        self._counted: defaultdict[Counted, list[Permit]] = defaultdict(list)
        self._next_notice = 0.0
        self._blocked_replies = 0  # blocked by the limit for all chats only
        self._change = asyncio.Event()

    def has_room(self, chat_id: int) -> bool:
        """Return whether a reply could be sent now."""
        return self._longest_wait(self._limits.of(chat_id, replying=True)) == 0

    async def reply(self, chat_id: int) -> Permit:
        """Wait until a reply can be sent."""
        windows, blocked = self._limits.of(chat_id, replying=True), False
        try:
            while (wait := self._longest_wait(windows)) > 0:  # checked again: other messages may have been faster
                if not blocked and self._longest_wait(windows[1:]) == 0:
                    blocked = True
                    self._blocked_replies += 1
                await self._pause(wait)
        finally:
            if blocked:
                self._blocked_replies -= 1
                self._notify_waiters()
        return self._permit(windows)

    async def reply_to_stranger(self, chat_id: int) -> Permit:
        """Wait until a reply to a stranger can be sent; blocked replies to others go first."""
        windows = (*self._limits.of(chat_id, replying=True), (Total.STRANGERS, self._limits.replies_to_strangers))
        while (wait := max(self._longest_wait(windows), inf if self._blocked_replies else 0.0)) > 0:
            await self._pause(wait)
        return self._permit(windows)

    async def edit(self, chat_id: int | None) -> Permit:
        """Wait until a live card can be edited in a group, or in a chat that isn't known; blocked replies go first."""
        of_group = () if chat_id is None else self._limits.of(chat_id, replying=True)[1:]
        windows = ((Total.ALL, self._limits.all_messages), (Total.EDITS, self._limits.edits), *of_group)
        while (wait := max(self._longest_wait(windows), inf if self._blocked_replies else 0.0)) > 0:
            await self._pause(wait)
        return self._permit(windows)

    async def notice(self, chat_id: int) -> Permit:
        """Wait until a notice can be sent; blocked replies go first."""
        windows = self._limits.of(chat_id, replying=False)
        while (wait := max(self._longest_wait(windows), self._notice_delay())) > 0:
            await self._pause(wait)
        self._next_notice = self._clock() + self._limits.between_notices
        return self._permit(windows)

    def _notice_delay(self) -> float:
        return inf if self._blocked_replies else self._next_notice - self._clock()

    def _permit(self, windows: Windows) -> Permit:
        permit = Permit(self._end)
        for counted in {counted for counted, _ in windows}:
            self._counted[counted].append(permit)
        return permit

    async def _pause(self, seconds: float) -> None:
        """Wait for the seconds, or, if they are infinite, until something changes."""
        if seconds < inf:
            await asyncio.sleep(seconds)
        else:
            await self._change.wait()

    def _longest_wait(self, windows: Windows) -> float:
        return max(self._wait(counted, window) for counted, window in windows)

    def _wait(self, counted: Counted, window: Window) -> float:
        """Return how long until a window has room, as far as known now."""
        now = self._clock()
        leaving = sorted(permit.answered + window.seconds - now for permit in self._counted.get(counted, ()))
        full = [seconds for seconds in leaving if seconds > 0]
        return full[-window.messages] if len(full) >= window.messages else 0.0

    def _end(self, permit: Permit) -> None:
        permit.answered = self._clock()
        self._notify_waiters()
        self._drop_expired(permit.answered)

    def _notify_waiters(self) -> None:
        self._change.set()
        self._change = asyncio.Event()

    def _drop_expired(self, now: float) -> None:
        """Drop the messages that were answered longer ago than their longest window."""
        for counted, permits in list(self._counted.items()):
            longest = self._limits.longest(counted)
            if counted_still := [permit for permit in permits if permit.answered + longest > now]:
                self._counted[counted] = counted_still
            else:
                del self._counted[counted]
