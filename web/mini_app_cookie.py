"""The Mini App's cookie: one, which browsers accept in a frame of Telegram's web page, apart from all other cookies."""

import re
from collections.abc import Mapping

from aiohttp import web

from core.services.sessions import LIFETIME
from web.cookies import VALUE, Cookies

PART = re.compile(r"(visitor|session|language|theme|status):([A-Za-z0-9_-]{1,64})")
KEPT = ("visitor", "session", "language", "theme", "status")
VALUES = web.ResponseKey("mini_app_values", Mapping[str, str])
SECONDS = int(LIFETIME.total_seconds())


class MiniAppCookie(Cookies):
    """Keeps what the pages' other cookies hold, as far as the Mini App needs it, in one that may be embedded.

    `Partitioned` (CHIPS): what a browser keeps for the pages inside Telegram's isn't sent from anywhere else.
    """

    def __init__(self, *, secure: bool) -> None:
        super().__init__(secure=secure)
        self._name = "__Host-m" if secure else "m"  # not secure: on one's own computer, in the sandbox

    def begin(self, response: web.Response, **values: str) -> None:
        """Begin a visit with these values, whatever the browser had before: another person may have used it."""
        self._write(response, values)

    def earlier_visitor(self, request: web.Request) -> str | None:
        """Return the visitor's number, if the browser has one."""
        value = self._read(request, "visitor")
        return value if VALUE.fullmatch(value) else None

    def end_session(self, request: web.Request, response: web.Response) -> None:
        """Delete the log-in. The visitor stays: it is the person whose Telegram this is."""
        self._set(request, response, "session", "", 0)

    def theme(self, request: web.Request) -> str:
        """Return the colours of the person's Telegram."""
        return self._read(request, "theme")

    def _read(self, request: web.Request, name: str) -> str:
        return _parts(request.cookies.get(self._name, "")).get(name, "")

    def _set(self, request: web.Request, response: web.Response, name: str, value: str, _seconds: int) -> None:
        if name in KEPT:
            values = response.get(VALUES) or _parts(request.cookies.get(self._name, ""))
            self._write(response, {**values, name: value})

    def _write(self, response: web.Response, values: Mapping[str, str]) -> None:
        text = "|".join(f"{name}:{value}" for name, value in values.items() if value)
        site = "SameSite=None; Secure; Partitioned" if self._secure else "SameSite=Lax"
        response[VALUES] = values
        # Python's cookies don't know Partitioned before 3.14.
        response.headers["Set-Cookie"] = f"{self._name}={text}; Path=/; Max-Age={SECONDS}; HttpOnly; {site}"


def _parts(text: str) -> dict[str, str]:
    matched = (PART.fullmatch(part) for part in text.split("|")[: len(KEPT)])
    return {found[1]: found[2] for found in matched if found}
