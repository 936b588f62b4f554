"""Visitors in a process of their own, so that what they cost is not counted as the server's.

Reads jobs from its input, a line of JSON each: `{"step": ..., "visitors": [first, last]}`; answers "done" to each.
"""

import asyncio
import json
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence

from aiohttp import ClientSession, DummyCookieJar, TCPConnector

FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
PASSWORD = "four quiet words here"  # noqa: S105 - made up for the measurement
OK, SEE_OTHER = 200, 303


class Visitor:
    """A browser with a network of its own, so that no limit is reached."""

    def __init__(self, http: ClientSession, number: int, link: str, others: Sequence[str]) -> None:
        self._http = http
        self._number = number
        self._link = link
        self._others = others
        self._cookies: dict[str, str] = {}
        self._form_token = ""

    async def unseen_form(self) -> None:
        """Open a link of one's own."""
        await self._open(self._others[self._number % len(self._others)])

    async def form(self) -> None:
        """Open the link that all open."""
        self._form_token = await self._open(self._link)

    async def sign_up(self) -> None:
        """Send the form that is open."""
        names = {"first_name": "Anna", "last_name": "Berzina", "email": self._email, "password": PASSWORD}
        await self._send(self._link, names)

    async def log_in_form(self) -> None:
        """Open the log-in page in a browser without a session."""
        self._cookies.clear()
        self._form_token = await self._open("/login")

    async def log_in(self) -> None:
        """Send the log-in that is open."""
        await self._send("/login", {"identifier": self._email, "password": PASSWORD})

    async def courses(self) -> None:
        """Open My Courses."""
        await self._open("/courses")

    @property
    def _email(self) -> str:
        return f"anna.{self._number}@example.com"

    async def _open(self, path: str) -> str:
        async with self._http.get(path, headers=self._headers(), allow_redirects=False) as response:
            assert response.status == OK, (path, response.status)  # noqa: S101 - it measures nothing else
            self._cookies |= {name: cookie.value for name, cookie in response.cookies.items()}
            found = FORM_TOKEN.search(await response.text())
            return found[1] if found else ""

    async def _send(self, path: str, values: dict[str, str]) -> None:
        data = {**values, "form_token": self._form_token}
        async with self._http.post(path, data=data, headers=self._headers(), allow_redirects=False) as response:
            assert response.status == SEE_OTHER, (path, response.status)  # noqa: S101 - as above
            self._cookies |= {name: cookie.value for name, cookie in response.cookies.items()}

    def _headers(self) -> dict[str, str]:
        network = f"10.{self._number // 65536}.{self._number // 256 % 256}.{self._number % 256}"
        return {
            "X-Forwarded-For": network,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
        }


STEPS: dict[str, Callable[[Visitor], Awaitable[None]]] = {
    "form page": Visitor.unseen_form,
    "form page again": Visitor.form,
    "sign-up": Visitor.sign_up,
    "My Courses": Visitor.courses,
    "log-in form": Visitor.log_in_form,
    "log-in": Visitor.log_in,
}


async def each(step: Callable[[Visitor], Awaitable[None]], visitors: Iterable[Visitor], in_flight: int) -> None:
    """Let each visitor take a step, so many at the same time."""
    left = iter(visitors)

    async def take() -> None:
        for visitor in left:
            await step(visitor)

    await asyncio.gather(*(take() for _ in range(in_flight)))


async def main(address: str, links: Sequence[str], in_flight: int) -> None:
    """Do the jobs as they come. The first link is the one that all open."""
    connector = TCPConnector(limit=0)
    async with ClientSession(address, connector=connector, cookie_jar=DummyCookieJar()) as http:
        visitors: dict[int, Visitor] = {}
        while line := await asyncio.to_thread(sys.stdin.readline):
            job = json.loads(line)
            step, (first, last) = STEPS[job["step"]], job["visitors"]
            chosen = [
                visitors.setdefault(n, Visitor(http, n, links[0], links[1:] or links)) for n in range(first, last)
            ]
            await each(step, chosen, in_flight)
            print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2].split(","), int(sys.argv[3])))
