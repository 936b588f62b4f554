"""Telegram's flood limits: messages of a bot in all, to a private chat, to a group."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox.rules.api_error import too_many_requests

if TYPE_CHECKING:
    from collections.abc import Callable

GLOBAL_PER_SECOND, PRIVATE_BURST, GROUP_PER_MINUTE = 30, 20, 20

_MINUTE = 60.0
_GLOBAL = 0


@dataclass
class _Bucket:
    """A token bucket: refills by one a second up to the burst; each message takes one."""

    burst: int
    level: float
    at: float

    def wait(self, now: float) -> float:
        return max(0.0, 1 - self._level(now))

    def take(self, now: float) -> None:
        self.level, self.at = self._level(now) - 1, now

    def _level(self, now: float) -> float:
        return min(float(self.burst), self.level + now - self.at)


@dataclass
class _Window:
    """A sliding window: at most so many messages within its seconds."""

    limit: int
    seconds: float
    taken: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        while self.taken and now - self.taken[0] >= self.seconds:
            self.taken.popleft()
        return self.taken[0] + self.seconds - now if len(self.taken) >= self.limit else 0.0

    def take(self, now: float) -> None:
        self.taken.append(now)


class FloodLimits:
    """Rejects messages beyond the limits while switched on, and counts the rejections."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._limits: defaultdict[int, list[_Bucket | _Window]] = defaultdict(list)
        self.on = False
        self.exceeded = 0

    def switch(self, *, on: bool) -> None:
        """Switch on with fresh counters, or off."""
        self.on = on
        self.exceeded = 0
        self._limits.clear()

    def count(self, chat_id: int) -> None:
        """Count a message to a chat, or reject it without counting it."""
        now = self._clock()
        limits = self._limits_for(_GLOBAL, now) + self._limits_for(chat_id, now)
        wait = max(limit.wait(now) for limit in limits)
        if wait > 0:
            self.exceeded += 1
            raise too_many_requests(max(1, math.ceil(wait)))
        for limit in limits:
            limit.take(now)

    def _limits_for(self, chat_id: int, now: float) -> list[_Bucket | _Window]:
        if not self._limits[chat_id]:
            self._limits[chat_id] = _new_limits(chat_id, now)
        return self._limits[chat_id]


def _new_limits(chat_id: int, now: float) -> list[_Bucket | _Window]:
    if chat_id == _GLOBAL:
        return [_Window(GLOBAL_PER_SECOND, 1.0)]
    if chat_id > 0:
        return [_Bucket(PRIVATE_BURST, PRIVATE_BURST, now)]
    return [_Window(1, 1.0), _Window(GROUP_PER_MINUTE, _MINUTE)]
