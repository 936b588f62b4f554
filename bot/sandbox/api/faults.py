"""Fault injection: errors between a bot and Telegram that a test or a developer asks for."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError, too_many_requests
from bot.sandbox.rules.flood_limits import FloodLimits

if TYPE_CHECKING:
    from bot.sandbox.rules.call import Call

_REFUSALS = {
    "blocked": ApiError(error_messages.BLOCKED),
    "not_started": ApiError(error_messages.CHAT_NOT_STARTED),
    "server_error": ApiError(error_messages.SERVER_ERROR, error_code=500),
    "bad_gateway": ApiError("Bad Gateway", error_code=502),
}
KINDS = (*_REFUSALS, "too_many", "bad_request", "late", "lost", "hang", "repeat", "migrate")

_POLL = "getupdates"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault of the next calls of a method; without a method, of any call but getUpdates."""

    kind: str
    method: str = ""
    chat_id: int | None = None
    times: int = 1
    retry_after: int = 1
    description: str = "Bad Request: made to fail"
    seconds: float = 1.0

    def matches(self, call: Call) -> bool:
        """Whether the fault applies to a call."""
        method = call.method.lower()
        meant = method == self.method.lower() if self.method else method != _POLL
        return meant and self.chat_id in (None, call.chat_id)

    def raise_error(self) -> None:
        """Raise the error that the fault stands for, if it stands for one."""
        if self.kind in _REFUSALS:
            raise _REFUSALS[self.kind]
        if self.kind == "too_many":
            raise too_many_requests(self.retry_after)
        if self.kind == "bad_request":
            raise ApiError(self.description, error_code=400)


class Faults:
    """The armed faults, in the order in which they were armed."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []
        self._released = asyncio.Event()
        self._repeats = 0
        self.flood = FloodLimits()
        self.held = asyncio.Event()

    def arm(self, kind: str, **details: Any) -> None:  # noqa: ANN401 - fields of Fault
        """Arm a fault: one of KINDS, with fields of Fault."""
        if kind not in KINDS:
            raise ValueError(kind)
        fault = Fault(kind=kind, **details)
        if kind == "repeat":
            self._repeats += fault.times
        else:
            self._armed.append(fault)

    def take(self, call: Call) -> Fault | None:
        """Return the fault of a call and count it as used, None if there is none."""
        for index, fault in enumerate(self._armed):
            if fault.matches(call):
                self._armed[index : index + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                return fault
        return None

    def take_repeat(self) -> bool:
        """Whether a confirmed update must be delivered once more."""
        self._repeats -= (repeated := self._repeats > 0)
        return repeated

    def armed(self) -> list[dict[str, Any]]:
        """Return the faults that are still armed."""
        repeats = [asdict(Fault(kind="repeat", times=self._repeats))] if self._repeats else []
        return [asdict(fault) for fault in self._armed] + repeats

    async def wait_for_release(self) -> None:
        """Wait until the calls that hang are released."""
        self.held.set()
        await self._released.wait()

    def release(self) -> None:
        """Let the calls that hang continue."""
        self._released.set()
        self._released = asyncio.Event()
        self.held.clear()

    def clear(self) -> None:
        """Disarm every fault and switch off the flood limits."""
        self._armed.clear()
        self._repeats = 0
        self.flood.switch(on=False)
        self.release()
