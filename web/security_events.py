"""What the pages report to the security log: the client is hashed, and a route is its pattern, never the path."""

from aiohttp import web

from core.security_log import Reason, SecurityEvent, hashed_client
from web.app_keys import ENGINE, SECRET_KEY
from web.client_address import CLIENT


def hashed(request: web.Request) -> str:
    """Return the pseudonym of a request's client, the same for a whole IPv6 network of a customer (/64)."""
    return hashed_client(request.app[SECRET_KEY], str(request[CLIENT].network))


def route_of(request: web.Request) -> str:
    """Return the pattern of a request's path, which may itself contain a token."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "none"


def report(
    request: web.Request, event: SecurityEvent, *, user: int | None = None, reason: Reason | None = None
) -> None:
    """Write an event of a request."""
    request.app[ENGINE].security_log.write(
        event, user=user, client=hashed(request), reason=reason, route=route_of(request)
    )
