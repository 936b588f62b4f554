"""Cookies: the visitor's random number, and the log-in."""

import re
import secrets

from aiohttp import web

from core.services.sessions import LIFETIME

VALUE = re.compile(r"[A-Za-z0-9_-]{43}")
VISITOR_SECONDS = 30 * 24 * 3600


class Cookies:
    """Reads and sets both cookies; over https they are bound to this host."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure
        prefix = "__Host-" if secure else ""  # browsers accept the prefix over https only (RFC 6265bis, 4.1.3)
        self._visitor, self._session = f"{prefix}visitor", f"{prefix}session"

    def visitor(self, request: web.Request) -> tuple[str, bool]:
        """Return the visitor's number, and whether it is a new one that still has to be set."""
        value = request.cookies.get(self._visitor, "")
        return (value, False) if VALUE.fullmatch(value) else (secrets.token_urlsafe(32), True)

    def session(self, request: web.Request) -> str | None:
        """Return the value of the log-in cookie, if it has the form of one."""
        value = request.cookies.get(self._session, "")
        return value if VALUE.fullmatch(value) else None

    def set_visitor(self, response: web.Response, value: str) -> None:
        """Set the visitor's number."""
        self._set(response, self._visitor, value, VISITOR_SECONDS)

    def set_session(self, response: web.Response, value: str) -> None:
        """Set the log-in."""
        self._set(response, self._session, value, int(LIFETIME.total_seconds()))

    def end_session(self, response: web.Response) -> None:
        """Delete the log-in."""
        response.del_cookie(self._session, path="/", secure=self._secure, httponly=True, samesite="Lax")

    def _set(self, response: web.Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(name, value, max_age=seconds, path="/", httponly=True, samesite="Lax", secure=self._secure)


COOKIES = web.AppKey("cookies", Cookies)
