"""The sign-up form of a link: shown, sent, or replaced by the reason why the link is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from aiohttp import web

from core.domain.access import UserState
from core.domain.form_fields import CONSENT, SHOWN_VERSION
from core.domain.limits import SIGN_UP_BY_TICKET
from core.domain.links import LinkState
from core.errors import (
    AccountInactive,
    Busy,
    DatabaseUnavailable,
    EmailTaken,
    InvalidForm,
    LinkClosed,
    NotExpected,
    Problem,
    ProofNeeded,
    SignUpNotPending,
    TooManyAtOnce,
    TooManyAttempts,
    TooManyWaiting,
    UnknownLink,
    WrongCredentials,
)
from core.fair_queue import Lane
from core.language import Language
from core.services import sign_up_page
from core.services.redemption import SignedUp
from core.services.sign_up_page import Preview
from web import challenges, copied_links, kept_forms, limits, mini_app, status_pages
from web.app_keys import ENGINE
from web.authentication import check_password, find_signed_in, log_in, start_session
from web.closed_page import Asking, purpose, show_closed
from web.cookies import COOKIES
from web.courses import MY_COURSES
from web.form_tokens import StaleForm, stale_notice
from web.forms import read_posted
from web.limits import moments, seconds_left
from web.link_facts import facts_of, joining_path
from web.operations import SIGN_UPS
from web.pages import PAGES
from web.places import is_in_mini_app
from web.redemption import identify, note_failure, sign_up
from web.responses import see_other, to_send_again
from web.texts import OVERLOADS

PLACE = "place"
NO_PROBLEMS: Mapping[str, Problem] = {}
TRY_AGAIN = 3600  # seconds; until somebody has approved people
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
        visit = await _visit(request)
    except UnknownLink:
        return await copied_links.redirect(request, request.match_info["token"])
    if request.query.get("for") == "another":  # a shared device: each person has a form of their own
        return await _show_to_another(visit)
    if PLACE in request.query:  # from the page that says that the request for access was granted
        return await _shown(visit, await status_pages.entered(request))
    if status_page := await status_pages.path_of(request, visit.token):
        return see_other(status_page)
    return await _shown(visit, {})


async def _show_to_another(visit: "_Visit") -> web.Response:
    cookies = visit.request.app[COOKIES]
    cookies.renew_visitor(visit.request)
    response = await _shown(visit, {})
    cookies.end_status_page(visit.request, response)
    return response


async def _shown(visit: "_Visit", values: Mapping[str, str]) -> web.Response:
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
        _count(request, "unavailable")
        return kept_forms.sign_up(request, form)


async def _redeem_or_refuse(request: web.Request, form: Mapping[str, str]) -> web.Response:
    try:
        return await _redeem(request, form)
    except ProofNeeded:
        return await _without_proof(await _visit(request), form)
    except get_args(Refused) as refused:
        if isinstance(refused, FAILED):
            await note_failure(request, form, next(iter(refused.problems)) if isinstance(refused, InvalidForm) else "")
        return await _answer(await _visit(request), form, refused)


async def _without_proof(visit: "_Visit", form: Mapping[str, str]) -> web.Response:
    """Show the form again, with a challenge, unless the link has been closed meanwhile."""
    visit.count("without a proof")
    await challenges.note_missing(visit.request, visit.token)
    form = challenges.without_proof(form)
    if visit.preview.state is not LinkState.OPEN:
        return await visit.closed(visit.preview.state, form)
    return await visit.form(form, status=403, notice="no proof")


async def _answer(visit: "_Visit", form: Mapping[str, str], refused: Refused) -> web.Response:
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


@dataclass(frozen=True, kw_only=True)
class _Visit:
    """A request for a link that exists."""

    request: web.Request
    token: str
    preview: Preview

    @property
    def language(self) -> Language:
        return self.request.app[PAGES].language(self.request, self.preview.organisation)

    def count(self, outcome: str) -> None:
        _count(self.request, outcome)

    async def form(
        self,
        values: Mapping[str, str],
        problems: Mapping[str, Problem] = NO_PROBLEMS,
        *,
        status: int = 200,
        notice: str | None = None,
        again: Mapping[str, str] = limits.NO_MOMENTS,
    ) -> web.Response:
        """Show the form with what was filled in, except for the password, with a notice or its mistakes."""
        return self.show(
            "sign_up.html",
            status=status,
            signed_in=await find_signed_in(self.request),
            values={name: value for name, value in values.items() if name not in self._not_kept(values)},
            problems=problems,
            notice=notice,
            again=again,
            purpose=purpose(self.token),
            challenge=challenges.challenging(self.request, asked=self.preview.asks_proof, form=values),
            **facts_of(self.request, self.preview),
        )

    async def unfilled_form(self) -> web.Response:
        """Show the form with nothing filled in."""
        if self.request.app[COOKIES].session(self.request) or self.preview.asks_proof:
            return await self.form({})  # which says who is logged in, or has a challenge of its own
        pages, organisation = self.request.app[PAGES], self.preview.organisation
        form = purpose(self.token)
        return pages.show_unfilled(
            self.request, "sign_up.html", organisation, purpose=form, **facts_of(self.request, self.preview)
        )

    async def later(self, values: Mapping[str, str], refused: TooManyAttempts | TooManyWaiting) -> web.Response:
        """Show the form with when it can be sent again; one that has created an account, with a token for another."""
        if isinstance(refused, TooManyWaiting):
            self.count("too many waiting")
            return to_send_again(await self.form(values, status=503, notice="many waiting"), TRY_AGAIN)
        if refused.limit == SIGN_UP_BY_TICKET.name:
            self.count("ticket used")
            self.request.app[COOKIES].renew_visitor(self.request)
            return await self.form(values, status=409, notice="used")
        self.count("too often")
        again = moments(self.request, self.preview.organisation, refused)
        page = await self.form(values, status=429, notice=limits.notice(self.request, refused), again=again)
        return to_send_again(page, seconds_left(self.request, refused))

    def _not_kept(self, values: Mapping[str, str]) -> frozenset[str]:
        """Return the fields that are filled in anew: the password, and a consent to another version of the policy."""
        is_same = values.get(SHOWN_VERSION) == str(self.preview.form.consent_version)
        return frozenset({"password"} if is_same else {"password", CONSENT})

    async def closed(self, state: LinkState, values: Mapping[str, str]) -> web.Response:
        """Say why the link doesn't work, and what to do, with the names and the address that were entered."""
        return await show_closed(self.request, self.token, self.preview, state, Asking(values=values))

    def log_in_instead(self, identifier: str, *, status: int, problem: str | None = None) -> web.Response:
        """Offer the log-in to a person whose e-mail address has an account, with the address filled in."""
        values = {"identifier": identifier, "problem": problem, "missing": (), "again": limits.NO_MOMENTS}
        next_page = joining_path(self.request, self.preview) or MY_COURSES
        return self.show("taken.html", status=status, next_page=next_page, back=self.request.path, **values)

    def show(self, template: str, *, status: int, **values: object) -> web.Response:
        """Render a page of the link's organisation."""
        return self.request.app[PAGES].show(self.request, template, self.preview.organisation, status=status, **values)


async def _redeem(request: web.Request, form: Mapping[str, str]) -> web.Response:
    """Sign up; a form that has already created its account leads to where it led the first time.

    Raises UnknownLink, StaleForm, InvalidForm, EmailTaken, AccountInactive, LinkClosed, TooManyAttempts,
    TooManyWaiting, NotExpected, Busy, TooManyAtOnce.
    """
    address, key = identify(request, form)
    done = await sign_up(request, form, key)
    if done and done.made.state is not UserState.ACTIVE:
        visit = await _visit(request)
        visit.count("waiting")
        return await _wait(visit, done.made)
    if done and done.session_token:
        _count(request, "made")
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
        if status_page := await status_pages.resume(request, checked.user_id, note="first"):
            return status_page
        raise
    _count(request, "repeated")
    return response


async def _wait(visit: "_Visit", made: SignedUp) -> web.Response:
    """Say what happens next with an account that isn't active yet; of a repeated form also which password works."""
    note = "first" if made.repeated else ""
    try:
        return await status_pages.begin(visit.request, visit.preview.organisation, made.user_id, note=note)
    except SignUpNotPending:  # it was declined or withdrawn meanwhile
        return see_other(visit.request.path)


def _count(request: web.Request, outcome: str) -> None:
    request.app[SIGN_UPS].labels(outcome).inc()


async def _visit(request: web.Request) -> _Visit:
    engine, token = request.app[ENGINE], request.match_info["token"]
    if place := request.app[COOKIES].status_page(request):
        preview = await engine.read(sign_up_page.preview_with_place, token, place, engine.now())
    else:
        preview = await engine.read(sign_up_page.preview, token, engine.now())
    return _Visit(request=request, token=token, preview=preview)
