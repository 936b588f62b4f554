"""Error reports to Sentry, if SENTRY_DSN is set: without secrets and without people's input."""

import json
from importlib import import_module

from core import logs
from core.config import InvalidSettings


def start(address: str) -> None:
    """Start reporting errors. Raises InvalidSettings if sentry-sdk is missing or the address isn't a valid DSN."""
    try:
        import_module("sentry_sdk").init(
            address,
            send_default_pii=False,
            include_local_variables=False,
            max_breadcrumbs=0,  # breadcrumbs contain URLs, and those contain tokens
            before_send=lambda event, _hint: json.loads(logs.redact(json.dumps(event, default=str))),
        )
    except ImportError:
        raise InvalidSettings(["SENTRY_DSN: needs sentry-sdk: .venv/bin/pip install sentry-sdk"]) from None
    except ValueError:
        raise InvalidSettings(["SENTRY_DSN: isn't a valid Sentry DSN"]) from None
