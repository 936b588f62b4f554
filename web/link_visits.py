"""A visit to a link: what its page says, and how the form and its notices are shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from core.domain.form_fields import CONSENT, SHOWN_VERSION
from core.domain.limits import SIGN_UP_BY_TICKET
from core.domain.links import LinkState
from core.errors import Problem, TooManyAttempts, TooManyWaiting
from core.services import sign_up_page
from core.services.sign_up_page import Preview
from web import challenges, limits
from web.app_keys import ENGINE
from web.authentication import find_signed_in
from web.closed_page import Asking, purpose, show_closed
from web.cookies import COOKIES
from web.courses import MY_COURSES
from web.limits import moments, seconds_left
from web.link_facts import facts_of, joining_path
from web.operations import SIGN_UPS
from web.pages import PAGES
from web.responses import to_send_again

NO_PROBLEMS: Mapping[str, Problem] = {}
TRY_AGAIN = 3600  # seconds; until somebody has approved people


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A request for a link that exists."""

    request: web.Request
    token: str
    preview: Preview

    def count(self, outcome: str) -> None:
        """Count how the sending of a form ended."""
        count(self.request, outcome)

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


def count(request: web.Request, outcome: str) -> None:
    """Count how the sending of a form ended, also of one whose link isn't known yet."""
    request.app[SIGN_UPS].labels(outcome).inc()


async def look(request: web.Request) -> Visit:
    """Return a visit that decides nothing: what other processes wrote may be a second late. Raises UnknownLink."""
    if request.app[COOKIES].status_page(request):
        return await visit_of(request)
    engine, token = request.app[ENGINE], request.match_info["token"]
    view = await engine.read_recent(sign_up_page.view, token)
    return Visit(request=request, token=token, preview=view.at(engine.now()))


async def visit_of(request: web.Request) -> Visit:
    """Read what a visitor may know of the link. Raises UnknownLink."""
    engine, token = request.app[ENGINE], request.match_info["token"]
    if place := request.app[COOKIES].status_page(request):
        preview = await engine.read(sign_up_page.preview_with_place, token, place, engine.now())
    else:
        preview = await engine.read(sign_up_page.preview, token, engine.now())
    return Visit(request=request, token=token, preview=preview)
