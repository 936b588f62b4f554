"""The queue of updates for the bot."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.error_messages import OTHER_GET_UPDATES

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.world.store import Store

# Telegram sends these only to bots that name them in allowed_updates.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_KIND = "update"


class UpdateQueue:
    """Updates until the bot confirms them by an offset or its webhook answers."""

    def __init__(self, store: Store, clock: Callable[[], float], repeats: Callable[[], bool]) -> None:
        self._store = store
        self._clock = clock
        self._repeats = repeats
        self._repeated: list[dict[str, Any]] = []
        self._pending = {
            int(key): update for key, update in sorted(store.all(_KIND).items(), key=lambda item: int(item[0]))
        }
        self._settings = store.all("setting").get("polling", {"last_update_id": 0, "allowed_updates": []})
        self._poller: asyncio.Future[None] | None = None
        self._closed = False
        self.on_added: Callable[[], None] = lambda: None

    @property
    def count(self) -> int:
        """The number of pending updates."""
        return len(self._pending)

    @property
    def allowed(self) -> list[str]:
        """The allowed kinds of updates, empty for the default."""
        return list(self._settings["allowed_updates"])

    def set_allowed(self, kinds: list[str]) -> None:
        """Queue only these kinds of updates from now on; an empty list means the default."""
        if kinds != self._settings["allowed_updates"]:
            with self._store.transaction():
                self._save_settings(allowed_updates=kinds)

    def add(self, kind: str, body: dict[str, Any]) -> None:
        """Queue an update if its kind is allowed, and complete the long poll."""
        allowed = kind in self.allowed if self.allowed else kind not in _ON_REQUEST
        if not allowed:
            return
        # The first number comes from the clock, so that numbers rise even if the state file was deleted.
        update_id = (self._settings["last_update_id"] or int(self._clock())) + 1
        update = {"update_id": update_id, kind: body}
        self._save_settings(last_update_id=update_id)
        self._store.put(_KIND, update_id, update)
        self._pending[update_id] = update
        if self._poller and not self._poller.done():
            self._poller.set_result(None)
        self.on_added()

    def _save_settings(self, **changes: object) -> None:
        self._settings = {**self._settings, **changes}
        self._store.put("setting", "polling", self._settings)

    def confirm(self, offset: int) -> None:
        """Remove the updates before an offset; a negative one keeps that many of the newest."""
        numbers = list(self._pending)
        confirmed = [number for number in numbers if number < offset] if offset >= 0 else numbers[:offset]
        with self._store.transaction():
            for number in confirmed:
                update = self._pending.pop(number)
                if self._repeats():
                    self._repeated.append(update)
                self._store.remove(_KIND, number)

    def pending(self) -> list[dict[str, Any]]:
        """Return the pending updates, oldest first."""
        return list(self._pending.values())

    def confirm_one(self, number: int) -> None:
        """Remove a delivered update, unless a fault repeats it."""
        if number in self._pending and not self._repeats():
            with self._store.transaction():
                del self._pending[number]
                self._store.remove(_KIND, number)

    def clear(self) -> None:
        """Remove all pending updates."""
        if self._pending:
            self.confirm(max(self._pending) + 1)

    async def poll(self, *, limit: int, seconds: float) -> list[dict[str, Any]]:
        """Return the oldest updates, or wait for one; a later call ends this one with an error."""
        self.end_poll(OTHER_GET_UPDATES)
        if again := self._repeated:
            self._repeated = []
            return again
        if not self._pending and seconds > 0 and not self._closed:
            self._poller = asyncio.get_running_loop().create_future()
            await self._wait(self._poller, seconds)
        return list(self._pending.values())[:limit]

    def end_poll(self, reason: str) -> None:
        """End the current poll with an error, if there is one."""
        if self._poller and not self._poller.done():
            self._poller.set_exception(ApiError(reason))

    async def _wait(self, poller: asyncio.Future[None], seconds: float) -> None:
        done, _ = await asyncio.wait({poller}, timeout=seconds)
        if done:
            poller.result()
        else:
            poller.cancel()

    def close(self) -> None:
        """End the current poll, and let later ones return immediately."""
        self._closed = True
        if self._poller and not self._poller.done():
            self._poller.set_result(None)
