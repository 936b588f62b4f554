"""The sign-up form of a link: shown, sent, or replaced by the reason why the link is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from aiohttp import web

from core.domain.access import UserState
from core.domain.addresses import find_address
from core.domain.form_fields import CONSENT, SHOWN_VERSION, Newcomer, read_form
from core.domain.limits import SIGN_UP_BY_TICKET
from core.domain.links import LinkState
from core.domain.passwords import refuse_weak
from core.errors import (
    AccountInactive,
    Busy,
    DatabaseUnavailable,
    EmailTaken,
    InvalidForm,
    LinkClosed,
    Problem,
    TooManyAtOnce,
    TooManyAttempts,
    TooManyWaiting,
    UnknownLink,
    WrongCredentials,
)
from core.fair_queue import Lane
from core.language import Language, region
from core.security_log import Reason, SecurityEvent
from core.services import redemption
from core.services.redemption import Preview, SignUp
from web import copied_links, kept_forms, limits
from web.app_keys import ENGINE
from web.authentication import check_password, find_signed_in, requester_of, start_session
from web.cookies import COOKIES
from web.courses import MY_COURSES
from web.form_tokens import FIELD, FORM_TOKENS, StaleForm, check_form_token
from web.forms import read_posted
from web.limits import moments, seconds_left
from web.operations import SIGN_UPS
from web.pages import PAGES
from web.responses import to_send_again
from web.security_events import report
from web.texts import CLOSED, FIRST_PASSWORD, OVERLOADS, WAITING, zone_name

NO_PROBLEMS: Mapping[str, Problem] = {}
TRY_AGAIN = 3600  # seconds; until somebody has approved people
NO_MOMENTS: Mapping[str, str] = {}


async def show(request: web.Request) -> web.Response:
    """Show the form, or why the link is closed. Changes nothing: messengers and mail scanners fetch links too."""
    try:
        visit = await _visit(request)
    except UnknownLink:
        return await copied_links.redirect(request, request.match_info["token"])
    if request.query.get("for") == "another":  # a shared device: each person has a form of their own
        request.app[COOKIES].renew_visitor(request)
    if visit.preview.state is LinkState.OPEN:
        return await visit.form({})
    return await visit.closed(visit.preview.state)


async def redeem(request: web.Request) -> web.Response:
    """Create the account and redirect the learner to My Courses."""
    form = await read_posted(request)
    try:
        return await _answer(await _visit(request), form)
    except UnknownLink:
        raise copied_links.not_found(request) from None
    except DatabaseUnavailable:
        request.app[SIGN_UPS].labels("unavailable").inc()
        return kept_forms.sign_up(request, form)


async def _answer(visit: "_Visit", form: Mapping[str, str]) -> web.Response:
    request = visit.request
    try:
        return await _redeem(visit, form)
    except StaleForm:
        visit.count("stale")
        report(request, SecurityEvent.FORM_REFUSED, reason=Reason.WRONG_TOKEN)
        return await visit.form(form, status=403, notice="stale")
    except InvalidForm as invalid:
        visit.count("invalid")
        visit = await _visit(request)  # the form or the policy may have changed since it was read
        return await visit.form(form, invalid.problems, status=422)
    except EmailTaken as taken:
        visit.count("e-mail taken")
        return visit.log_in_instead(taken.email, status=409)
    except AccountInactive:
        visit.count("inactive")
        return visit.log_in_instead(form["email"], problem="inactive", status=403)
    except (Busy, TooManyAtOnce) as refused:
        status, notice = OVERLOADS[type(refused)]
        visit.count(notice)
        return to_send_again(await visit.form(form, status=status, notice=notice), refused.retry_after)
    except (TooManyAttempts, TooManyWaiting) as refused:
        return await visit.later(form, refused)
    except LinkClosed as closed:
        visit.count(f"closed: {closed.state}")
        return await visit.closed(LinkState(closed.state))


@dataclass(frozen=True, kw_only=True)
class _Visit:
    """A request for a link that exists."""

    request: web.Request
    token: str
    preview: Preview

    @property
    def language(self) -> Language:
        return self.request.app[PAGES].language(self.request)

    @property
    def purpose(self) -> str:
        return f"sign up {self.token}"

    def check_open(self) -> None:
        if self.preview.state is not LinkState.OPEN:
            raise LinkClosed(self.preview.state)

    def identify(self, form: Mapping[str, str]) -> tuple[str, str]:
        """Return the e-mail address (empty if it is none), and the key that identifies the form if it is sent again.

        Of the fields only the e-mail address is read, because the link may be closed; that is reported before any
        mistakes, which would be corrected in vain. Raises StaleForm, LinkClosed.
        """
        try:
            form_token = check_form_token(self.request, form, self.purpose)
        except StaleForm:
            self.check_open()
            raise
        address = find_address(form.get("email", "")) or ""
        return address, self.request.app[FORM_TOKENS].form_key(form_token, address)

    def sign_up(self, form: Mapping[str, str], newcomer: Newcomer, password_hash: str, form_key: str) -> SignUp:
        """Return what is redeemed: the form, its ticket and where it comes from."""
        return SignUp(
            newcomer=newcomer,
            password_hash=password_hash,
            form_key=form_key,
            ticket=form[FIELD],
            network=limits.network_of(self.request),
        )

    def count(self, outcome: str) -> None:
        self.request.app[SIGN_UPS].labels(outcome).inc()

    async def form(
        self,
        values: Mapping[str, str],
        problems: Mapping[str, Problem] = NO_PROBLEMS,
        *,
        status: int = 200,
        notice: str | None = None,
        again: Mapping[str, str] = NO_MOMENTS,
    ) -> web.Response:
        """Show the form with what was filled in, except for the password, with a notice or its mistakes."""
        return self.show(
            "sign_up.html",
            status=status,
            signed_in=await find_signed_in(self.request),
            fields=self.preview.form.fields,
            values={name: value for name, value in values.items() if name not in self._not_kept(values)},
            email_domains=", ".join(f"@{domain}" for domain in self.preview.form.email_domains),
            consent_version=self.preview.form.consent_version,
            problems=problems,
            notice=notice,
            again=again,
            purpose=self.purpose,
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

    async def closed(self, state: LinkState) -> web.Response:
        """Say why the link doesn't work, and what to do."""
        zone = self.preview.organisation.zone
        moments = {
            "start": self.moment(self.preview.window.starts_at),
            "end": self.moment(self.preview.window.ends_at),
            "zone": zone_name(self.language, zone),
        }
        closed, signed_in = CLOSED[state], await find_signed_in(self.request)
        return self.show("closed.html", status=closed.status, closed=closed, moments=moments, signed_in=signed_in)

    def waiting(self, reason: str, *, repeated: bool) -> web.Response:
        """Say what happens next with an account that isn't active yet; if `repeated`, which password works."""
        title, advice = WAITING[reason]
        note = FIRST_PASSWORD if repeated else None
        return self.show("waiting.html", status=200, title=title, advice=advice, note=note)

    def log_in_instead(self, identifier: str, *, status: int, problem: str | None = None) -> web.Response:
        """Offer the log-in to a person whose e-mail address has an account, with the address filled in."""
        at = self.request.path
        values = {
            "identifier": identifier,
            "problem": problem,
            "missing": (),
            "next_page": MY_COURSES,
            "back": at,
            "again": NO_MOMENTS,
        }
        return self.show("taken.html", status=status, **values)

    def show(self, template: str, *, status: int, **values: object) -> web.Response:
        """Render a page of the link's organisation."""
        return self.request.app[PAGES].show(self.request, template, self.preview.organisation, status=status, **values)

    def moment(self, at: datetime) -> str:
        """Write a moment in the account's time zone, without line breaks."""
        now = self.request.app[ENGINE].now()
        moment = self.language.moment(at, self.preview.organisation.zone, now=now)
        return moment.replace(" ", "\N{NO-BREAK SPACE}")


async def _redeem(visit: _Visit, form: Mapping[str, str]) -> web.Response:
    """Sign up; a form that has already created its account leads to where it led the first time.

    Raises StaleForm, InvalidForm, EmailTaken, AccountInactive, LinkClosed, TooManyAttempts, Busy,
    TooManyAtOnce.
    """
    request, engine = visit.request, visit.request.app[ENGINE]
    address, key = visit.identify(form)
    if not await engine.read(redemption.is_repeated, key):
        visit.check_open()  # before the form is read, and the rest before hashing, which is expensive
        newcomer = read_form(form, visit.preview.form, region=region(visit.preview.organisation.zone))
        await limits.count(request, limits.sign_up_attempts(request, visit.token))  # taken addresses can't be searched
        await engine.read(redemption.check_free, newcomer, key)
        await engine.read(redemption.check_waiting, visit.token)
        hashed = await _hash(visit, newcomer, form["password"])
        sign_up = visit.sign_up(form, newcomer, hashed, key)
        made = await engine.write(redemption.redeem, visit.token, sign_up, engine.now())
        if made.state is not UserState.ACTIVE:
            visit.count("waiting")
            return visit.waiting(made.awaits or UserState.INACTIVE, repeated=made.repeated)
        if not made.repeated:  # otherwise the same form was sent twice at once: a double click
            visit.count("made")
            return await start_session(request, made.user_id, to=MY_COURSES)
    try:
        checked = await check_password(request, address, form.get("password", ""), lane=Lane.SIGN_UP)
    except WrongCredentials:
        raise EmailTaken(address) from None
    response = await start_session(request, checked.user_id, to=MY_COURSES, attempts=checked.attempts)
    visit.count("repeated")
    return response


async def _hash(visit: _Visit, newcomer: Newcomer, password: str) -> str:
    """Hash the password. Raises Busy, TooManyAtOnce, InvalidForm (it is easy to guess, and must not be)."""
    requester = requester_of(visit.request, Lane.SIGN_UP, newcomer.email)
    check = partial(refuse_weak, newcomer=newcomer, organisation=visit.preview.organisation.name)
    is_judged = visit.preview.form.strong_passwords
    return await visit.request.app[ENGINE].passwords.hash(requester, password, check if is_judged else None)


async def _visit(request: web.Request) -> _Visit:
    token = request.match_info["token"]
    return _Visit(request=request, token=token, preview=await _preview(request))


async def _preview(request: web.Request) -> Preview:
    engine = request.app[ENGINE]
    return await engine.read(redemption.preview, request.match_info["token"], engine.now())
