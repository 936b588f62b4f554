"""The HTTP client that the bot's requests to Telegram go through."""

import ssl
from functools import cache

import httpx
from telegram.request import HTTPXRequest


def http_client(*, connections: int = 2, pool_timeout: float = 1.0, read_timeout: float = 5.0) -> HTTPXRequest:
    """Return what a bot sends its requests with."""
    return HTTPXRequest(
        connection_pool_size=connections,
        pool_timeout=pool_timeout,
        read_timeout=read_timeout,
        httpx_kwargs={"verify": _tls_context()},
    )


@cache
def _tls_context() -> ssl.SSLContext:
    """Return the context of all connections to Telegram; once a process, as reading the certificates is expensive."""
    return httpx.create_ssl_context()
