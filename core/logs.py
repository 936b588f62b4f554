"""Logging: one line for each event on standard error, with secrets redacted."""

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from math import inf
from time import monotonic
from typing import Any

import structlog

BOT_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}")
CODE_IN_PATH = re.compile(r"(/(?:s|w|confirm|password)/)[A-Za-z0-9_-]{8,}")  # links of people, each a secret
START_CODE = re.compile(r"(\bstart(?:app)?[= ])[A-Za-z0-9_-]{16,}")  # invitations, and the owner's link
PASSWORD_IN_ADDRESS = re.compile(r"(\w+://[^\s:/@]*:)[^\s/]+@")
EMAIL = re.compile(r"(?<![\w/.%+-])[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
VALUE_IN_DETAIL = re.compile(r"(Key \([^)\n]*\)=|Failing row contains )\([^\n]*\)")  # of PostgreSQL's errors
SUMMARY_EVERY = 60.0  # seconds


class Summary:
    """Counts an event that can come very often, to log it at once, and then at most every SUMMARY_EVERY seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._number = 0
        self._next = -inf

    def add(self, number: int) -> int:
        """Count events; return how many are to be logged now, 0 if it isn't time yet."""
        self._number += number
        if not self._number or self._clock() < self._next:
            return 0
        due, self._number, self._next = self._number, 0, self._clock() + SUMMARY_EVERY
        return due


def configure(*, level: str, style: str) -> None:
    """Configure structlog and the standard library's logging alike; `style` is `console` or `json`."""
    json = style == "json"
    renderer = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[*shared], processor=renderer))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    _quieten()


def _quieten() -> None:
    """Leave out what libraries log too often, or too openly."""
    for chatty in ("httpx", "httpcore", "alembic", "aiohttp.access", "telegram"):
        # Below WARNING they log addresses that contain the bot token, and people's messages.
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # malformed requests; the pages log their own errors
    # It warns whenever a tick is skipped because the last one still runs.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def redact(text: str) -> str:
    """Replace what looks like a token, a code, a password in an address, an e-mail address or a value of a row."""
    text = BOT_TOKEN.sub("[bot token]", text)
    text = CODE_IN_PATH.sub(r"\1[token]", text)
    text = START_CODE.sub(r"\1[code]", text)
    text = PASSWORD_IN_ADDRESS.sub(r"\1[password]@", text)
    text = VALUE_IN_DETAIL.sub(r"\1([value])", text)
    return EMAIL.sub("[e-mail]", text)


def _redact_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = redact(value)
        elif not isinstance(value, int | float | bool | None):
            event[key] = redact(repr(value)) if key not in _STRUCTLOG_KEYS else value
    return event


_STRUCTLOG_KEYS = frozenset({"_record", "_from_structlog", "exc_info"})
