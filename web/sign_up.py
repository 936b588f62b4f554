"""The sign-up form of a link: shown, sent, or replaced by the reason why the link is closed."""

from collections.abc import Mapping
from typing import get_args

from aiohttp import web

from core.domain.access import UserState
from core.domain.links import LinkState
from core.domain.rosters import NOT_ON_LIST
from core.errors import (
    AccountInactive,
    Busy,
    DatabaseUnavailable,
    EmailTaken,
    InvalidForm,
    LinkClosed,
    NotExpected,
    ProofNeeded,
    SignUpNotPending,
    TooManyAtOnce,
    TooManyAttempts,
    TooManyWaiting,
    UnknownLink,
    WrongCredentials,
)
from core.fair_queue import Lane
from core.services.redemption import SignedUp
from web import challenges, copied_links, kept_forms, mini_app, status_pages
from web.authentication import check_password, log_in, start_session
from web.cookies import COOKIES
from web.courses import MY_COURSES
from web.form_tokens import StaleForm, stale_notice
from web.forms import read_posted
from web.link_visits import Visit, count, look, visit_of
from web.places import is_in_mini_app
from web.redemption import identify, note_failure, sign_up
from web.responses import see_other, to_send_again
from web.texts import OVERLOADS

PLACE = "place"
FAILED = (InvalidForm, EmailTaken, NotExpected, LinkClosed)  # the form was read; others are turned away unread

Refused = (
    StaleForm
    | InvalidForm
    | EmailTaken
    | AccountInactive
    | Busy
    | TooManyAtOnce
    | TooManyAttempts
    | TooManyWaiting
    | NotExpected
    | LinkClosed
)


async def show(request: web.Request) -> web.Response:
    """Show the form, or why the link is closed. Changes nothing: messengers and mail scanners fetch links too."""
    try:
        visit = await look(request)
    except UnknownLink:
        return await copied_links.redirect(request, request.match_info["token"])
    if request.query.get("for") == "another":  # a shared device: each person has a form of their own
        return await _show_to_another(visit)
    if PLACE in request.query:  # from the page that says that the request for access was granted
        return await _shown(visit, await status_pages.entered(request))
    if status_page := await status_pages.path_of(request, visit.token):
        return see_other(status_page)
    return await _shown(visit, {})


async def _show_to_another(visit: "Visit") -> web.Response:
    cookies = visit.request.app[COOKIES]
    cookies.renew_visitor(visit.request)
    response = await _shown(visit, {})
    cookies.end_status_page(visit.request, response)
    return response


async def _shown(visit: "Visit", values: Mapping[str, str]) -> web.Response:
    if visit.preview.state is LinkState.OPEN:
        filled_in = {**visit.preview.prefilled, **values}  # one person's own: never a page that others see, too
        if is_in_mini_app(visit.request):
            return await visit.form({**await mini_app.first_values(visit.request), **filled_in})
        return await (visit.form(filled_in) if filled_in else visit.unfilled_form())
    return await visit.closed(visit.preview.state, values)


async def redeem(request: web.Request) -> web.Response:
    """Create the account and redirect the learner to My Courses."""
    form = await read_posted(request)
    try:
        return await _redeem_or_refuse(request, form)
    except UnknownLink:
        raise copied_links.not_found(request) from None
    except DatabaseUnavailable:
        count(request, "unavailable")
        return kept_forms.sign_up(request, form)


async def _redeem_or_refuse(request: web.Request, form: Mapping[str, str]) -> web.Response:
    try:
        return await _redeem(request, form)
    except ProofNeeded:
        return await _without_proof(await visit_of(request), form)
    except get_args(Refused) as refused:
        if isinstance(refused, FAILED):
            await note_failure(request, form, _stopped_at(refused))
        return await _answer(await visit_of(request), form, refused)


def _stopped_at(refused: Refused) -> str:
    """Return what stopped a form whose sender may be expected: the first field to correct, or a list."""
    match refused:
        case InvalidForm():
            return next(iter(refused.problems))
        case NotExpected():
            return NOT_ON_LIST
        case _:
            return ""


async def _without_proof(visit: "Visit", form: Mapping[str, str]) -> web.Response:
    """Show the form again, with a challenge, unless the link has been closed meanwhile."""
    visit.count("without a proof")
    await challenges.note_missing(visit.request, visit.token)
    form = challenges.without_proof(form)
    if visit.preview.state is not LinkState.OPEN:
        return await visit.closed(visit.preview.state, form)
    return await visit.form(form, status=403, notice="no proof")


async def _answer(visit: "Visit", form: Mapping[str, str], refused: Refused) -> web.Response:
    """Show what was refused, with the link, the form and the policies as they are now."""
    match refused:
        case StaleForm() if visit.preview.state is LinkState.OPEN:
            visit.count("stale")
            return await visit.form(form, status=403, notice=stale_notice(visit.request, form))
        case InvalidForm(problems=problems):
            visit.count("invalid")
            return await visit.form(form, problems, status=422)
        case EmailTaken(email=email):
            visit.count("e-mail taken")
            return visit.log_in_instead(email, status=409)
        case NotExpected():
            visit.count("not expected")
            return await visit.form(form, status=403, notice="not expected")
        case AccountInactive():
            visit.count("inactive")
            return visit.log_in_instead(form["email"], problem="inactive", status=403)
        case Busy() | TooManyAtOnce():
            status, notice = OVERLOADS[type(refused)]
            visit.count(notice)
            return to_send_again(await visit.form(form, status=status, notice=notice), refused.retry_after)
        case TooManyAttempts() | TooManyWaiting():
            return await visit.later(form, refused)
    state = LinkState(refused.state) if isinstance(refused, LinkClosed) else visit.preview.state
    visit.count(f"closed: {state}")
    return await visit.closed(state, form)


async def _redeem(request: web.Request, form: Mapping[str, str]) -> web.Response:
    """Sign up; a form that has already created its account leads to where it led the first time.

    Raises UnknownLink, StaleForm, InvalidForm, EmailTaken, AccountInactive, LinkClosed, TooManyAttempts,
    TooManyWaiting, NotExpected, Busy, TooManyAtOnce.
    """
    address, key = identify(request, form)
    done = await sign_up(request, form, key)
    if done and done.made.state is not UserState.ACTIVE:
        visit = await visit_of(request)
        visit.count("waiting")
        return await _wait(visit, done.made)
    if done and done.session_token:
        count(request, "made")
        begun = log_in(request, done.made.user_id, done.session_token, to=MY_COURSES)
        request.app[COOKIES].set_new(request, begun)
        return begun
    try:  # the form was sent before, or twice at once: a double click
        checked = await check_password(request, address, form.get("password", ""), lane=Lane.SIGN_UP)
    except WrongCredentials:
        raise EmailTaken(address) from None
    try:
        response = await start_session(request, checked.user_id, to=MY_COURSES, attempts=checked.attempts)
    except AccountInactive:
        if status_page := await status_pages.resume(request, checked.user_id, note="earlier"):
            return status_page
        raise
    count(request, "repeated")
    return response


async def _wait(visit: "Visit", made: SignedUp) -> web.Response:
    """Say what happens next with an account that isn't active yet; of a repeated form also which password works."""
    note = "earlier" if made.repeated else ""
    try:
        return await status_pages.begin(visit.request, visit.preview.organisation, made.user_id, note=note)
    except SignUpNotPending:  # it was declined or withdrawn meanwhile
        return see_other(visit.request.path)
