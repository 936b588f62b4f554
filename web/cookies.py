"""Cookies: the visitor's random number, the log-in, the device that a user logged in on before, the status page."""

import re
import secrets

from aiohttp import web

from core.services.sessions import LIFETIME
from core.services.status_pages import KEPT

VALUE = re.compile(r"[A-Za-z0-9_-]{43}")
DEVICE = re.compile(r"[A-Za-z0-9_-]{43}\.[0-9a-f]{64}")
VISITOR_SECONDS = 30 * 24 * 3600
DEVICE_SECONDS = 365 * 24 * 3600
NEW_SECONDS = 600
STATUS_SECONDS = int(KEPT.total_seconds())
LONGEST_CODE = 8
NEW_VISITOR = web.RequestKey("new_visitor", str)


class Cookies:
    """Reads and sets the cookies; over https they are bound to this host."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure
        self._prefix = "__Host-" if secure else ""  # browsers accept it over https only (RFC 6265bis, 4.1.3)

    def visitor(self, request: web.Request) -> tuple[str, bool]:
        """Return the visitor's number, and whether it is a new one that still has to be set."""
        if NEW_VISITOR in request:
            return request[NEW_VISITOR], True
        value = self._read(request, "visitor")
        return (value, False) if VALUE.fullmatch(value) else (self.new_number(), True)

    def renew_visitor(self, request: web.Request) -> None:
        """Give the visitor a new number, and so new forms: another person uses the browser."""
        request[NEW_VISITOR] = self.new_number()

    def new_number(self) -> str:
        """Return a random number in the form of a cookie's value."""
        return secrets.token_urlsafe(32)

    def device(self, request: web.Request) -> str | None:
        """Return the value of the device's cookie, if it has the form of one."""
        value = self._read(request, "device")
        return value if DEVICE.fullmatch(value) else None

    def set_device(self, request: web.Request, response: web.Response, value: str) -> None:
        """Set the device's cookie."""
        self._set(request, response, "device", value, DEVICE_SECONDS)

    def session(self, request: web.Request) -> str | None:
        """Return the value of the log-in cookie, if it has the form of one."""
        value = self._read(request, "session")
        return value if VALUE.fullmatch(value) else None

    def is_new(self, request: web.Request) -> bool:
        """Return whether an account was created with this browser a few minutes ago."""
        return self._read(request, "new") == "1"

    def set_new(self, request: web.Request, response: web.Response) -> None:
        """Remember for some minutes that an account was created."""
        self._set(request, response, "new", "1", NEW_SECONDS)

    def status_page(self, request: web.Request) -> str | None:
        """Return the code of the status page that this browser opened last, if it has the form of one."""
        value = self._read(request, "status")
        return value if VALUE.fullmatch(value) else None

    def set_status_page(self, request: web.Request, response: web.Response, code: str) -> None:
        """Remember the code of a status page."""
        self._set(request, response, "status", code, STATUS_SECONDS)

    def end_status_page(self, request: web.Request, response: web.Response) -> None:
        """Forget the code of the status page."""
        self._set(request, response, "status", "", 0)

    def language(self, request: web.Request) -> str:
        """Return the code of the language that the visitor chose; empty if none."""
        return self._read(request, "language")[:LONGEST_CODE]

    def set_language(self, request: web.Request, response: web.Response, code: str) -> None:
        """Keep the language that the visitor chose."""
        self._set(request, response, "language", code, DEVICE_SECONDS)

    def set_visitor(self, request: web.Request, response: web.Response, value: str) -> None:
        """Set the visitor's number."""
        self._set(request, response, "visitor", value, VISITOR_SECONDS)

    def set_session(self, request: web.Request, response: web.Response, value: str) -> None:
        """Set the log-in."""
        self._set(request, response, "session", value, int(LIFETIME.total_seconds()))

    def end_session(self, request: web.Request, response: web.Response) -> None:
        """Delete the log-in. Whoever uses the browser next gets forms of their own."""
        self._set(request, response, "session", "", 0)
        self.set_visitor(request, response, self.new_number())

    def theme(self, _request: web.Request) -> str:
        """Return the colours that the pages have instead of the account's (`web.colours.Theme`); empty: none."""
        return ""

    def _read(self, request: web.Request, name: str) -> str:
        return request.cookies.get(f"{self._prefix}{name}", "")

    def _set(self, _request: web.Request, response: web.Response, name: str, value: str, seconds: int) -> None:
        """Set a cookie; with 0 seconds delete it."""
        named, is_secure = f"{self._prefix}{name}", self._secure
        response.set_cookie(named, value, max_age=seconds, path="/", httponly=True, samesite="Lax", secure=is_secure)


COOKIES = web.AppKey("cookies", Cookies)
