"""How a person signs up at each of the peers: opening the form, where there is one, and sending it."""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from aiohttp import ClientResponse, ClientSession

PASSWORD = "four quiet words here"  # noqa: S105 - made up for the measurement
OK, CREATED, FOUND, SEE_OTHER, UNAUTHORISED = 200, 201, 302, 303, 401
TOKEN = re.compile(r'name="(?:form_token|csrfmiddlewaretoken)" value="([^"]+)"')


class Refused(RuntimeError):  # noqa: N818 - the end of a measurement
    """A peer answered with another status than that of success."""


class Visit(Protocol):
    """One person at one peer."""

    async def open_form(self) -> None:
        """Open the form by the link; do nothing where there is none."""

    async def send_form(self) -> None:
        """Sign up. Raises Refused."""


class Cookies:
    """The cookies of one person, whose requests share a session of HTTP with those of all others."""

    def __init__(self, http: ClientSession, network: str) -> None:
        self._http = http
        self._network = network
        self.values: dict[str, str] = {}

    async def get(self, path: str, *expected: int) -> str:
        """Open a page; return it. Raises Refused."""
        async with self._http.get(path, headers=self._headers(), allow_redirects=False) as response:
            return await self._note(response, expected)

    async def post(self, path: str, form: Mapping[str, str], *expected: int) -> str:
        """Send a form; return the answer. Raises Refused."""
        async with self._http.post(path, data=form, headers=self._headers(), allow_redirects=False) as response:
            return await self._note(response, expected)

    async def _note(self, response: ClientResponse, expected: Sequence[int]) -> str:
        body = await response.text()
        if response.status not in expected:
            message = f"{response.method} {response.url}: {response.status} {body[:200]}"
            raise Refused(message)
        self.values |= {name: cookie.value for name, cookie in response.cookies.items()}
        return body

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.values.items())
        return {"X-Forwarded-For": self._network, "Cookie": cookies, "Referer": "http://127.0.0.1/"}


class OfGangway:
    """The form of a link: first and last name, e-mail address and password; logged in and enrolled after that."""

    def __init__(self, http: ClientSession, number: int, path: str) -> None:
        self._browser = Cookies(http, f"10.{number // 65536}.{number // 256 % 256}.{number % 256}")
        self._number, self._path, self._token = number, path, ""

    async def open_form(self) -> None:
        """Open the form's page."""
        self._token = token_in(await self._browser.get(self._path, OK))

    async def send_form(self) -> None:
        """Send the form."""
        names = {"first_name": "Anna", "last_name": "Berzina", "email": address(self._number)}
        form = {**names, "password": PASSWORD, "form_token": self._token}
        await self._browser.post(self._path, form, SEE_OTHER)


class OfAllauth:
    """An invitation's link leads to the form: e-mail address and password; logged in after that."""

    def __init__(self, http: ClientSession, number: int, path: str) -> None:
        self._browser = Cookies(http, "127.0.0.1")
        self._number, self._path, self._token = number, path, ""

    async def open_form(self) -> None:
        """Open the invitation, and the page that it leads to."""
        await self._browser.get(f"/invitations/accept-invite/key{self._number}", FOUND)
        self._token = token_in(await self._browser.get(self._path, OK))

    async def send_form(self) -> None:
        """Send the form."""
        form = {"email": address(self._number), "password1": PASSWORD, "csrfmiddlewaretoken": self._token}
        await self._browser.post(self._path, form, FOUND)


class OfFastApiUsers:
    """One request: e-mail address and password; there is no form, no link and no limit, and no session begins."""

    def __init__(self, http: ClientSession, number: int, path: str) -> None:
        self._http, self._number, self._path = http, number, path

    async def open_form(self) -> None:
        """Do nothing."""

    async def send_form(self) -> None:
        """Register."""
        await sent(self._http, self._path, {"email": address(self._number), "password": PASSWORD}, CREATED)


class OfSynapse:
    """Three requests: for the stages, with the registration token, and the end, which begins a session."""

    def __init__(self, http: ClientSession, number: int, path: str) -> None:
        self._http, self._number, self._path, self._session = http, number, path, ""

    async def open_form(self) -> None:
        """Ask for the stages."""
        self._session = str((await sent(self._http, self._path, {}, UNAUTHORISED))["session"])

    async def send_form(self) -> None:
        """Give the token, and register."""
        by_token = {"type": "m.login.registration_token", "token": "ofall", "session": self._session}
        wanted = {"username": f"anna{self._number}", "password": PASSWORD}
        await sent(self._http, self._path, {**wanted, "auth": by_token}, UNAUTHORISED)
        last = {"type": "m.login.dummy", "session": self._session}
        await sent(self._http, self._path, {**wanted, "auth": last}, OK)


async def sent(http: ClientSession, path: str, body: object, expected: int) -> Mapping[str, object]:
    """Send JSON; return the answer. Raises Refused."""
    async with http.post(path, json=body) as response:
        if response.status != expected:
            message = f"{path}: {response.status} {(await response.text())[:200]}"
            raise Refused(message)
        answer: Mapping[str, object] = await response.json()
        return answer


def address(number: int) -> str:
    """Return the e-mail address of a person."""
    return f"anna.{number}@example.com"


def token_in(page: str) -> str:
    """Return what protects a form from forgery. Raises Refused if the page has no form."""
    if (found := TOKEN.search(page)) is None:
        raise Refused(page[:200])
    return found[1]
