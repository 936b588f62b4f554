"""The newest calls of the bot and their outcomes, for the page of calls and for tests."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.rules.call import Call

_KEPT = 2000
_SECRETS = frozenset({"secret_token"})
_MASK = "…"


@dataclass(frozen=True, kw_only=True)
class CallRecord:
    """One call and its outcome, also if a fault delayed or dropped the response."""

    number: int
    method: str
    chat_id: int | None
    parameters: dict[str, Any]
    at: float
    milliseconds: float
    result: Any = None
    refusal: str | None = None
    fault: str | None = None
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the record as the page of calls shows it."""
        return asdict(self)


class CallLog:
    """The newest calls, and counters of all of them."""

    def __init__(self) -> None:
        self._calls: deque[CallRecord] = deque(maxlen=_KEPT)
        self.total = 0
        self.refused = 0

    def add(self, call: Call, **outcome: Any) -> None:  # noqa: ANN401 - fields of CallRecord
        """Record a call with its outcome."""
        self.total += 1
        record = CallRecord(
            number=self.total, method=call.method, chat_id=call.chat_id, parameters=_shown(call), **outcome
        )
        self.refused += record.refusal is not None
        self._calls.append(record)

    def newest(self, *, after: int = 0) -> list[CallRecord]:
        """Return the newest calls with higher numbers than this one, oldest first."""
        return [record for record in self._calls if record.number > after]


def _shown(call: Call) -> dict[str, Any]:
    files = {name: f"{file.name} ({len(file.data)} bytes)" for name, file in call.files.items()}
    return {name: _MASK if name in _SECRETS else value for name, value in (call.parameters | files).items()}
