"""What applies to every request: security headers, origins, the log and metrics, and pages for errors."""

import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from core.errors import DatabaseUnavailable
from core.logs import Summary
from core.security_log import Reason, SecurityEvent
from web.app_keys import SETTINGS
from web.client_address import CLIENT, FORWARDED_FOR, find_client
from web.connections import connection_of
from web.form_tokens import StaleForm
from web.operations import REQUESTS
from web.pages import PAGES, RUNS_SCRIPTS
from web.places import is_in_mini_app, kept_inside
from web.responses import SOON, see_other, to_send_again
from web.scripts import ALLOWED
from web.security_events import hashed, report, route_of

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
TELEGRAM_WEB = "https://web.telegram.org"  # where it shows Mini Apps in frames; its apps show them in windows
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {ancestors}"
)
OWN_SCRIPTS = f"'self' {ALLOWED}"  # in the Mini App, and on pages with a challenge, whose workers need it too
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY.format(scripts=ALLOWED, ancestors="'none'"),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    # Not no-referrer: browsers would then send `Origin: null` with our own forms. Other sites get no referrer at all.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "no-store",
    "Server": "Gangway",
}
SECRET_PATH = "strict-origin"  # noqa: S105 - a policy: keeps paths out of the Referer that our own proxies log
LIMITS = frozenset({413, 429})  # a body is too large; there are too many requests (RFC 9110, RFC 6585)
HUNG_UP = 499  # as nginx logs it: the client was gone before the answer was there, and its request was cancelled
HUNG_UPS = web.AppKey("hung_ups", Summary)
HSTS = "max-age=31536000"

log = structlog.get_logger()


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the security headers to every response."""
    if "code" in request.match_info:
        response.headers["Referrer-Policy"] = SECRET_PATH
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.get(RUNS_SCRIPTS):
        response.headers["Content-Security-Policy"] = POLICY.format(scripts=OWN_SCRIPTS, ancestors="'none'")
    if is_in_mini_app(request):
        _allow_telegram(request, response)
    response.headers["Server"] = HEADERS["Server"]
    if request.app[SETTINGS].is_secure:
        response.headers["Strict-Transport-Security"] = HSTS


def _allow_telegram(request: web.Request, response: web.StreamResponse) -> None:
    """Let Telegram show the Mini App in a frame, with its own script; keep redirects inside it."""
    settings = request.app[SETTINGS]
    here = [f"http://{name}:{settings.sandbox_port}" for name in ("127.0.0.1", "localhost")]
    ancestors = " ".join([TELEGRAM_WEB, *([] if settings.bot_token else here)])
    response.headers["Content-Security-Policy"] = POLICY.format(scripts=OWN_SCRIPTS, ancestors=ancestors)
    del response.headers["X-Frame-Options"]
    if location := response.headers.get("Location"):
        response.headers["Location"] = kept_inside(location)


@web.middleware
async def served(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Keep the connection from being closed while its request, once it is read, is being answered."""
    connection = connection_of(request)
    if connection and not request.body_exists:  # otherwise `read_body` does so
        connection.serve()
    try:
        return await handler(request)
    finally:
        if connection:
            connection.wait()


@web.middleware
async def observed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count and log each request by its route, never by its path, which may contain a token."""
    forwarded = request.headers.getall(FORWARDED_FOR, [])
    request[CLIENT] = find_client(request.remote, forwarded, request.app[SETTINGS].proxies)
    began, status = time.perf_counter(), HUNG_UP
    try:
        response = await handler(request)
        status = response.status
    finally:
        _record(request, status, time.perf_counter() - began)
    if status in LIMITS:
        report(request, SecurityEvent.LIMIT_HIT)
    return response


@web.middleware
async def error_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn errors into pages; an unexpected one is logged with a reference that the page shows."""
    try:
        return await handler(request)
    except web.HTTPRedirection as redirection:
        return see_other(redirection.headers["Location"])
    except StaleForm:
        report(request, SecurityEvent.FORM_REFUSED, reason=Reason.WRONG_TOKEN)
        return request.app[PAGES].error(request, 403)
    except web.HTTPException as error:
        page = request.app[PAGES].error(request, error.status)
        page.headers.extend({name: value for name, value in error.headers.items() if name == "Allow"})
        return page
    except DatabaseUnavailable:  # the engine logs it
        return to_send_again(request.app[PAGES].error(request, 503), SOON)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("request failed", reference=reference, route=route_of(request))
        return request.app[PAGES].error(request, 500, reference=reference)


@web.middleware
async def same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests that another site made a browser send (Fetch Metadata, else Origin)."""
    if request.method not in SAFE_METHODS and not _is_same_origin(request):
        report(request, SecurityEvent.FORM_REFUSED, reason=Reason.OTHER_SITE)
        raise web.HTTPForbidden
    return await handler(request)


def _record(request: web.Request, status: int, seconds: float) -> None:
    """Count and log a request. Its answer is in memory, and is written before anything else happens.

    Those whose clients hung up share a line a minute: a flood of them is seen, and doesn't fill the log.
    """
    method, route = _method(request), route_of(request)
    request.app[REQUESTS].labels(method, route, status).observe(seconds)
    if status == HUNG_UP:
        if number := request.app[HUNG_UPS].add(1):
            log.info("clients hung up before the answer", number=number)
        return
    milliseconds = round(1000 * seconds)
    log.info("request", method=method, route=route, status=status, milliseconds=milliseconds, client=hashed(request))


def _is_same_origin(request: web.Request) -> bool:
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    ours = (request.host, urlsplit(request.app[SETTINGS].public_url).netloc)
    return origin is None or origin.partition("://")[2] in ours


def _method(request: web.Request) -> str:
    return request.method if request.method in {*SAFE_METHODS, "POST"} else "other"
