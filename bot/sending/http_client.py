"""The HTTP client that the bot's requests to Telegram go through: python-telegram-bot's interface, on aiohttp.

It costs a fifth of the processor time of the library's own client, and says of each failed request whether it was
certainly never sent ([decision 15](../../docs/decisions/0015-an-http-client-of-our-own.md)).
"""

import json
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.request import getproxies

import certifi
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    InvalidURL,
    TCPConnector,
)
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter  # what RequestData is made of; it has no public name

from core.logs import redact

CONNECT_TIMEOUT = 5.0  # seconds, as all of these
WRITE_TIMEOUT = 5.0
UPLOAD_TIMEOUT = 20.0
NO_CONNECTION, NO_ANSWER = "no connection in time", "no answer in time"
NOT_AN_ANSWER = "the answer isn't one of the Bot API"
JSON = {"Content-Type": "application/json", "User-Agent": BaseRequest.USER_AGENT}
MULTIPART = {"User-Agent": BaseRequest.USER_AGENT}


class NeverSent(Exception):  # noqa: N818 - a cause: what it means for the caller is TimedOut or NetworkError
    """Why a request certainly did not reach Telegram: there was no connection that it could have gone through."""


class HttpClient(BaseRequest):
    """Sends requests over so many connections at most. HTTPS_PROXY, HTTP_PROXY and NO_PROXY are obeyed.

    Errors are TimedOut and NetworkError; their `__cause__` is NeverSent if the request certainly wasn't sent.
    """

    def __init__(self, *, connections: int, pool_timeout: float, read_timeout: float) -> None:
        self._connections = connections
        self._pool_timeout = pool_timeout
        self._read_timeout = read_timeout
        self._session: ClientSession | None = None
        self._last_date: tuple[str, datetime] | None = None

    @property
    def read_timeout(self) -> float:
        """How many seconds to wait for an answer, or for its next part."""
        return self._read_timeout

    @property
    def clock_difference(self) -> timedelta | None:
        """How far this machine's clock was ahead of the server's at the last answer; None without a `Date` in it."""
        if self._last_date is None:
            return None
        text, received_at = self._last_date
        try:
            return received_at - parsedate_to_datetime(text).astimezone(UTC)
        except ValueError:
            return None

    async def initialize(self) -> None:
        """Open the client, in the event loop that will use it."""
        if self._session is None:
            connector = TCPConnector(limit=self._connections, ssl=_tls_context())
            proxies = getproxies().keys() - {"no"}  # without any, aiohttp need not look for one at each request
            self._session = ClientSession(connector=connector, cookie_jar=DummyCookieJar(), trust_env=bool(proxies))

    async def shutdown(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send a request; return the status and the body of its answer. Raises TimedOut, NetworkError."""
        uploads = request_data is not None and request_data.contains_files
        timeouts = _timeouts(
            read=_seconds(read_timeout, self._read_timeout),
            write=_seconds(write_timeout, UPLOAD_TIMEOUT if uploads else WRITE_TIMEOUT),
            connect=_seconds(connect_timeout, CONNECT_TIMEOUT),
            pool=_seconds(pool_timeout, self._pool_timeout),
        )
        try:
            return await self._exchange(url, method, request_data, timeouts)
        except ConnectionTimeoutError:
            raise TimedOut(NO_CONNECTION) from NeverSent()
        except TimeoutError as error:
            raise TimedOut(NO_ANSWER) from error
        except (ClientConnectorError, ClientHttpProxyError, InvalidURL) as error:
            raise NetworkError(_described(error)) from NeverSent()
        except (ClientError, OSError) as error:
            raise NetworkError(_described(error)) from error

    async def _exchange(
        self, url: str, method: str, request_data: RequestData | None, timeouts: ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the client isn't open")  # noqa: TRY003, EM101 - a mistake of the program's
        body, headers = _body(request_data)
        async with self._session.request(
            method, url, data=body, headers=headers, timeout=timeouts, allow_redirects=False
        ) as response:
            self._note_date(response)
            return response.status, await response.read()

    def _note_date(self, response: ClientResponse) -> None:
        if date := response.headers.get("Date"):
            self._last_date = date, datetime.now(UTC)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse an answer of the Bot API. Raises TelegramError for any other: it comes from a proxy, or is cut off.

        The library's own method writes the whole body and a traceback to the log, and accepts any JSON.
        """
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except (ValueError, RecursionError):
            answer = None
        if isinstance(answer, dict) and ("result" in answer or answer.get("ok") is False):
            return answer
        raise TelegramError(NOT_AN_ANSWER)


async def call(bot: Bot, method: str, **parameters: object) -> Any:  # noqa: ANN401 - what the method answers
    """Call a method of the Bot API with those parameters that aren't None; return its answer as it came.

    The library's own methods parse each part of an answer, which costs more than the call. Raises TelegramError.
    """
    given = [RequestParameter(name, value, None) for name, value in parameters.items() if value is not None]
    return await bot.request.post(f"{bot.base_url}/{method}", RequestData(given))


def http_client(*, connections: int = 2, pool_timeout: float = 1.0, read_timeout: float = 5.0) -> HttpClient:
    """Return what a bot sends its requests with."""
    return HttpClient(connections=connections, pool_timeout=pool_timeout, read_timeout=read_timeout)


def _timeouts(*, read: float, write: float, connect: float, pool: float) -> ClientTimeout:
    """Return the time-outs. aiohttp's for reading begins with the upload; the total ends an answer that trickles."""
    return ClientTimeout(
        total=pool + connect + write + 2 * read, connect=pool + connect, sock_connect=connect, sock_read=write + read
    )


def _seconds(asked_for: object, usual: float) -> float:
    return asked_for if isinstance(asked_for, int | float) else usual


def _body(request_data: RequestData | None) -> tuple[bytes | FormData | None, dict[str, str]]:
    """Return the body and headers of a request."""
    if request_data is None:
        return None, MULTIPART
    if not request_data.contains_files:
        return json.dumps(request_data.parameters).encode(), JSON  # half the time of a form, in which JSON is quoted
    form = FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, contents, content_type) in (request_data.multipart_data or {}).items():
        form.add_field(name, contents, filename=filename, content_type=content_type)
    return form, MULTIPART


def _described(error: Exception) -> str:
    """Describe an error without the request's address, which has the token in it."""
    return f"{type(error).__name__}: {redact(str(error))}" if not isinstance(error, InvalidURL) else "invalid address"


@cache
def _tls_context() -> ssl.SSLContext:
    """Return the context of all connections to Telegram; once a process, as reading the certificates is expensive.

    It trusts the system's certificates (or those of SSL_CERT_FILE) and Mozilla's, for images without any.
    """
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
