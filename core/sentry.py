"""Errors reported to Sentry, where an address for it is set: without secrets, and without what people typed."""

import json
from importlib import import_module

from core import logs
from core.config import InvalidSettings


def watch(address: str) -> None:
    """Report errors from now on. Raises InvalidSettings where Sentry's library is missing, or the address is none."""
    try:
        import_module("sentry_sdk").init(
            address,
            send_default_pii=False,
            include_local_variables=False,
            max_breadcrumbs=0,  # breadcrumbs hold addresses, and those hold tokens
            before_send=lambda event, _hint: json.loads(logs.redact(json.dumps(event, default=str))),
        )
    except ImportError:
        raise InvalidSettings(["SENTRY_DSN: needs sentry-sdk: .venv/bin/pip install sentry-sdk"]) from None
    except ValueError:
        raise InvalidSettings(["SENTRY_DSN: is no Sentry address"]) from None
