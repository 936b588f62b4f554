"""Long polling: the method that returns updates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.update_queue import UpdateQueue
    from bot.sandbox.world.world import World

_POLL_LIMIT = 100
_POLL_SECONDS = 50


class UpdateMethods:
    """The method that polls for updates."""

    def __init__(self, world: World) -> None:
        self._updates = world.updates
        self._webhook = world.webhook

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return the methods by their names."""
        return {"getUpdates": self._get_updates}

    async def _get_updates(self, call: Call) -> list[dict[str, Any]]:
        if self._webhook.is_set:
            raise ApiError(error_messages.WEBHOOK_ACTIVE)
        set_allowed_updates(self._updates, call)
        self._updates.confirm(call.integer("offset"))
        limit = min(max(call.integer("limit", _POLL_LIMIT), 1), _POLL_LIMIT)
        return await self._updates.poll(limit=limit, seconds=min(call.integer("timeout"), _POLL_SECONDS))


def set_allowed_updates(updates: UpdateQueue, call: Call) -> None:
    """Set the kinds of updates that a call asks for; without the parameter they stay as they are."""
    if "allowed_updates" in call.parameters:
        updates.set_allowed([str(kind) for kind in call.array("allowed_updates")])
