"""The sign-up form behind a link: shown, explained where it is closed, and redeemed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from core.domain.access import UserState
from core.domain.form_fields import Newcomer, read_form
from core.domain.links import LinkState
from core.domain.passwords import is_weak
from core.errors import AccountInactive, EmailTaken, InvalidForm, LinkClosed, Problem, UnknownLink, WrongCredentials
from core.language import region
from core.services import redemption
from core.services.redemption import Preview, SignUp
from web.form_tokens import StaleForm
from web.forms import read_posted
from web.operations import SIGN_UPS
from web.pages import PAGES, Pages
from web.texts import CLOSED, WAITING

NO_PROBLEMS: Mapping[str, Problem] = {}


async def show(request: web.Request) -> web.Response:
    """Show the form, or why the link is closed. Changes nothing: messengers and mail scanners fetch links too."""
    visit = await _visit(request)
    if visit.preview.state is LinkState.OPEN:
        return await visit.form({})
    return await visit.closed(visit.preview.state)


async def redeem(request: web.Request) -> web.Response:
    """Make the account that the form asks for and lead the learner to My Courses."""
    visit, form = await _visit(request), await read_posted(request)
    try:
        return await _redeem(visit, form)
    except StaleForm:
        visit.count("stale")
        return await visit.form(form, status=403, stale=True)
    except InvalidForm as invalid:
        visit.count("invalid")
        return await visit.form(form, invalid.problems, status=422)
    except EmailTaken as taken:
        visit.count("e-mail taken")
        return visit.log_in_instead(taken.email, status=409)
    except AccountInactive:
        visit.count("inactive")
        return visit.log_in_instead(form["email"], problem="inactive", status=403)
    except LinkClosed as closed:
        visit.count(f"closed: {closed.state}")
        return await visit.closed(LinkState(closed.state))


@dataclass(frozen=True, kw_only=True)
class _Visit:
    """Somebody at a link that exists."""

    request: web.Request
    site: Pages
    token: str
    preview: Preview

    @property
    def purpose(self) -> str:
        return f"sign up {self.token}"

    def check_open(self) -> None:
        if self.preview.state is not LinkState.OPEN:
            raise LinkClosed(self.preview.state)

    def read(self, form: Mapping[str, str]) -> tuple[Newcomer, str]:
        """Read the form, and give the key that tells this very form when it comes again.

        At a closed link nobody need mend a form: that it is closed is said first.
        """
        try:
            ticket = self.site.check_ticket(self.request, form, self.purpose)
            newcomer = read_form(form, self.preview.form, region=region(self.preview.organisation.zone))
        except (StaleForm, InvalidForm):
            self.check_open()
            raise
        return newcomer, self.site.tickets.form_key(ticket, newcomer.email)

    def count(self, outcome: str) -> None:
        self.request.app[SIGN_UPS].labels(outcome).inc()

    async def form(
        self,
        values: Mapping[str, str],
        problems: Mapping[str, Problem] = NO_PROBLEMS,
        *,
        status: int = 200,
        stale: bool = False,
    ) -> web.Response:
        """Show the form with what was filled in, but for the password, and what is wrong with it."""
        return self.show(
            "sign_up.html",
            status=status,
            signed_in=await self.site.who(self.request),
            fields=self.preview.form.fields,
            values={name: value for name, value in values.items() if name != "password"},
            consent=self.preview.form.consent_version is not None,
            problems=problems,
            stale=stale,
            purpose=self.purpose,
        )

    async def closed(self, state: LinkState) -> web.Response:
        """Say why the link does not work, and what to do."""
        language, zone = self.site.language(self.request), self.preview.organisation.zone
        moments = {
            "start": self.moment(self.preview.window.starts_at),
            "end": self.moment(self.preview.window.ends_at),
            "city": language.city(zone),
        }
        closed, signed_in = CLOSED[state], await self.site.who(self.request)
        return self.show("closed.html", status=closed.status, closed=closed, moments=moments, signed_in=signed_in)

    def waiting(self, what: str) -> web.Response:
        """Say what happens next to an account that is not active yet."""
        title, advice = WAITING[what]
        return self.show("waiting.html", status=200, title=title, advice=advice)

    def log_in_instead(self, identifier: str, *, status: int, problem: str | None = None) -> web.Response:
        """Lead whose e-mail address has an account to the log-in, with the address filled in."""
        values = {"identifier": identifier, "problem": problem, "next_page": "/courses", "back": self.request.path}
        return self.show("taken.html", status=status, **values)

    def show(self, template: str, *, status: int, **values: object) -> web.Response:
        """Render a page of the organisation whose link it is."""
        return self.site.show(self.request, template, self.preview.organisation, status=status, **values)

    def moment(self, at: datetime) -> str:
        """Write a moment as the account's clock shows it, on one line."""
        language = self.site.language(self.request)
        moment = language.moment(at, self.preview.organisation.zone, now=self.site.engine.now())
        return moment.replace(" ", "\N{NO-BREAK SPACE}")


async def _redeem(visit: _Visit, form: Mapping[str, str]) -> web.Response:
    """Sign up, or lead a form that has made its account already to where it led then.

    Raises StaleForm, InvalidForm, EmailTaken, AccountInactive, LinkClosed.
    """
    site, newcomer, key = visit.site, *visit.read(form)
    if not await site.engine.read(redemption.is_repeated, key):
        visit.check_open()  # before the hash, which is the dear part
        await _check_strength(visit, newcomer, form["password"])
        hashed = await site.engine.hash(form["password"])
        sign_up = SignUp(newcomer=newcomer, password_hash=hashed, form_key=key)
        made = await site.engine.write(redemption.redeem, visit.token, sign_up, site.engine.now())
        if made.state is not UserState.ACTIVE:
            visit.count("waiting")
            return visit.waiting(made.awaits or UserState.INACTIVE)
        if not made.repeated:  # else this very form was faster: a double click
            visit.count("made")
            return await site.start_session(visit.request, made.user_id)
    try:
        user_id = await site.check_password(newcomer.email, form["password"])
    except WrongCredentials:
        raise EmailTaken(newcomer.email) from None
    answer = await site.start_session(visit.request, user_id)
    visit.count("repeated")
    return answer


async def _check_strength(visit: _Visit, newcomer: Newcomer, password: str) -> None:
    """Refuse a password that is easy to guess where the account does."""
    name = visit.preview.organisation.name
    if visit.preview.form.strong_passwords and await asyncio.to_thread(is_weak, password, newcomer, name):
        raise InvalidForm({"password": Problem.WEAK})


async def _visit(request: web.Request) -> _Visit:
    token = request.match_info["token"]
    return _Visit(request=request, site=request.app[PAGES], token=token, preview=await _preview(request))


async def _preview(request: web.Request) -> Preview:
    engine = request.app[PAGES].engine
    try:
        return await engine.read(redemption.preview, request.match_info["token"], engine.now())
    except UnknownLink:
        raise web.HTTPNotFound from None
