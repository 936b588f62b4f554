"""Confirmation of e-mail addresses: the page behind the mailed link, and what the status page offers meanwhile."""

from collections.abc import Mapping
from functools import partial

from aiohttp import web

from core.errors import (
    Busy,
    EmailTaken,
    InvalidForm,
    NotExpected,
    SignUpNotPending,
    TooManyAtOnce,
    TooManyAttempts,
    WrongCode,
    WrongCredentials,
)
from core.security_log import SecurityEvent
from core.services import account, confirmations, waiting_credentials
from core.services.confirmations import Confirmed, Unconfirmed
from core.services.sessions import Credentials
from core.services.status_pages import StatusPage
from web import limits, status_pages
from web.app_keys import ENGINE
from web.authentication import log_in
from web.cookies import COOKIES
from web.courses import MY_COURSES
from web.devices import browser_of
from web.form_tokens import StaleForm, check_form_token, stale_notice
from web.forms import read_posted
from web.mail import addressee
from web.pages import PAGES
from web.responses import see_other, to_send_again
from web.security_events import report
from web.sent_forms import is_sent_from_here
from web.status_forms import of_status_page, taken, verify_chosen
from web.status_pages import Trouble
from web.texts import OVERLOADS

LINK = "confirmation"


async def show(request: web.Request) -> web.Response:
    """Show the button that confirms an address. Changes nothing: mail scanners open links."""
    try:
        return _page(request, await _find(request))
    except SignUpNotPending:
        return await _gone(request)


async def confirm(request: web.Request) -> web.Response:
    """Confirm the address, log in, and redirect to My Courses, or to the page that says what the sign-up waits for."""
    form = await read_posted(request)
    try:
        found = await _find(request)
        return await _answer(request, found, form)
    except SignUpNotPending:
        return await _gone(request)
    except EmailTaken as refused:
        return await taken(request, refused.email)


async def type_digits(request: web.Request) -> web.Response:
    """Confirm the address by the digits of the message, which was read on another device."""
    return await of_status_page(request, _type_digits)


async def send_again(request: web.Request) -> web.Response:
    """Send the message again, and say so on the status page."""
    return await of_status_page(request, _send_again)


async def change_address(request: web.Request) -> web.Response:
    """Send the message to another address, which the person entered now."""
    return await of_status_page(request, _change_address)


async def lead_back(request: web.Request) -> web.Response:
    """Redirect from a form that changes something to the status page, with it open (see `leading_back`)."""
    query = "&".join(filter(None, ("change", request.query_string)))
    return see_other(f"/w/{request.match_info['code']}?{query}")


async def _answer(request: web.Request, found: Unconfirmed, form: Mapping[str, str]) -> web.Response:
    """Confirm the address, or show the page again with what was wrong. Raises SignUpNotPending, EmailTaken."""
    again = partial(_page, request, found)
    try:
        check_form_token(request, form, LINK)
        if not _is_filled_in_here(request, found):
            if not form.get("password"):
                return again(status=422, problem="missing")
            await verify_chosen(request, found.credentials, found.email, form["password"])
        return await _confirm(request)
    except StaleForm:
        return again(status=403, notice=stale_notice(request, form))
    except WrongCredentials:
        return again(status=422, problem="wrong")
    except (Busy, TooManyAtOnce) as busy:
        status, notice = OVERLOADS[type(busy)]
        return to_send_again(again(status=status, notice=notice), busy.retry_after)
    except TooManyAttempts as refused:
        moments, notice = limits.moments(request, found.organisation, refused), limits.notice(request, refused)
        return to_send_again(again(status=429, notice=notice, again=moments), limits.seconds_left(request, refused))


async def _confirm(request: web.Request) -> web.Response:
    engine, browser = request.app[ENGINE], browser_of(request)
    done = await engine.write(confirmations.confirm, request.match_info["code"], engine.now(), browser=browser)
    return await _enter(request, done)


def _is_filled_in_here(request: web.Request, found: Unconfirmed) -> bool:
    user_id = found.credentials.user_id
    return is_sent_from_here(request, token=found.token, email=found.email, form_key=found.form_key, user_id=user_id)


async def _type_digits(request: web.Request, page: StatusPage, form: Mapping[str, str]) -> web.Response:
    """Confirm by the digits, and by the form's password if this browser isn't the one that sent the form."""
    typed, asks = form.get("digits", ""), status_pages.asks_password(request, page)
    again = partial(Trouble, entered=typed)
    lacks = {name: None if form.get(name, "").strip() else "missing" for name in ("digits", "password")}
    if lacks["digits"] or (asks and lacks["password"]):
        return status_pages.show_again(request, page, again(digits=lacks["digits"], chosen=lacks["password"]))
    try:
        if asks:
            await verify_chosen(request, await _credentials(request), page.email, form["password"])
        else:
            await limits.count(request, limits.digits_attempts(page.user_id))
        return await _confirm_by_digits(request, typed)
    except WrongCode:
        report(request, SecurityEvent.CODE_REFUSED)
        return status_pages.show_again(request, page, again(digits="wrong"))
    except WrongCredentials:
        return status_pages.show_again(request, page, again(chosen="wrong"))
    except (Busy, TooManyAtOnce) as busy:
        status, notice = OVERLOADS[type(busy)]
        answer = status_pages.show_again(request, page, again(status=status, notice=notice))
        return to_send_again(answer, busy.retry_after)


async def _confirm_by_digits(request: web.Request, typed: str) -> web.Response:
    engine, code, browser = request.app[ENGINE], request.match_info["code"], browser_of(request)
    done = await engine.write(confirmations.confirm_by_digits, code, typed, engine.now(), browser=browser)
    return await _enter(request, done)


async def _send_again(request: web.Request, page: StatusPage, _form: Mapping[str, str]) -> web.Response:
    engine, code = request.app[ENGINE], request.match_info["code"]
    to = addressee(request, page.organisation, page.email)
    if to is None:
        return see_other(f"/w/{code}")
    await engine.write(confirmations.send_again, code, to, engine.now())
    return see_other(f"/w/{code}?note=sent")


async def _change_address(request: web.Request, page: StatusPage, form: Mapping[str, str]) -> web.Response:
    engine, code, typed = request.app[ENGINE], request.match_info["code"], form.get("email", "")
    to = addressee(request, page.organisation, typed)
    if to is None:
        return see_other(f"/w/{code}")
    try:
        await engine.write(waiting_credentials.change_address, code, typed, to, engine.now())
    except InvalidForm as invalid:
        return status_pages.show_again(request, page, Trouble(email=invalid.problems["email"], typed=typed))
    except NotExpected:  # it tells who is on a list
        await limits.count(request, limits.sign_up_attempts(request, page.token))
        return status_pages.show_again(request, page, Trouble(status=403, notice="not expected", typed=typed))
    response = see_other(f"/w/{code}?note=sent")
    if page.user_id and not status_pages.asks_password(request, page):  # the form's key is that of the old address
        limits.remember_device(request, response, page.user_id)
    return response


async def _credentials(request: web.Request) -> Credentials:
    engine = request.app[ENGINE]
    return await engine.read(confirmations.credentials, request.match_info["code"], engine.now())


async def _enter(request: web.Request, done: Confirmed) -> web.Response:
    """Lead a person whose address is confirmed to My Courses, or to the page that says what they wait for now."""
    if done.session_token is None:
        organisation = await request.app[ENGINE].read(account.organisation)
        try:
            return await status_pages.begin(request, organisation, done.user_id)
        except SignUpNotPending:  # it was answered meanwhile
            return see_other("/login")
    begun = log_in(request, done.user_id, done.session_token, to=MY_COURSES)
    request.app[COOKIES].set_new(request, begun)
    request.app[COOKIES].end_status_page(request, begun)
    return begun


async def _find(request: web.Request) -> Unconfirmed:
    """Find the sign-up of a mailed link. Raises SignUpNotPending."""
    engine = request.app[ENGINE]
    return await engine.read(confirmations.find, request.match_info["code"], engine.now())


def _page(
    request: web.Request,
    found: Unconfirmed,
    *,
    status: int = 200,
    notice: str | None = None,
    problem: str | None = None,
    again: Mapping[str, str] = limits.NO_MOMENTS,
) -> web.Response:
    wrong = {"notice": notice, "problem": problem, "again": again}
    shown = {"email": found.email, "asks_password": not _is_filled_in_here(request, found), "purpose": LINK, **wrong}
    return request.app[PAGES].show(request, "confirm_link.html", found.organisation, status=status, **shown)


async def _gone(request: web.Request) -> web.Response:
    report(request, SecurityEvent.CODE_REFUSED)
    organisation = await request.app[ENGINE].read(account.organisation)
    return request.app[PAGES].show(request, "confirm_link_gone.html", organisation, status=410)
