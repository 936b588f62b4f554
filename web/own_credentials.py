"""What a user logs in with, changed by themselves: the password, and the e-mail address; either needs the password."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from core.domain.form_fields import BUILT_IN, Newcomer, check_password, read_email
from core.domain.passwords import refuse_weak
from core.errors import (
    Busy,
    EmailLinkGone,
    EmailTaken,
    InvalidForm,
    Problem,
    TooManyAtOnce,
    TooManyAttempts,
    WrongCredentials,
)
from core.fair_queue import Lane
from core.security_log import SecurityEvent
from core.services import account, email_changes, own_details
from core.services import limits as counted
from core.services.own_details import OwnDetails
from web import authentication, limits
from web.app_keys import ENGINE
from web.authentication import requester_of, start_session
from web.form_tokens import StaleForm, check_form_token, stale_notice
from web.forms import read_posted
from web.mail import addressee, can_mail, mail_language
from web.own_details import PATH, PURPOSE, for_users, too_often
from web.pages import PAGES
from web.responses import see_other, to_send_again
from web.security_events import report
from web.texts import OVERLOADS

EMAIL, PASSWORD = (next(each for each in BUILT_IN if each.name == name) for name in ("email", "password"))
NO_PROBLEMS: Mapping[str, Problem | str] = {}
LINK = "new address"
Save = Callable[[web.Request, OwnDetails, Mapping[str, str]], Awaitable[web.Response]]


@for_users
async def show_password(request: web.Request, found: OwnDetails) -> web.Response:
    """Show the form by which the password is changed."""
    return _form(request, found, "own_password.html")


@for_users
async def save_password(request: web.Request, found: OwnDetails) -> web.Response:
    """Verify the current password and set the new one; all other log-ins of the user end."""
    form = await read_posted(request)
    return await _answer(request, found, "own_password.html", form, _save_password)


@for_users
async def show_email(request: web.Request, found: OwnDetails) -> web.Response:
    """Show the form by which the address is changed."""
    return _form(request, found, "own_email.html", {"email": found.email or ""})


@for_users
async def save_email(request: web.Request, found: OwnDetails) -> web.Response:
    """Verify the password, and send a link to the new address; without e-mail it holds at once."""
    form = await read_posted(request)
    return await _answer(request, found, "own_email.html", form, _save_email)


@for_users
async def give_up_email(request: web.Request, found: OwnDetails) -> web.Response:
    """Keep the old address: the link that was sent to the new one is void."""
    check_form_token(request, await read_posted(request), PURPOSE)
    await request.app[ENGINE].write(email_changes.give_up, found.learner.user_id)
    return see_other(PATH)


async def show_link(request: web.Request) -> web.Response:
    """Show the button that confirms a new address. Changes nothing: mail scanners open links."""
    return await _link(request)


async def confirm_link(request: web.Request) -> web.Response:
    """Give the user of a mailed link the new address, and tell the old one."""
    form, engine = await read_posted(request), request.app[ENGINE]
    told = {"mail_in": mail_language(request, await engine.read(account.organisation))}
    try:
        check_form_token(request, form, LINK)
        await engine.write(email_changes.confirm, request.match_info["code"], engine.now(), **told)
    except StaleForm:
        return await _link(request, status=403, notice=stale_notice(request, form))
    except EmailLinkGone:
        return await _link(request)
    except EmailTaken:
        return await _link(request, status=409, notice="address in use")
    return see_other(f"{PATH}?note=address")


async def _save_password(request: web.Request, found: OwnDetails, form: Mapping[str, str]) -> web.Response:
    """Set the new password. Raises WrongCurrent, InvalidForm, TooManyAttempts, Busy, TooManyAtOnce."""
    engine, user_id = request.app[ENGINE], found.learner.user_id
    await _verify(request, found, form, check_password, form.get("password", ""))
    check = partial(refuse_weak, newcomer=_judged_by(found), organisation=found.organisation.name)
    requester = requester_of(request, Lane.NEW_PASSWORD, str(user_id))
    hashed = await engine.passwords.hash(requester, form["password"], check if found.strong_passwords else None)
    told = {"mail_in": mail_language(request, found.organisation)}
    await engine.write(own_details.change_password, user_id, hashed, engine.now(), **told)
    return await start_session(request, user_id, to=f"{PATH}?note=password")


async def _save_email(request: web.Request, found: OwnDetails, form: Mapping[str, str]) -> web.Response:
    """Take the new address. Raises WrongCurrent, InvalidForm, TooManyAttempts, Busy, TooManyAtOnce."""
    engine, user_id, typed = request.app[ENGINE], found.learner.user_id, form.get("email", "")
    await _verify(request, found, form, read_email, typed, found.email_domains)
    if to := addressee(request, found.organisation, typed):
        await engine.write(email_changes.ask, user_id, typed, to, engine.now())
        return see_other(f"{PATH}?note=sent")
    await limits.count(request, limits.own_attempts(user_id))  # the answer tells whether another has the address
    await engine.write(own_details.change_email, user_id, typed, engine.now())
    return see_other(f"{PATH}?note=address")


@dataclass(eq=False)
class WrongCurrent(Exception):  # noqa: N818 - an answer to a user
    """The current password is missing or wrong: `current` is a key of `texts.CURRENT_PASSWORD`.

    `others` is what is wrong with the other field, if anything.
    """

    current: str
    others: Mapping[str, Problem]

    @property
    def problems(self) -> Mapping[str, Problem | str]:
        """What is wrong, by field."""
        return {"current": self.current, **self.others}


async def _verify(
    request: web.Request, found: OwnDetails, form: Mapping[str, str], check: Callable[..., object], *typed: object
) -> None:
    """Verify the current password, after the other field was checked: all faults are told at once.

    Raises WrongCurrent, InvalidForm, TooManyAttempts, Busy, TooManyAtOnce.
    """
    others: Mapping[str, Problem] = {}
    try:
        check(*typed)
    except InvalidForm as invalid:
        others = invalid.problems
    current = form.get("current", "")
    if not current:
        raise WrongCurrent(current="missing", others=others)
    if others:
        raise InvalidForm(dict(others))
    try:
        checked = await authentication.check_password(request, found.identifier, current)
    except WrongCredentials:
        raise WrongCurrent(current="wrong", others=others) from None
    await request.app[ENGINE].write(counted.give_back, checked.attempts)


async def _answer(
    request: web.Request, found: OwnDetails, template: str, form: Mapping[str, str], save: Save
) -> web.Response:
    """Save a form, or show it again with what was wrong, and what was entered but the passwords."""
    again = partial(_form, request, found, template, form)
    try:
        check_form_token(request, form, PURPOSE)
        return await save(request, found, form)
    except StaleForm:
        return again(status=403, notice=stale_notice(request, form))
    except (WrongCurrent, InvalidForm) as wrong:
        return again(status=422, problems=wrong.problems)
    except (Busy, TooManyAtOnce) as refused:
        status, notice = OVERLOADS[type(refused)]
        return to_send_again(again(status=status, notice=notice), refused.retry_after)
    except TooManyAttempts as refused:
        return too_often(request, found, refused, again)


def _judged_by(found: OwnDetails) -> Newcomer:
    """Return what is known of the user, which a strong password doesn't contain."""
    values = {name: value for each in found.details for name, value in each.values.items()}
    return Newcomer(
        first_name=values["first_name"],
        last_name=values["last_name"],
        email=found.email or "",
        login=found.login or "",
        phone=values.get("phone", ""),
        job_title=values.get("job_title", ""),
    )


def _form(
    request: web.Request,
    found: OwnDetails,
    template: str,
    values: Mapping[str, str] | None = None,
    *,
    status: int = 200,
    problems: Mapping[str, Problem | str] = NO_PROBLEMS,
    notice: str | None = None,
    again: Mapping[str, str] | None = None,
) -> web.Response:
    told = {"notice": notice, "again": again or {}, "purpose": PURPOSE, "problems": problems, "found": found}
    rules = {
        "email_domains": ", ".join(f"@{domain}" for domain in found.email_domains),
        "strong_passwords": found.strong_passwords,
    }
    shown = {"values": values or {}, "email": EMAIL, "password": PASSWORD, "by_mail": can_mail(request)}
    return request.app[PAGES].show(request, template, found.organisation, status=status, **told, **rules, **shown)


async def _link(request: web.Request, *, status: int = 200, notice: str | None = None) -> web.Response:
    """Show what a mailed link confirms, or that it no longer does."""
    engine, pages = request.app[ENGINE], request.app[PAGES]
    try:
        found = await engine.read(email_changes.find, request.match_info["code"], engine.now())
    except EmailLinkGone:
        report(request, SecurityEvent.CODE_REFUSED)
        return pages.show(request, "own_email_link_gone.html", await engine.read(account.organisation), status=410)
    shown = {"found": found, "notice": notice, "purpose": LINK}
    return pages.show(request, "own_email_link.html", found.organisation, status=status, **shown)
