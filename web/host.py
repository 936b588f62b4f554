"""The host that a request names: only ours is answered, so that no other site's name can stand for this one.

Browsers send the name that they looked up. A stranger's name that leads here (DNS rebinding) must not reach the pages.
"""

import re
from ipaddress import ip_address

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from core.security_log import SecurityEvent
from web.app_keys import SETTINGS
from web.security_events import report

HOST = re.compile(r"(?P<name>[a-z0-9._-]+?|\[[0-9a-f:.]+\])\.?(?::[0-9]{0,5})?", re.IGNORECASE)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})

log = structlog.get_logger()


@web.middleware
async def own_host(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a request for another host than PUBLIC_URL's, or for none; on this machine, loopback's names are ours."""
    named = set(request.headers.getall("Host", []))
    if named:
        named.add(request.host)  # an absolute request target goes before the header (RFC 9112, 3.2.2)
    names = {_name(host) for host in named}
    if len(names) > 1:
        raise web.HTTPBadRequest
    if not names <= _ours(request) or (not names and not is_from_this_machine(request)):
        log.debug("host refused", host=str(*names)[:100])
        report(request, SecurityEvent.HOST_REFUSED)
        raise web.HTTPMisdirectedRequest
    return await handler(request)


def is_from_this_machine(request: web.Request) -> bool:
    """Whether the connection itself comes from this machine; it may be that of a proxy."""
    try:
        return ip_address((request.remote or "").partition("%")[0]).is_loopback
    except ValueError:
        return False


def names_loopback(request: web.Request) -> bool:
    """Whether the request names no host, or this machine: proxies on it that pass the host on name another."""
    return {_name(host) for host in request.headers.getall("Host", [])} <= LOOPBACK


def _ours(request: web.Request) -> frozenset[str]:
    public = _name(URL(request.app[SETTINGS].public_url).host_port_subcomponent or "")
    is_here = public in LOOPBACK or is_from_this_machine(request)
    return frozenset({public}) | (LOOPBACK if is_here else frozenset())


def _name(host: str) -> str:
    """Return a host without its port, in lower case; empty if it can't be read."""
    matched = HOST.fullmatch(host)
    return matched["name"].lower() if matched else ""
