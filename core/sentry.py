"""Error reports to Sentry, if SENTRY_DSN is set: without secrets and without people's input."""

import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from core import logs
from core.config import InvalidSettings

PERSONAL = ("user", "request", "breadcrumbs", "server_name")


def without_personal_data(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an error report without the request (form, cookies, address), and with secrets redacted."""
    kept = {name: value for name, value in event.items() if name not in PERSONAL}
    redacted: dict[str, Any] = json.loads(logs.redact(json.dumps(kept, default=str)))
    return redacted


def start(address: str) -> None:
    """Start reporting errors. Raises InvalidSettings if sentry-sdk is missing or the address isn't a valid DSN."""
    try:
        import_module("sentry_sdk").init(
            address,
            send_default_pii=False,
            include_local_variables=False,
            max_breadcrumbs=0,  # breadcrumbs contain URLs, and those contain tokens
            max_request_body_size="never",  # by default a posted form is sent along, with its password
            before_send=lambda event, _hint: without_personal_data(event),
        )
    except ImportError:
        raise InvalidSettings(["SENTRY_DSN: needs sentry-sdk: .venv/bin/pip install sentry-sdk"]) from None
    except ValueError:
        raise InvalidSettings(["SENTRY_DSN: isn't a valid Sentry DSN"]) from None
