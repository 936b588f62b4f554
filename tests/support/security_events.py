"""The security log of a test."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import structlog

Line = Mapping[str, Any]


@contextmanager
def written() -> Iterator[list[Line]]:
    """Collect every line that is logged meanwhile."""
    with structlog.testing.capture_logs() as lines:
        yield lines  # type: ignore[misc] # mappings, which tests only read


def security(lines: Sequence[Line], *names: str) -> list[Line]:
    """The events among the lines, without what each line of the security log has; `names`: only these."""
    events = [line for line in lines if line.get("channel") == "security" and (not names or line["event"] in names)]
    return [{name: value for name, value in line.items() if name not in ("channel", "log_level")} for line in events]
