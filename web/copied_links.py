"""Links that were copied with more than the link: a redirect to the sign-up link that was meant, if there is one."""

from aiohttp import web

from core.domain.copied_links import possible_tokens
from core.security_log import SecurityEvent
from core.services import profile_links
from web.app_keys import ENGINE
from web.responses import see_other
from web.security_events import report


async def lead_on(request: web.Request) -> web.Response:
    """Redirect from an address that begins like a link. Raises 404 if no link was meant."""
    return await redirect(request, request.match_info["copied"])


async def redirect(request: web.Request, copied: str) -> web.Response:
    """Redirect to the link that is meant by what stands behind `/s/`. Raises 404 if there is none."""
    if tokens := possible_tokens(copied):
        found = await request.app[ENGINE].read(profile_links.find_copied, tokens)
        if found is not None:
            return see_other(f"/s/{found}")
    raise not_found(request)


def not_found(request: web.Request) -> web.HTTPNotFound:
    """Return the answer to an unknown link, which is recorded: tokens could be tried."""
    report(request, SecurityEvent.CODE_REFUSED)
    return web.HTTPNotFound()
