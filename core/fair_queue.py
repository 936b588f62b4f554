"""A bounded queue for what takes CPU: lanes, networks and accounts take turns, so that none keeps the others out."""

import asyncio
import math
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import Busy, TooManyAtOnce

SECONDS_EACH = 0.05  # of a hash, on a busy machine
WAITING_PER_SLOT = 64  # in each lane, so that a place means a wait of a few seconds at most


class Lane(StrEnum):
    """What a password is hashed for. Lanes take turns: a rush of sign-ups doesn't hold log-ins up."""

    LOG_IN = "log-in"
    SIGN_UP = "sign-up"
    NEW_PASSWORD = "new password"  # noqa: S105 - a lane


@dataclass(frozen=True, kw_only=True)
class Requester:
    """Who asks for a hash: within a lane the networks take turns, and within a network the accounts.

    `account` is the typed e-mail address or login, or a user's number.
    """

    lane: Lane
    network: str
    account: str


class FairQueue:
    """A number of slots, and the requesters that wait for one: lanes, networks and accounts take turns.

    If a lane is full, the network with the most places in it gives its newest up to one that has at least two fewer.
    """

    def __init__(self, slots: int) -> None:
        self._slots = self._free = slots
        self._most = slots * WAITING_PER_SLOT
        self._waiting = _Branch()

    async def turn(self, requester: Requester) -> bool:
        """Get a slot, and return whether it was waited for; the caller gives it back by `leave`.

        Raises Busy, TooManyAtOnce.
        """
        if self._free:
            self._free -= 1
            return False
        self._make_room(requester)
        place: _Place = asyncio.get_running_loop().create_future()
        path = (requester.lane.value, requester.network, requester.account)
        self._waiting.add(path, place)
        try:
            await place
        except asyncio.CancelledError:
            if place.cancelled():
                self._waiting.discard(path, place)
            elif place.exception() is None:  # the slot was given just before the cancellation
                self.leave()
            raise
        return True

    def leave(self) -> None:
        """Give a slot back, to the requester whose turn it is."""
        while self._waiting.size:
            place = self._waiting.pop_next()
            if not place.done():  # else it is cancelled, and its task hasn't come to removing it yet
                place.set_result(None)
                return
        self._free += 1

    def waiting(self, lane: Lane) -> int:
        """Return how many wait in a lane."""
        return self._waiting.below[lane.value].size if lane.value in self._waiting.below else 0

    def _make_room(self, requester: Requester) -> None:
        """Refuse the requester if its lane is full and no network has clearly more places there than its own."""
        if self.waiting(requester.lane) < self._most:
            return
        lane = self._waiting.below[requester.lane.value]
        retry_after = math.ceil(self._waiting.size * SECONDS_EACH / self._slots)
        own = lane.below[requester.network].size if requester.network in lane.below else 0
        largest = lane.largest()
        if lane.below[largest].size > own + 1:
            self._turn_away(requester.lane, largest, retry_after)
        elif own:
            raise TooManyAtOnce(retry_after)
        else:
            raise Busy(retry_after)

    def _turn_away(self, lane: Lane, network: str, retry_after: int) -> None:
        """Refuse the newest place of the network's largest account."""
        accounts = self._waiting.below[lane.value].below[network]
        account = accounts.largest()
        newest = next(reversed(accounts.below[account].places))
        self._waiting.discard((lane.value, network, account), newest)
        if not newest.done():
            newest.set_exception(TooManyAtOnce(retry_after))


_Place = asyncio.Future[None]


@dataclass
class _Branch:
    """Places in a tree: branches take turns, and the places of a branch without branches are taken in their order."""

    size: int = 0
    below: dict[str, "_Branch"] = field(default_factory=dict)  # the next in turn first
    places: dict[_Place, None] = field(default_factory=dict)  # the oldest first

    def add(self, path: tuple[str, ...], place: _Place) -> None:
        self.size += 1
        if path:
            self.below.setdefault(path[0], _Branch()).add(path[1:], place)
        else:
            self.places[place] = None

    def discard(self, path: tuple[str, ...], place: _Place) -> bool:
        """Remove a place; return False if it isn't there."""
        if path:
            branch = self.below.get(path[0])
            found = branch is not None and branch.discard(path[1:], place)
            if branch is not None and not branch.size:
                del self.below[path[0]]
        else:
            found = place in self.places
            self.places.pop(place, None)
        self.size -= found
        return found

    def pop_next(self) -> _Place:
        self.size -= 1
        if self.places:
            oldest = next(iter(self.places))
            del self.places[oldest]
            return oldest
        name = next(iter(self.below))
        branch = self.below.pop(name)
        place = branch.pop_next()
        if branch.size:
            self.below[name] = branch  # behind the others
        return place

    def largest(self) -> str:
        return max(self.below, key=lambda name: self.below[name].size)
