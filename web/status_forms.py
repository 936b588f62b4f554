"""Forms of the status page: what is common to all of them, whatever they change."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from core.errors import (
    Busy,
    EmailTaken,
    SignUpNotPending,
    StatusPageGone,
    TooManyAtOnce,
    TooManyAttempts,
    WrongCredentials,
)
from core.fair_queue import Lane
from core.security_log import Reason, SecurityEvent
from core.services import account
from core.services.limits import take_back
from core.services.sessions import Credentials
from core.services.status_pages import StatusPage
from web import limits, status_pages
from web.app_keys import ENGINE
from web.authentication import requester_of
from web.courses import MY_COURSES
from web.form_tokens import StaleForm, check_form_token, stale_notice
from web.forms import read_posted
from web.pages import PAGES
from web.responses import see_other, to_send_again
from web.security_events import report
from web.status_pages import PURPOSE, Trouble

Work = Callable[[web.Request, StatusPage, Mapping[str, str]], Awaitable[web.Response]]


async def of_status_page(request: web.Request, work: Work) -> web.Response:
    """Do what a form of a status page asks for, if its sign-up still waits."""
    form = await read_posted(request)
    try:
        page = await status_pages.find(request)
    except StatusPageGone:
        return await status_pages.gone(request)
    try:
        check_form_token(request, form, PURPOSE)
        return await work(request, page, form)
    except StaleForm:
        notice, digits, typed = stale_notice(request, form), form.get("digits", ""), form.get("email", "")
        return status_pages.show_again(request, page, Trouble(status=403, notice=notice, entered=digits, typed=typed))
    except (SignUpNotPending, StatusPageGone):  # it was confirmed, withdrawn or has expired meanwhile: the page says so
        return see_other(f"/w/{request.match_info['code']}")
    except EmailTaken as refused:
        return await taken(request, refused.email)
    except TooManyAttempts as refused:
        again, notice = limits.moments(request, page.organisation, refused), limits.notice(request, refused)
        trouble = Trouble(status=429, notice=notice, again=again, typed=form.get("email", ""))
        answer = status_pages.show_again(request, page, trouble)
        return to_send_again(answer, limits.seconds_left(request, refused))


async def verify_chosen(request: web.Request, known: Credentials, email: str, password: str) -> None:
    """Verify the password that was chosen on the form: else a stranger who sent it would share the account.

    Raises WrongCredentials, TooManyAttempts, Busy, TooManyAtOnce.
    """
    engine, attempts = request.app[ENGINE], limits.digits_attempts(known.user_id)
    counted_at = await limits.count(request, attempts)
    requester = requester_of(request, Lane.LOG_IN, email)
    try:
        verified = await engine.passwords.verify(requester, known.password_hash, password)
    except (Busy, TooManyAtOnce):
        await engine.write(take_back, attempts, counted_at)
        raise
    if not verified.is_right:
        report(request, SecurityEvent.LOG_IN_FAILED, user=known.user_id, reason=Reason.WRONG_PASSWORD)
        raise WrongCredentials


async def taken(request: web.Request, email: str) -> web.Response:
    """Say that the address, which the person has just proved to be theirs, got an account since."""
    organisation = await request.app[ENGINE].read(account.organisation)
    shown: dict[str, object] = {"identifier": email, "problem": None, "missing": (), "again": {}}
    return request.app[PAGES].show(request, "taken.html", organisation, status=409, next_page=MY_COURSES, **shown)
