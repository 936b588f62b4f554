"""The address and the password of a sign-up that waits for an approval, changed by its person on the status page."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from aiohttp import web

from core.domain.form_fields import check_password, read_email
from core.domain.passwords import refuse_weak
from core.errors import Busy, InvalidForm, NotExpected, Problem, SignUpNotPending, TooManyAtOnce, WrongCredentials
from core.fair_queue import Lane
from core.services import waiting_credentials
from core.services.status_pages import StatusPage
from core.services.waiting_credentials import Change, Changeable
from web import limits, status_pages
from web.app_keys import ENGINE
from web.authentication import requester_of
from web.mail import addressee
from web.responses import see_other, to_send_again
from web.status_forms import of_status_page, verify_chosen
from web.status_pages import Trouble
from web.texts import OVERLOADS

CHOSEN = "chosen"  # the field of the password that was chosen on the form

NO_PROBLEMS: Mapping[str, Problem] = {}


async def change(request: web.Request) -> web.Response:
    """Change what was entered, and say so on the status page, or there that it can't be changed now."""
    return await of_status_page(request, _change_if_possible)


async def _change_if_possible(request: web.Request, page: StatusPage, form: Mapping[str, str]) -> web.Response:
    try:
        return await _change(request, page, form)
    except SignUpNotPending:  # it was declined, which can be undone; or it no longer waits, which the page says instead
        return see_other(f"/w/{request.match_info['code']}?note=unchanged")


async def _change(request: web.Request, page: StatusPage, form: Mapping[str, str]) -> web.Response:
    """Change it, or show the form again with all that was wrong. Raises StatusPageGone, SignUpNotPending, ..."""
    engine, code = request.app[ENGINE], request.match_info["code"]
    known = await engine.read(waiting_credentials.find, code, engine.now())
    again = partial(_again, request, page, form.get("email", ""))
    problems, lacks = _problems(page, form), not form.get(CHOSEN) and status_pages.asks_password(request, page)
    if problems or lacks:
        return again(problems=problems, chosen="missing" if lacks else None)
    try:
        return await _save(request, page, known, form)
    except InvalidForm as invalid:
        return again(problems=invalid.problems)
    except WrongCredentials:
        return again(chosen="wrong")
    except NotExpected:
        return again(status=403, notice="not expected")
    except (Busy, TooManyAtOnce) as busy:
        status, notice = OVERLOADS[type(busy)]
        return to_send_again(again(status=status, notice=notice), busy.retry_after)


def _problems(page: StatusPage, form: Mapping[str, str]) -> dict[str, Problem]:
    """Return what is wrong with the shape of a new address and of a new password."""
    found, typed, password = dict[str, Problem](), form.get("email", ""), form.get("password", "")
    try:
        if typed != page.email:
            read_email(typed, page.email_domains)
    except InvalidForm as invalid:
        found |= invalid.problems
    try:
        if password:
            check_password(password)
    except InvalidForm as invalid:
        found |= invalid.problems
    return found


def _again(
    request: web.Request,
    page: StatusPage,
    typed: str,
    *,
    status: int = 422,
    notice: str | None = None,
    problems: Mapping[str, Problem] = NO_PROBLEMS,
    chosen: str | None = None,
) -> web.Response:
    about = Trouble(status=status, notice=notice, typed=typed, chosen=chosen)
    trouble = replace(about, email=problems.get("email"), password=problems.get("password"))
    return status_pages.show_again(request, page, trouble)


async def _save(request: web.Request, page: StatusPage, known: Changeable, form: Mapping[str, str]) -> web.Response:
    """Count, verify, hash and store. Raises InvalidForm, NotExpected, WrongCredentials, TooManyAttempts, Busy, ..."""
    engine, code, user_id = request.app[ENGINE], request.match_info["code"], known.credentials.user_id
    is_new = form["email"] != page.email
    told = limits.sign_up_attempts(request, page.token) if is_new else ()  # the answer may tell of others
    await limits.count(request, [*told, *limits.own_attempts(user_id)])
    if status_pages.asks_password(request, page):
        await verify_chosen(request, known.credentials, page.email, form[CHOSEN])
    to, hashed = addressee(request, page.organisation, form["email"]), await _hash(request, page, known, form)
    wanted = Change(email=form["email"], password_hash=hashed, to=to)
    is_mailed = await engine.write(waiting_credentials.change, code, wanted, engine.now())
    response = see_other(f"/w/{code}?note={'sent' if is_mailed else 'changed'}")
    limits.remember_device(request, response, user_id)  # the form's key is that of the old address
    return response


async def _hash(request: web.Request, page: StatusPage, known: Changeable, form: Mapping[str, str]) -> str | None:
    """Hash the new password; None if there is none. Raises InvalidForm (it is easy to guess), Busy, TooManyAtOnce."""
    if not form.get("password"):
        return None
    check = partial(refuse_weak, newcomer=known.person, organisation=page.organisation.name)
    requester = requester_of(request, Lane.NEW_PASSWORD, str(known.credentials.user_id))
    passwords = request.app[ENGINE].passwords
    return await passwords.hash(requester, form["password"], check if page.strong_passwords else None)
