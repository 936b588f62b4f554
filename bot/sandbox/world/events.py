"""Publishes changes to the open pages."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Event = dict[str, Any]
Subscription = asyncio.Queue[Event | None]


class EventBus:
    """Publishes events to the pages, each open for one person and one chat; None ends a stream."""

    def __init__(self) -> None:
        self._subscriptions: dict[Subscription, tuple[int, int]] = {}
        self.closed = False

    @contextmanager
    def subscribe(self, person_id: int, chat_id: int) -> Iterator[Subscription]:
        """Subscribe to the events of one person in one chat, until the block ends."""
        subscription: Subscription = asyncio.Queue()
        self._subscriptions[subscription] = (person_id, chat_id)
        try:
            yield subscription
        finally:
            del self._subscriptions[subscription]

    def publish_to_chat(self, chat_id: int, event: Event) -> None:
        """Publish to the pages that have this chat open."""
        for subscription, (_, open_chat) in self._subscriptions.items():
            if open_chat == chat_id:
                subscription.put_nowait(event)

    def publish_to_person(self, person_id: int, event: Event) -> None:
        """Publish to the pages of this person, in any chat."""
        for subscription, (subscriber, _) in self._subscriptions.items():
            if subscriber == person_id:
                subscription.put_nowait(event)

    def publish_to_all(self, event: Event) -> None:
        """Publish to every page."""
        for subscription in self._subscriptions:
            subscription.put_nowait(event)

    def close(self) -> None:
        """End every stream."""
        self.closed = True
        for subscription in self._subscriptions:
            subscription.put_nowait(None)
