"""Turns: replies to one chat go in the order in which they were ready, however long the first of them has to wait."""

import asyncio
from weakref import WeakValueDictionary


class Turn:
    """The right to be the next to write to a chat, until it is passed on."""

    def __init__(self, lock: asyncio.Lock | None = None) -> None:
        self._lock = lock

    def pass_on(self) -> None:
        """Let the next reply go; it may have been passed on before."""
        lock, self._lock = self._lock, None
        if lock:
            lock.release()


class Turns:
    """Gives the turns of all chats, first come, first served."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()  # kept as long as one is waited for

    def is_taken(self, chat_id: int) -> bool:
        """Return whether another reply to the chat is on its way."""
        lock = self._locks.get(chat_id)
        return lock is not None and lock.locked()

    async def take(self, chat_id: int) -> Turn:
        """Wait for the turn."""
        lock = self._locks.setdefault(chat_id, asyncio.Lock())
        await lock.acquire()
        return Turn(lock)
