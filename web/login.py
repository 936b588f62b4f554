"""Logging in and out."""

import re
from functools import partial

from aiohttp import web

from core.errors import AccountInactive, WrongCredentials
from core.services import account, sessions
from web.courses import MY_COURSES
from web.form_tokens import StaleForm
from web.forms import printable, read_posted
from web.pages import PAGES, see_other

LONGEST_IDENTIFIER = 254
LONGEST_PASSWORD = 128


LOCAL_PATH = re.compile(r"/(?!/)[\w/.~-]*", re.ASCII)  # nothing that a browser could read as another site


async def log_in_page(request: web.Request) -> web.Response:
    """Show the log-in form; who is logged in is led on."""
    next_page = _local(request.query.get("next", ""))
    if await request.app[PAGES].who(request):
        return see_other(next_page)
    return await _log_in_form(request, identifier="", next_page=next_page)


async def log_in(request: web.Request) -> web.Response:
    """Log in with an e-mail address or login. Unknown ones get the same answer in the same time as wrong passwords."""
    site, form = request.app[PAGES], await read_posted(request)
    identifier = printable(form.get("identifier", ""), longest=LONGEST_IDENTIFIER)
    next_page = _local(form.get("next", ""))
    again = partial(_log_in_form, request, identifier=identifier, next_page=next_page)
    try:
        site.check_ticket(request, form, "log in")
        user_id = await site.check_password(identifier, form.get("password", "")[:LONGEST_PASSWORD])
        return await site.start_session(request, user_id, to=next_page)
    except StaleForm:
        return await again(problem="stale", status=403)
    except WrongCredentials:
        return await again(problem="wrong", status=422)
    except AccountInactive:
        return await again(problem="inactive", status=403)


async def log_out(request: web.Request) -> web.Response:
    """Log out."""
    site, form = request.app[PAGES], await read_posted(request)
    site.check_ticket(request, form, "portal")
    if token := site.cookies.session(request):
        await site.engine.write(sessions.end, token)
    response = see_other("/login")
    site.cookies.end_session(response)
    return response


async def _log_in_form(
    request: web.Request, *, identifier: str, next_page: str, problem: str | None = None, status: int = 200
) -> web.Response:
    site = request.app[PAGES]
    organisation = await site.engine.read(account.organisation)
    values = {"identifier": identifier, "next_page": next_page, "problem": problem}
    return site.show(request, "log_in.html", organisation, status=status, **values)


def _local(path: str) -> str:
    """Keep a path of ours; whatever could lead to another site is replaced by My Courses."""
    return path if LOCAL_PATH.fullmatch(path) else MY_COURSES
