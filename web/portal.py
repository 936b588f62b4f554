"""My Courses, and logging in and out."""

from functools import partial
from urllib.parse import urlsplit

from aiohttp import web

from core.errors import AccountInactive
from core.services import courses, sessions
from core.services.courses import Progress
from core.services.sessions import SignedIn
from web.pages import PAGES, SIGNED_IN, read_form, see_other

LONGEST_IDENTIFIER = 254
LONGEST_PASSWORD = 128


async def home(_request: web.Request) -> web.Response:
    """Lead to My Courses."""
    return see_other("/courses")


async def my_courses(request: web.Request) -> web.Response:
    """Show the learner's own courses."""
    site, learner = request.app[PAGES], _learner(request)
    now = site.engine.now()
    mine = await site.engine.read(courses.mine, learner.user_id, now)
    return await site.show(request, "courses.html", courses=mine, now=now)


async def advance(request: web.Request) -> web.Response:
    """Move the learner's own course on: started, or completed."""
    site, learner, form = request.app[PAGES], _learner(request), await read_form(request)
    if site.ticket_number(request, form, "portal") is None:
        raise web.HTTPForbidden
    try:
        to = Progress(form.get("progress", ""))
    except ValueError:
        raise web.HTTPBadRequest from None
    await site.engine.write(courses.advance, learner.user_id, int(request.match_info["course_id"]), to)
    return see_other("/courses")


async def log_in_page(request: web.Request) -> web.Response:
    """Show the log-in form."""
    return await _log_in_form(request, identifier="", next_page=request.query.get("next", ""))


async def log_in(request: web.Request) -> web.Response:
    """Log in with an e-mail address or login. Unknown ones get the same answer in the same time as wrong passwords."""
    site, form = request.app[PAGES], await read_form(request)
    identifier = "".join(c for c in form.get("identifier", "")[:LONGEST_IDENTIFIER] if c.isprintable())
    again = partial(_log_in_form, request, identifier=identifier, next_page=form.get("next", ""))
    if site.ticket_number(request, form, "log in") is None:
        return await again(problem="stale", status=403)
    known = await site.engine.read(sessions.credentials, identifier)
    password = form.get("password", "")[:LONGEST_PASSWORD]
    if not await site.engine.verify(known.password_hash if known else None, password) or known is None:
        return await again(problem="wrong", status=422)
    try:
        return await site.start_session(request, known.user_id, to=_local(form.get("next", "")))
    except AccountInactive:
        return await again(problem="inactive", status=403)


async def log_out(request: web.Request) -> web.Response:
    """Log out."""
    site, form = request.app[PAGES], await read_form(request)
    if site.ticket_number(request, form, "portal") is None:
        raise web.HTTPForbidden
    if token := site.cookies.session(request):
        await site.engine.write(sessions.end, token)
    response = see_other("/login")
    site.cookies.end_session(response)
    return response


async def _log_in_form(
    request: web.Request, *, identifier: str, next_page: str = "", problem: str | None = None, status: int = 200
) -> web.Response:
    return await request.app[PAGES].show(
        request, "log_in.html", status=status, identifier=identifier, problem=problem, next_page=_local(next_page)
    )


def _learner(request: web.Request) -> SignedIn:
    """Give who is logged in; others are led to the log-in and back."""
    learner: SignedIn | None = request.get(SIGNED_IN)
    if learner is None:
        log_in_first = "/login?next=/courses"
        raise web.HTTPSeeOther(log_in_first)
    return learner


def _local(path: str) -> str:
    """Keep a path of ours; whatever could lead to another site is replaced by My Courses."""
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/courses"
    local = path.startswith("/") and not parts.netloc and path.isprintable() and not {"\\", " "} & set(path)
    return path if local and not path.startswith("//") else "/courses"
