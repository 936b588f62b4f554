"""Logs: one line an event, on standard error, and never a secret in them."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

BOT_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}")
SIGN_UP_TOKEN = re.compile(r"(/s/)[A-Za-z0-9_-]{8,}")
PASSWORD_IN_ADDRESS = re.compile(r"(\w+://[^\s:/@]*:)[^\s/]+@")


def configure(*, level: str, style: str) -> None:
    """Send the service's own events and those of its libraries the same way; `style` is console or json."""
    json = style == "json"
    renderer = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redacted,
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
    for chatty in ("httpx", "httpcore", "alembic", "aiohttp.access", "telegram"):
        logging.getLogger(chatty).setLevel(
            logging.WARNING
        )  # they write addresses with the bot's token, and what people say
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # strangers' malformed requests; pages log their own
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of each tick that finds the last one at work


def redact(text: str) -> str:
    """Strike out what looks like a bot token, the token of a sign-up link, or a password in an address."""
    text = BOT_TOKEN.sub("[bot token]", text)
    text = SIGN_UP_TOKEN.sub(r"\1[token]", text)
    return PASSWORD_IN_ADDRESS.sub(r"\1[password]@", text)


def _redacted(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = redact(value)
        elif not isinstance(value, int | float | bool | None):
            event[key] = redact(repr(value)) if key not in _OWN_KEYS else value
    return event


_OWN_KEYS = frozenset({"_record", "_from_structlog", "exc_info"})
