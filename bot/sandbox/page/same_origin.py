"""Keeps other web sites, open in the developer's browser, away from the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

_NAMES = ("127.0.0.1", "localhost", "[::1]")
_PAGES = frozenset({"/", "/calls"})
_OWN_FETCHES = frozenset({"", "same-origin", "none"})
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@web.middleware
async def reject_foreign_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a request that another site caused, and give answers the headers that keep the page to itself."""
    if not _is_own(request):
        return web.json_response({"error": "This sandbox talks to its own page only."}, status=403)
    return await handler(request)


async def add_security_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Give every answer, streams too, the headers that keep the page to itself."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def _is_own(request: web.Request) -> bool:
    address = request.transport.get_extra_info("sockname") if request.transport else None
    port = address[1] if address else 0
    hosts = {f"{name}:{port}" for name in _NAMES}
    if request.headers.get("Host", "").lower() not in hosts:  # a foreign name here is DNS rebinding
        return False
    origin = request.headers.get("Origin")
    if origin is not None and origin.lower() not in {f"http://{host}" for host in hosts}:
        return False
    return request.headers.get("Sec-Fetch-Site", "") in _OWN_FETCHES or _is_link_to_page(request)


def _is_link_to_page(request: web.Request) -> bool:
    """Whether a link elsewhere was followed to the page itself, which changes nothing by being opened."""
    headers = request.headers
    followed = headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-Dest") == "document"
    return followed and request.method == "GET" and request.path in _PAGES
