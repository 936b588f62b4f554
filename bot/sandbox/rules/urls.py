"""Which addresses Telegram takes for links and buttons."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

WRONG = "Wrong HTTP URL"
ONLY_HTTPS = "Only HTTPS links are allowed"
UNSUPPORTED = "Unsupported URL protocol"

_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*://")
_HOST = re.compile(r"^[^\s!-,/:-@\[-`{-~]+$")


class UrlError(Exception):
    """An address that Telegram wouldn't link to; the argument is its reason."""


def checked_url(address: str) -> str:
    """Return the address as Telegram keeps it, or refuse it: http(s) with a dotted host, or tg://."""
    address = address.strip()
    if address.lower().startswith("tg:"):
        return address
    if not _SCHEME.match(address):
        address = f"http://{address}"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise UrlError(WRONG) from None
    if parts.scheme not in {"http", "https"}:
        raise UrlError(UNSUPPORTED)
    if ":" not in host and ("." not in host.strip(".") or not _HOST.match(host)):
        raise UrlError(WRONG)
    return address if parts.path else f"{address}/"


def public_url(address: str) -> str:
    """Return the address if everybody could open it, which buttons ask for."""
    checked = checked_url(address)
    host = urlsplit(checked).hostname or ""
    try:
        outside = ipaddress.ip_address(host).is_global
    except ValueError:
        outside = not host.endswith(".localhost")
    if not (outside or checked.startswith("tg:")):
        raise UrlError(WRONG)
    return checked


def web_app_url(address: str) -> str:
    """Return the address if a Mini App could live there: public and https."""
    if not address.lower().startswith("https://"):
        raise UrlError(ONLY_HTTPS)
    return public_url(address)
