"""Tells every open page what happens."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Event = dict[str, Any]
Subscription = asyncio.Queue[Event | None]


class EventBus:
    """Hands events to the pages, each of which is one person looking at one chat; None ends a page's stream."""

    def __init__(self) -> None:
        self._subscriptions: dict[Subscription, tuple[int, int]] = {}
        self.closed = False

    @contextmanager
    def subscribe(self, person_id: int, chat_id: int) -> Iterator[Subscription]:
        """Subscribe to what one person sees in one chat, for as long as the block lasts."""
        subscription: Subscription = asyncio.Queue()
        self._subscriptions[subscription] = (person_id, chat_id)
        try:
            yield subscription
        finally:
            del self._subscriptions[subscription]

    def publish_to_chat(self, chat_id: int, event: Event) -> None:
        """Tell those who look at this chat."""
        for subscription, (_, watched) in self._subscriptions.items():
            if watched == chat_id:
                subscription.put_nowait(event)

    def publish_to_person(self, person_id: int, event: Event) -> None:
        """Tell this person, whichever chat is open."""
        for subscription, (subscribe, _) in self._subscriptions.items():
            if subscribe == person_id:
                subscription.put_nowait(event)

    def publish_to_all(self, event: Event) -> None:
        """Tell every page, whomever it watches."""
        for subscription in self._subscriptions:
            subscription.put_nowait(event)

    def close(self) -> None:
        """End every stream."""
        self.closed = True
        for subscription in self._subscriptions:
            subscription.put_nowait(None)
