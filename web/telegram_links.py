"""Links by which learners connect their Telegram: from My Courses, their own data, and while they wait."""

from aiohttp import web

from core.errors import StatusPageGone
from core.services import telegram_connections
from core.services.account import Organisation
from core.services.own_details import OwnDetails
from web import own_details, status_pages
from web.app_keys import ENGINE
from web.courses import MY_COURSES
from web.form_tokens import StaleForm, check_form_token, stale_notice
from web.forms import read_posted
from web.own_details import PATH, for_users
from web.pages import PAGES
from web.responses import see_other
from web.status_pages import Trouble


@for_users
async def connect(request: web.Request, found: OwnDetails) -> web.Response:
    """Show a new link to the bot, which connects the Telegram account that opens it, and the way back."""
    form = await read_posted(request)
    check_form_token(request, form, own_details.PURPOSE)
    back = MY_COURSES if form.get("from") == "courses" else PATH
    return await _link(request, found.organisation, found.learner.user_id, back=back)


@for_users
async def disconnect(request: web.Request, found: OwnDetails) -> web.Response:
    """End the connection."""
    check_form_token(request, await read_posted(request), own_details.PURPOSE)
    await request.app[ENGINE].write(telegram_connections.disconnect, found.learner.user_id)
    return see_other(f"{PATH}?note=saved")


async def connect_waiting(request: web.Request) -> web.Response:
    """Show the same to a person who waits, on whose page they asked for it."""
    form, back = await read_posted(request), f"/w/{request.match_info['code']}"
    try:
        page = await status_pages.find(request)
        check_form_token(request, form, status_pages.PURPOSE)
    except StatusPageGone:
        return await status_pages.gone(request)
    except StaleForm:
        return status_pages.show_again(request, page, Trouble(status=403, notice=stale_notice(request, form)))
    if not page.offers_telegram or page.user_id is None:
        return see_other(back)
    return await _link(request, page.organisation, page.user_id, back=back)


async def _link(request: web.Request, organisation: Organisation, user_id: int, *, back: str) -> web.Response:
    engine = request.app[ENGINE]
    link = await engine.write(telegram_connections.link, user_id, engine.now())
    if link is None:
        return see_other(back)
    return request.app[PAGES].show(request, "telegram_link.html", organisation, link=link, back=back)
