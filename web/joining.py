"""The page on which a learner who is logged in joins the department of another link, where the account allows it."""

from collections.abc import Mapping

from aiohttp import web

from core.errors import LinkClosed, NotAllowed, NotExpected, TooManyAttempts, UnknownLink
from core.services import account, joining
from core.services.joining import Offer
from core.services.sessions import SignedIn
from web import copied_links, limits
from web.app_keys import ENGINE
from web.authentication import find_signed_in
from web.courses import MY_COURSES
from web.form_tokens import StaleForm, check_form_token, stale_notice
from web.forms import read_posted
from web.pages import PAGES
from web.responses import see_other, to_send_again


async def show(request: web.Request) -> web.Response:
    """Show what joining means, with a button. Changes nothing: messengers and mail scanners fetch links, too."""
    return await _answer(request, None)


async def join(request: web.Request) -> web.Response:
    """Join the department, and redirect the learner to My Courses."""
    return await _answer(request, await read_posted(request))


async def _answer(request: web.Request, form: Mapping[str, str] | None) -> web.Response:
    token, engine = request.match_info["token"], request.app[ENGINE]
    learner = await find_signed_in(request)
    if learner is None:
        return see_other(f"/login?next={request.path}")
    try:
        found = await engine.read(joining.offer, learner.user_id, token, engine.now())
        if found.is_there:
            return see_other(MY_COURSES)
        return _page(request, found) if form is None else await _join(request, learner, found, form)
    except UnknownLink:
        raise copied_links.not_found(request) from None
    except (LinkClosed, NotAllowed):  # the link's own page says why
        return see_other(f"/s/{token}")
    except NotExpected:
        organisation = await engine.read(account.organisation)
        return request.app[PAGES].show(request, "join_refused.html", organisation, status=403)


async def _join(request: web.Request, learner: SignedIn, found: Offer, form: Mapping[str, str]) -> web.Response:
    """Raises UnknownLink, LinkClosed, NotAllowed, NotExpected if that became so in between."""
    token, engine = request.match_info["token"], request.app[ENGINE]
    try:
        check_form_token(request, form, purpose(token))
        attempts = limits.own_attempts(learner.user_id)
        await engine.write(joining.join, learner.user_id, token, engine.now(), attempts=attempts)
    except StaleForm:
        return _page(request, found, status=403, notice=stale_notice(request, form))
    except TooManyAttempts as refused:
        again = limits.moments(request, found.organisation, refused)
        page = _page(request, found, status=429, notice=limits.notice(request, refused), again=again)
        return to_send_again(page, limits.seconds_left(request, refused))
    return see_other(f"{MY_COURSES}?joined")


def purpose(token: str) -> str:
    """Return what the form token of the page is for."""
    return f"join {token}"


def _page(
    request: web.Request,
    found: Offer,
    *,
    status: int = 200,
    notice: str | None = None,
    again: Mapping[str, str] = limits.NO_MOMENTS,
) -> web.Response:
    return request.app[PAGES].show(
        request,
        "join.html",
        found.organisation,
        status=status,
        offer=found,
        notice=notice,
        again=again,
        purpose=purpose(request.match_info["token"]),
    )
