"""Logging in and out."""

import re
from collections.abc import Mapping, Sequence
from functools import partial

from aiohttp import web

from core.domain.addresses import LONGEST_ADDRESS
from core.domain.text import ROOM, tidy
from core.errors import AccountInactive, Busy, DatabaseUnavailable, TooManyAtOnce, TooManyAttempts, WrongCredentials
from core.services import account
from web import kept_forms, status_pages
from web.app_keys import ENGINE
from web.authentication import Checked, check_password, end_session, find_signed_in, start_session
from web.courses import MY_COURSES
from web.form_tokens import StaleForm, check_form_token, stale_notice
from web.forms import read_posted
from web.limits import moments, notice, seconds_left
from web.pages import PAGES
from web.responses import see_other, to_send_again
from web.texts import LOG_IN_FIELDS, OVERLOADS

LOCAL_PATH = re.compile(r"/(?!/)[\w/.~-]*", re.ASCII)  # nothing that a browser could take for another site


async def log_in_page(request: web.Request) -> web.Response:
    """Show the log-in form, or redirect those who are logged in."""
    next_page = _local(request.query.get("next", ""))
    if await find_signed_in(request):
        return see_other(next_page)
    return await _log_in_form(request, identifier="", next_page=next_page)


async def log_in(request: web.Request) -> web.Response:
    """Log in with an e-mail address or login. An unknown one gets the same answer as a wrong password, as slowly."""
    form = await read_posted(request)
    identifier = tidy(form.get("identifier", "")[: ROOM * LONGEST_ADDRESS])
    next_page = _local(form.get("next", ""))
    try:
        return await _log_in(request, form, identifier, next_page)
    except DatabaseUnavailable:
        return kept_forms.log_in(request, identifier=identifier, next_page=next_page)


async def _log_in(request: web.Request, form: Mapping[str, str], identifier: str, next_page: str) -> web.Response:
    again = partial(_log_in_form, request, identifier=identifier, next_page=next_page)
    try:
        check_form_token(request, form, "log in")
        if missing := [name for name in LOG_IN_FIELDS if not form.get(name, "").strip()]:
            return await again(missing=missing, status=422)
        checked = await check_password(request, identifier, form.get("password", ""))
        return await _enter(request, checked, next_page)
    except StaleForm:
        return await again(problem=stale_notice(request, form), status=403)
    except WrongCredentials:
        return await again(problem="wrong", status=422)
    except AccountInactive:
        return await again(problem="inactive", status=403)
    except (Busy, TooManyAtOnce) as refused:
        status, problem = OVERLOADS[type(refused)]
        return to_send_again(await again(problem=problem, status=status), refused.retry_after)
    except TooManyAttempts as refused:
        page = await again(problem=notice(request, refused), status=429, refused=refused)
        return to_send_again(page, seconds_left(request, refused))


async def _enter(request: web.Request, checked: Checked, next_page: str) -> web.Response:
    """Log in, or lead a person who still waits to the page that says for what. Raises AccountInactive."""
    try:
        return await start_session(request, checked.user_id, to=next_page, attempts=checked.attempts)
    except AccountInactive:
        if status_page := await status_pages.resume(request, checked.user_id, note="right"):
            return status_page
        raise


async def log_out(request: web.Request) -> web.Response:
    """Log out."""
    check_form_token(request, await read_posted(request), "portal")
    return await end_session(request, to="/login")


async def _log_in_form(
    request: web.Request,
    *,
    identifier: str,
    next_page: str,
    problem: str | None = None,
    missing: Sequence[str] = (),
    status: int = 200,
    refused: TooManyAttempts | None = None,
) -> web.Response:
    organisation = await request.app[ENGINE].read(account.organisation)
    again = moments(request, organisation, refused) if refused else {}
    shown = {"problem": problem, "missing": missing, "again": again}
    values = {"identifier": identifier, "next_page": next_page, **shown}
    return request.app[PAGES].show(request, "log_in.html", organisation, status=status, **values)


def _local(path: str) -> str:
    """Return a path of this site; anything that could lead to another site becomes My Courses."""
    return path if LOCAL_PATH.fullmatch(path) else MY_COURSES
