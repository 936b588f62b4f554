"""Tells every open page what happens."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Event = dict[str, Any]
Subscription = asyncio.Queue[Event | None]


class Feed:
    """Hands events to the pages that watch a person; None ends a page's stream."""

    def __init__(self) -> None:
        self._watchers: dict[Subscription, int] = {}
        self.closed = False

    @contextmanager
    def watching(self, person_id: int) -> Iterator[Subscription]:
        """Subscribe to what one person sees, for as long as the block lasts."""
        subscription: Subscription = asyncio.Queue()
        self._watchers[subscription] = person_id
        try:
            yield subscription
        finally:
            del self._watchers[subscription]

    def tell(self, person_id: int, event: Event) -> None:
        """Tell those who watch this person."""
        for subscription, watched in self._watchers.items():
            if watched == person_id:
                subscription.put_nowait(event)

    def tell_everybody(self, event: Event) -> None:
        """Tell every page, whomever it watches."""
        for subscription in self._watchers:
            subscription.put_nowait(event)

    def close(self) -> None:
        """End every stream."""
        self.closed = True
        for subscription in self._watchers:
            subscription.put_nowait(None)
