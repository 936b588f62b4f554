"""The page of a one-time link to a new password, and the notice that such a link was made."""

from collections.abc import Mapping
from functools import partial

from aiohttp import web

from core.domain.form_fields import BUILT_IN, check_password
from core.domain.passwords import refuse_weak
from core.errors import (
    AccountInactive,
    Busy,
    InvalidForm,
    PasswordLinkGone,
    Problem,
    TooManyAtOnce,
    TooManyAttempts,
)
from core.fair_queue import Lane
from core.security_log import SecurityEvent
from core.services import account, password_links
from core.services.account import Organisation
from core.services.password_links import Open
from web import limits
from web.app_keys import ENGINE
from web.authentication import find_signed_in, requester_of, start_session
from web.courses import MY_COURSES
from web.form_tokens import StaleForm, check_form_token, stale_notice
from web.forms import read_posted
from web.limits import moments, notice, seconds_left
from web.mail import mail_language
from web.pages import PAGES
from web.responses import see_other, to_send_again
from web.security_events import report
from web.texts import OVERLOADS, PASSWORD_SAVED

[PASSWORD] = [field for field in BUILT_IN if field.name == "password"]


async def show(request: web.Request) -> web.Response:
    """Show the form of a link that can be used. Changes nothing: messengers fetch links, too."""
    try:
        return await _form(request, await _find(request))
    except PasswordLinkGone:
        return await _gone(request)


async def save(request: web.Request) -> web.Response:
    """Set the password, log in, and redirect to My Courses; all other log-ins of the user end."""
    form = await read_posted(request)
    try:
        found = await _find(request)
        return await _answer(request, found, form)
    except PasswordLinkGone:
        return await _gone(request)


async def has_been_told(request: web.Request) -> web.Response:
    """Note that the learner has read that a link was made for them, and show My Courses without that notice."""
    learner, form = await find_signed_in(request), await read_posted(request)
    check_form_token(request, form, "portal")
    if learner:
        await request.app[ENGINE].write(password_links.has_been_told, learner.user_id)
    return see_other(MY_COURSES)


async def _answer(request: web.Request, found: Open, form: Mapping[str, str]) -> web.Response:
    again = partial(_form, request, found)
    try:
        check_form_token(request, form, _purpose(request))
        return await _save(request, found, form.get("password", ""))
    except StaleForm:
        return await again(status=403, notice=stale_notice(request, form))
    except InvalidForm as invalid:
        return await again(status=422, problem=invalid.problems["password"])
    except AccountInactive:
        return await _inactive(request)
    except (Busy, TooManyAtOnce) as refused:
        status, problem = OVERLOADS[type(refused)]
        return to_send_again(await again(status=status, notice=problem), refused.retry_after)
    except TooManyAttempts as refused:
        page = await again(status=429, notice=notice(request, refused), refused=refused)
        return to_send_again(page, seconds_left(request, refused))


async def _save(request: web.Request, found: Open, password: str) -> web.Response:
    """Hash the password and set it. Raises InvalidForm, AccountInactive, PasswordLinkGone, Busy, TooManyAtOnce, ..."""
    engine, code = request.app[ENGINE], request.match_info["code"]
    check_password(password)
    await limits.count(request, limits.password_attempts(code))
    organisation = await engine.read(account.organisation)
    check = partial(refuse_weak, newcomer=found.person, organisation=organisation.name)
    requester = requester_of(request, Lane.NEW_PASSWORD, str(found.user_id))
    hashed = await engine.passwords.hash(requester, password, check if found.strong_passwords else None)
    told = {"mail_in": mail_language(request, organisation)}
    user_id = await engine.write(password_links.use, code, hashed, engine.now(), **told)
    return await start_session(request, user_id, to=MY_COURSES)


async def _find(request: web.Request) -> Open:
    """Find the link of a request. Raises PasswordLinkGone."""
    engine = request.app[ENGINE]
    try:
        return await engine.read(password_links.find, request.match_info["code"], engine.now())
    except PasswordLinkGone:
        report(request, SecurityEvent.CODE_REFUSED)
        raise


async def _form(
    request: web.Request,
    found: Open,
    *,
    status: int = 200,
    notice: str | None = None,
    problem: Problem | None = None,
    refused: TooManyAttempts | None = None,
) -> web.Response:
    organisation = await _organisation(request)
    again = moments(request, organisation, refused) if refused else {}
    judged = {"strong_passwords": found.strong_passwords}
    values = {"identifier": found.identifier, "notice": notice, "problem": problem, "again": again}
    shown = {"purpose": _purpose(request), "field": PASSWORD, "email_domains": "", **judged}
    return request.app[PAGES].show(request, "password_link.html", organisation, status=status, **values, **shown)


async def _inactive(request: web.Request) -> web.Response:
    """Say that the password is saved, and why it can't be used yet."""
    title, advice = PASSWORD_SAVED
    values = {"title": title, "advice": advice, "note": None}
    return request.app[PAGES].show(request, "waiting.html", await _organisation(request), status=403, **values)


async def _gone(request: web.Request) -> web.Response:
    return request.app[PAGES].show(request, "password_link_gone.html", await _organisation(request), status=410)


async def _organisation(request: web.Request) -> Organisation:
    return await request.app[ENGINE].read(account.organisation)


def _purpose(request: web.Request) -> str:
    return f"password {request.match_info['code']}"
