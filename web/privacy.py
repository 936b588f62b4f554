"""The privacy policy that new learners agree to, in all its versions."""

from typing import Any

from aiohttp import web

from core.services import account, policies
from core.services.policies import PrivacyPolicy
from web.app_keys import ENGINE
from web.pages import PAGES


async def show(request: web.Request) -> web.Response:
    """Show the privacy policy that is in force; 404 if there is none."""
    return await _page(request, await request.app[ENGINE].read(policies.privacy_policy))


async def show_version(request: web.Request) -> web.Response:
    """Show a version of the privacy policy, the one in force or an earlier one; 404 if there is no such version."""
    version = int(request.match_info["version"])
    return await _page(request, await request.app[ENGINE].read(policies.privacy_policy, version))


async def _page(request: web.Request, policy: PrivacyPolicy | None) -> web.Response:
    if policy is None:
        raise web.HTTPNotFound
    engine, pages = request.app[ENGINE], request.app[PAGES]
    organisation = await engine.read(account.organisation)
    published = None
    if policy.published_at:
        language = pages.language(request, organisation)
        published = language.moment(policy.published_at, organisation.zone, now=engine.now())
    is_replaced = not policy.in_force and await engine.read(policies.privacy_policy) is not None
    paragraphs = [paragraph for paragraph in policy.text.splitlines() if paragraph.strip()]
    values: dict[str, Any] = {"published": published, "is_replaced": is_replaced, "paragraphs": paragraphs}
    return pages.show(request, "privacy.html", organisation, policy=policy, **values)
