"""Many clients at once from many addresses, most of which don't wait for an answer, and a learner in between."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode, urlsplit

from aiohttp import ClientSession, CookieJar, TCPConnector

from tests.support.site import Answer, Form, Visitor

_numbers = count(1)


def an_address() -> str:
    """Return an address of this machine that nobody has used yet: all of 127.0.0.0/8 is loopback on Linux."""
    number = next(_numbers)
    return f"127.{1 + number // 62_500 % 250}.{number // 250 % 250}.{1 + number % 250}"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where clients come from: each connects from its own address, or a proxy says which address it has."""

    behind_proxy: bool

    def headers(self, address: str) -> dict[str, str]:
        """What the proxy adds to a request."""
        return {"X-Forwarded-For": address} if self.behind_proxy else {}

    def source(self, address: str) -> tuple[str, int] | None:
        """Where the connection comes from."""
        return None if self.behind_proxy else (address, 0)


class Learner:
    """A visitor with a browser at an address of their own."""

    def __init__(self, site: str, origin: Origin) -> None:
        self.address = an_address()
        self.http = ClientSession(
            site,
            connector=TCPConnector(local_addr=origin.source(self.address)),
            cookie_jar=CookieJar(unsafe=True),
            headers=origin.headers(self.address),
        )
        self.visitor = Visitor(self.http)

    async def posts(self, form: Form, values: Mapping[str, str]) -> tuple[float, Answer]:
        """Send a form; return how many seconds the answer took, and the answer."""
        began = time.perf_counter()
        answer = await self.visitor.post(form.path, {**values, "form_token": form.token})
        return time.perf_counter() - began, answer

    async def leaves(self) -> None:
        """Close the browser."""
        await self.http.close()


class Flood:
    """Requests from as many addresses, all with the cookies and the form of one visitor."""

    def __init__(self, site: str, origin: Origin, learner: Learner, form: Form) -> None:
        self._host, self._origin, self._form = urlsplit(site), origin, form
        self._cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in learner.http.cookie_jar)
        self._writers: list[asyncio.StreamWriter] = []

    async def come(self, number: int, values: Mapping[str, str], address: str | None = None) -> None:
        """Send this many forms, from one address or from many, and don't wait for answers."""
        body = urlencode({**values, "form_token": self._form.token}).encode()
        self._writers += await asyncio.gather(*(self._post(body, address or an_address()) for _ in range(number)))

    def hang_up(self) -> None:
        """Close all connections."""
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def _post(self, body: bytes, address: str) -> asyncio.StreamWriter:
        headers = {
            "Host": self._host.netloc,
            "Cookie": self._cookies,
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
            **self._origin.headers(address),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        source = self._origin.source(address)
        _, writer = await asyncio.open_connection(self._host.hostname, self._host.port, local_addr=source)
        writer.write(f"POST {self._form.path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        return writer
