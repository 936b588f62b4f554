"""Protects the sandbox from other websites that are open in the developer's browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

_NAMES = ("127.0.0.1", "localhost", "[::1]")
_PAGES = frozenset({"/", "/calls"})
_OWN_FETCH_SITES = frozenset({"", "same-origin", "none"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; frame-src http://127.0.0.1:* http://localhost:* https:; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@web.middleware
async def reject_foreign_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Reject a request that another site caused."""
    if not _is_own(request):
        return web.json_response({"error": "The sandbox accepts requests of its own pages only."}, status=403)
    return await handler(request)


async def add_security_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Add the security headers to every response, streams included."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def _is_own(request: web.Request) -> bool:
    address = request.transport.get_extra_info("sockname") if request.transport else None
    port = address[1] if address else 0
    hosts = {f"{name}:{port}" for name in _NAMES}
    if request.headers.get("Host", "").lower() not in hosts:  # another name means DNS rebinding
        return False
    origin = request.headers.get("Origin")
    if origin is not None and origin.lower() not in {f"http://{host}" for host in hosts}:
        return False
    return request.headers.get("Sec-Fetch-Site", "") in _OWN_FETCH_SITES or _is_link_to_page(request)


def _is_link_to_page(request: web.Request) -> bool:
    """Whether the request follows a link from another site to a page, which is safe because it changes nothing."""
    headers = request.headers
    followed = headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-Dest") == "document"
    return followed and request.method == "GET" and request.path in _PAGES
