"""The Mini App: opened in Telegram, it shows the sign-up form and My Courses to the person whom Telegram names."""

import re
from collections.abc import Mapping

from aiohttp import web

from core.domain.init_data import InitData, read_init_data
from core.errors import InitDataProblem, InitDataRefused, TooManyAttempts
from core.security_log import Reason, SecurityEvent
from core.services import account, courses, mini_app
from core.services.sessions import Browser
from web import themes
from web.app_keys import ENGINE, SETTINGS
from web.cookies import COOKIES
from web.course_links import check_course_link
from web.courses import MY_COURSES, is_fetched_ahead
from web.devices import IN_TELEGRAM
from web.forms import read_posted
from web.host import is_from_this_machine, names_loopback
from web.limits import seconds_left
from web.mini_app_cookie import MiniAppCookie
from web.pages import PAGES
from web.places import is_in_mini_app
from web.responses import see_other, to_send_again
from web.security_events import report
from web.static_files import MINI_APP, script_name
from web.texts import MINI_APP_OPENING, MINI_APP_REFUSED, MINI_APP_TOO_OFTEN, MINI_APP_WITHOUT_LINK

LINK = re.compile(r"[A-Za-z0-9_-]{1,64}")  # a link's token, as in `/s/<token>`
BOT_TOKEN = web.AppKey("bot_token", str)
COOKIE = web.AppKey("mini_app_cookie", MiniAppCookie)
REASONS = {
    InitDataProblem.FORGED: Reason.FORGED,
    InitDataProblem.OLD: Reason.OLD,
    InitDataProblem.REPLAYED: Reason.REPLAYED,
}


async def show(request: web.Request) -> web.Response:
    """Show a page that posts what Telegram tells by a script; without one, or outside of Telegram, the way out."""
    link = request.query.get("tgWebAppStartParam") or request.query.get("link") or ""
    known = link if LINK.fullmatch(link) else ""
    return await _page(request, MINI_APP_OPENING, known, is_opening=True)


async def open_app(request: web.Request) -> web.Response:
    """Begin a visit by what Telegram tells of the person; lead to the link's form, or to My Courses."""
    form = await read_posted(request)
    link = form.get("link", "") if LINK.fullmatch(form.get("link", "")) else ""
    try:
        data = _read(request, form.get("init_data", ""))
        link = data.start if LINK.fullmatch(data.start) else link
        return await _begin(request, data, link, form.get("theme", ""))
    except InitDataRefused as refused:
        report(request, SecurityEvent.FORM_REFUSED, reason=REASONS[refused.problem])
        return await _page(request, MINI_APP_REFUSED[refused.problem], link, status=403)
    except TooManyAttempts as refused:
        page = await _page(request, MINI_APP_TOO_OFTEN, link, status=429)
        return to_send_again(page, seconds_left(request, refused))


async def open_course(request: web.Request) -> web.Response:
    """Start a course and lead to it: by a signed link, because it opens in a browser without the Mini App's cookie."""
    engine, course_id = request.app[ENGINE], int(request.match_info["course_id"])
    learner_id = int(request.match_info["user_id"])
    if not check_course_link(request, learner_id, course_id):
        return see_other(f"{request.app[SETTINGS].public_url}/courses/{course_id}/open")
    if is_fetched_ahead(request):
        link = await engine.read(courses.link, learner_id, course_id)
    else:
        link = await engine.write(courses.begin, learner_id, course_id, engine.now())
    if link is None:
        raise web.HTTPNotFound
    return see_other(link)


async def first_values(request: web.Request) -> Mapping[str, str]:
    """Return what the form begins with: in the Mini App the person's name in Telegram."""
    visitor, is_new = request.app[COOKIES].visitor(request)
    if is_new or not is_in_mini_app(request):
        return {}
    found = await request.app[ENGINE].read(mini_app.find_visitor, visitor, request.app[ENGINE].now())
    return {"first_name": found.first_name, "last_name": found.last_name} if found else {}


def _read(request: web.Request, init_data: str) -> InitData:
    """Verify what Telegram tells. The sandbox's token is no secret, so its word counts on this machine only.

    Raises InitDataRefused.
    """
    is_here = is_from_this_machine(request) and names_loopback(request)
    if request.app[SETTINGS].bot_token is None and not is_here:
        raise InitDataRefused(InitDataProblem.FORGED)
    return read_init_data(init_data, request.app[BOT_TOKEN])


async def _begin(request: web.Request, data: InitData, link: str, theme_parameters: str) -> web.Response:
    """Begin or resume a visit. Raises InitDataRefused, TooManyAttempts."""
    engine, cookie = request.app[ENGINE], request.app[COOKIE]
    visitor, earlier, browser = (
        cookie.new_number(),
        cookie.earlier_visitor(request),
        Browser(device=IN_TELEGRAM, earlier=cookie.session(request)),
    )
    opened = await engine.write(mini_app.open_app, data, visitor, engine.now(), earlier=earlier, browser=browser)
    is_logged_in = bool(opened.session_token or (opened.is_resumed and browser.earlier))
    response = await _next_page(request, link, is_logged_in=is_logged_in)
    if opened.is_resumed:
        return response
    if opened.user_id is not None:
        report(request, SecurityEvent.LOGGED_IN, user=opened.user_id)
    theme, code = themes.from_telegram(theme_parameters), request.app[PAGES].code_of(data.language)
    cookie.begin(
        response,
        visitor=visitor,
        session=opened.session_token or "",
        language=code or "",
        theme=theme.text if theme else "",
    )
    return response


async def _next_page(request: web.Request, link: str, *, is_logged_in: bool) -> web.Response:
    """Lead to a link's form, else to My Courses; a person without either is told what to do."""
    if link:
        return see_other(f"/s/{link}")
    if is_logged_in:
        return see_other(MY_COURSES)
    return await _page(request, MINI_APP_WITHOUT_LINK, "")


async def _page(
    request: web.Request, words: tuple[str, str], link: str, *, status: int = 200, is_opening: bool = False
) -> web.Response:
    """Show a title and an advice, with the way to the ordinary page."""
    organisation = await request.app[ENGINE].read(account.organisation)
    title, advice = words
    outside = f"{request.app[SETTINGS].public_url}{f'/s/{link}' if link else MY_COURSES}"
    shown = {"title": title, "advice": advice, "link": link, "outside": outside, "is_opening": is_opening}
    return request.app[PAGES].show(
        request, "mini_app.html", organisation, status=status, script=script_name(MINI_APP), **shown
    )
