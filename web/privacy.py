"""The privacy policy that newcomers agree to."""

from aiohttp import web

from core.services import account, policies
from web.pages import PAGES


async def show(request: web.Request) -> web.Response:
    """Show the privacy policy that newcomers agree to; 404 where there is none."""
    site = request.app[PAGES]
    policy = await site.engine.read(policies.privacy_policy)
    if policy is None:
        raise web.HTTPNotFound
    organisation = await site.engine.read(account.organisation)
    paragraphs = [paragraph for paragraph in policy.splitlines() if paragraph.strip()]
    return site.show(request, "privacy.html", organisation, paragraphs=paragraphs)
