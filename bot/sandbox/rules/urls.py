"""The URLs that Telegram accepts in links, buttons and Mini Apps."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

WRONG = "Wrong HTTP URL"
ONLY_HTTPS = "Only HTTPS links are allowed"
UNSUPPORTED = "Unsupported URL protocol"
LOCAL = ("http://127.0.0.1:", "http://localhost:")

_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*://")
_HOST = re.compile(r"^[^\s!-,/:-@\[-`{-~]+$")


class UrlError(Exception):
    """A URL that Telegram refuses; the argument is the reason."""


def checked_url(url: str) -> str:
    """Return a URL as Telegram normalises it: http(s) with a dot in the host, or tg://."""
    url = url.strip()
    if url.lower().startswith("tg:"):
        return url
    if not _SCHEME.match(url):
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise UrlError(WRONG) from None
    if parts.scheme not in {"http", "https"}:
        raise UrlError(UNSUPPORTED)
    if ":" not in host and ("." not in host.strip(".") or not _HOST.match(host)):
        raise UrlError(WRONG)
    return url if parts.path else f"{url}/"


def public_url(url: str) -> str:
    """Return the URL of a button, which must not be one of a local network."""
    checked = checked_url(url)
    host = urlsplit(checked).hostname or ""
    try:
        outside = ipaddress.ip_address(host).is_global
    except ValueError:
        outside = not host.endswith(".localhost")
    if not (outside or checked.startswith("tg:")):
        raise UrlError(WRONG)
    return checked


def web_app_url(url: str) -> str:
    """Return the URL of a Mini App, which must be public and https; here it may be on this computer."""
    if url.startswith(LOCAL):
        return url
    if not url.lower().startswith("https://"):
        raise UrlError(ONLY_HTTPS)
    return public_url(url)
