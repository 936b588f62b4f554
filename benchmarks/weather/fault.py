"""A fault: what happens, and what people may notice of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from benchmarks.weather.scene import Conditions, Scene

BOTH = ("sqlite", "postgresql")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One line of the table. `strike` returns when the cause has ended."""

    name: str
    expected: str
    strike: Callable[[Scene], Awaitable[None]]
    databases: tuple[str, ...] = BOTH
    says: str = ""  # in /readyz, with 503, while the cause lasts; a regular expression. Empty: not looked at
    pages_within: float = 0.5  # seconds after the cause's end
    chat_within: float = 1.5
    conditions: Conditions = field(default_factory=Conditions)
    lack: Callable[[], str] = str  # why it can't be tried on this machine, if it can't
