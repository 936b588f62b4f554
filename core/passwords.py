"""Password hashing, on as many threads as there are cores, in a queue in which clients take turns."""

import asyncio
import math
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import hash_secret_raw

from core.domain.passwords import spellings
from core.domain.text import opaque
from core.fair_queue import FairQueue, Lane, Requester
from core.resources import thread_pool

T = TypeVar("T")

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's minimum: 19 MiB, about 30 ms
LEAST_MEMORY = 8  # KiB (RFC 9106, 3.1)
CORES = os.cpu_count() or 1


@dataclass(frozen=True, kw_only=True)
class Verified:
    """Whether a password was right, and a new hash to store if the old one was made with other parameters."""

    is_right: bool
    new_hash: str | None = None


class PasswordWork:
    """Hashes and verifies passwords, as many at the same time as there are cores.

    Each method waits for its turn, and raises Busy or TooManyAtOnce instead if too many are waiting. A cancelled caller
    gives its place up at once.
    """

    def __init__(self, slots: int = CORES) -> None:
        self._slots = slots
        self._threads = thread_pool(slots, "passwords")
        self._queue = FairQueue(slots)
        self._dummy_hash = _dummy_hash()  # at start, so that the first log-in takes no longer than later ones

    async def hash(
        self,
        requester: Requester,
        password: str,
        check: Callable[[str], None] | None = None,
        after_wait: Callable[[], Awaitable[None]] | None = None,
    ) -> str:
        """Hash a password (argon2id), normalised, after `check`, which may refuse it and takes CPU like the hash.

        If the requester had to wait for its turn, `after_wait` is called then: it raises if the hash is no longer
        needed.
        """
        password = opaque(password)

        def work() -> str:
            if check:
                check(password)
            return HASHER.hash(password)

        return await self.run(requester, work, after_wait)

    async def verify(self, requester: Requester, password_hash: str | None, password: str) -> Verified:
        """Verify a password; for None (no such user) it is wrong, after the same time."""
        return await self.run(requester, lambda: _verify(password_hash, self._dummy_hash, password))

    async def run(
        self, requester: Requester, work: Callable[[], T], after_wait: Callable[[], Awaitable[None]] | None = None
    ) -> T:
        """Do work that takes CPU on a thread, when the requester's turn comes."""
        if await self._queue.turn(requester) and after_wait:
            try:
                await after_wait()
            except BaseException:
                self._queue.leave()
                raise
        running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        running.add_done_callback(lambda _: self._queue.leave())
        return await asyncio.shield(running)  # a thread can't be stopped, so its slot stays taken until it is done

    def ahead(self, lane: Lane) -> int:
        """Return how many of a lane are hashed before the next one, at most: those that wait and those at work."""
        return self.waiting(lane) + self._slots

    def waiting(self, lane: Lane) -> int:
        """Return how many wait for their turn in a lane."""
        return self._queue.waiting(lane)

    def close(self) -> None:
        """Wait for the running work."""
        self._threads.shutdown(cancel_futures=True)


@cache
def _dummy_hash() -> str:
    """Return a hash to verify against if there is no such user; cached, because hashing is expensive."""
    return HASHER.hash("no user's password")


def _verify(password_hash: str | None, dummy_hash: str, typed: str) -> Verified:
    """Verify a password in each of its spellings; the hash of any other than the normalised one is outdated."""
    normalised, *others = spellings(typed)
    for spelling in (normalised, *others):
        if _is_right(password_hash or dummy_hash, spelling):
            if password_hash is None:
                break
            outdated = spelling != normalised or HASHER.check_needs_rehash(password_hash)
            return Verified(is_right=True, new_hash=HASHER.hash(normalised) if outdated else None)
        _spend_what_was_saved(password_hash or dummy_hash)
    return Verified(is_right=False)


def _spend_what_was_saved(password_hash: str) -> None:
    """Work on as long as a hash of today's parameters takes longer than one of an earlier release's.

    Else wrong passwords would be refused sooner for users who haven't logged in since, and so tell that they exist.
    The time is about proportional to the memory (KiB) and the passes over it, up to today's memory.
    """
    try:
        earlier = extract_parameters(password_hash)
    except InvalidHashError:
        return
    saved = HASHER.time_cost * HASHER.memory_cost - earlier.time_cost * earlier.memory_cost
    if saved >= LEAST_MEMORY:
        passes = math.ceil(saved / HASHER.memory_cost)
        work = {"time_cost": passes, "memory_cost": saved // passes, "parallelism": 1}
        hash_secret_raw(b"", bytes(16), hash_len=32, type=Type.ID, **work)


def _is_right(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
