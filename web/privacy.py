"""The privacy policy that new learners agree to."""

from aiohttp import web

from core.services import account, policies
from web.app_keys import ENGINE
from web.pages import PAGES


async def show(request: web.Request) -> web.Response:
    """Show the privacy policy that new learners agree to; 404 if there is none."""
    engine = request.app[ENGINE]
    policy = await engine.read(policies.privacy_policy)
    if policy is None:
        raise web.HTTPNotFound
    organisation = await engine.read(account.organisation)
    paragraphs = [paragraph for paragraph in policy.splitlines() if paragraph.strip()]
    return request.app[PAGES].show(request, "privacy.html", organisation, paragraphs=paragraphs)
