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
    """Hands events to the pages, each of which is one person looking at one chat; None ends a page's stream."""

    def __init__(self) -> None:
        self._watchers: dict[Subscription, tuple[int, int]] = {}
        self.closed = False

    @contextmanager
    def watching(self, person_id: int, chat_id: int) -> Iterator[Subscription]:
        """Subscribe to what one person sees in one chat, for as long as the block lasts."""
        subscription: Subscription = asyncio.Queue()
        self._watchers[subscription] = (person_id, chat_id)
        try:
            yield subscription
        finally:
            del self._watchers[subscription]

    def tell_chat(self, chat_id: int, event: Event) -> None:
        """Tell those who look at this chat."""
        for subscription, (_, watched) in self._watchers.items():
            if watched == chat_id:
                subscription.put_nowait(event)

    def tell_person(self, person_id: int, event: Event) -> None:
        """Tell this person, whichever chat is open."""
        for subscription, (watching, _) in self._watchers.items():
            if watching == person_id:
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
