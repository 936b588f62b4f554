"""The sign-up form behind a link: shown, explained where it is closed, and redeemed."""

from zoneinfo import ZoneInfo

from aiohttp import web
from babel.core import get_global

from core.domain.fields import BUILT_IN, read_form
from core.domain.links import LinkState
from core.errors import EmailTaken, InvalidForm, LinkClosed, Problem, UnknownLink
from core.services import redemption, sessions
from core.services.redemption import Preview, SignUp
from web import pages
from web.operations import SIGN_UPS
from web.pages import PAGES, Pages
from web.words import CLOSED

NOWHERE = "001"  # CLDR's "the world": a zone such as UTC, of no country


async def show(request: web.Request) -> web.Response:
    """Show the form, or why the link is closed. Changes nothing: messengers and mail scanners fetch links too."""
    preview = await _preview(request)
    if preview.state is not LinkState.OPEN:
        return await _closed(request, preview)
    return await _form(request, {}, {})


async def redeem(request: web.Request) -> web.Response:
    """Make the account that the form asks for and lead the learner to My Courses."""
    site, form = request.app[PAGES], await pages.read_form(request)
    preview = await _preview(request)
    number = site.ticket_number(request, form, _purpose(request))
    if number is None:
        return await _form(request, form, {}, status=403, stale=True)
    try:
        newcomer = read_form(form, region=_region(preview.organisation.zone))
        key = site.tickets.form_key(number, newcomer.email)
        if await site.engine.read(redemption.is_repeated, key):
            return await _again(request, form, newcomer.email)
        if preview.state is not LinkState.OPEN:  # asked before the hash, which is the dear part
            return await _closed(request, preview)
        sign_up = SignUp(newcomer=newcomer, password_hash=await site.engine.hash(form["password"]), form_key=key)
        return await _made(request, form, sign_up)
    except InvalidForm as invalid:
        return await _form(request, form, invalid.problems, status=422)
    except EmailTaken as taken:
        return await _taken(request, taken.email)
    except LinkClosed:
        return await _closed(request, await _preview(request))


async def _made(request: web.Request, form: dict[str, str], sign_up: SignUp) -> web.Response:
    site = request.app[PAGES]
    made = await site.engine.write(redemption.redeem, request.match_info["token"], sign_up, site.engine.now())
    if made.repeated:  # the same form was faster, a double click
        return await _again(request, form, sign_up.newcomer.email)
    request.app[SIGN_UPS].labels("made").inc()
    return await site.start_session(request, made.user_id)


async def _again(request: web.Request, form: dict[str, str], email: str) -> web.Response:
    """Lead a form that has made its account already to where it led then; its password is asked for all the same."""
    site = request.app[PAGES]
    known = await site.engine.read(sessions.credentials, email)
    if known and await site.engine.verify(known.password_hash, form["password"]):
        request.app[SIGN_UPS].labels("repeated").inc()
        return await site.start_session(request, known.user_id)
    return await _taken(request, email)


async def _form(
    request: web.Request,
    values: dict[str, str],
    problems: dict[str, Problem],
    *,
    status: int = 200,
    stale: bool = False,
) -> web.Response:
    """Show the form with what was filled in, but for the password, and what is wrong with it."""
    if problems:
        request.app[SIGN_UPS].labels("invalid").inc()
    kept = {field.name: values.get(field.name, "") for field in BUILT_IN if field.kind != "password"}
    return await _site(request).show(
        request,
        "sign_up.html",
        status=status,
        fields=BUILT_IN,
        values=kept,
        problems=problems,
        stale=stale,
        purpose=_purpose(request),
    )


async def _closed(request: web.Request, preview: Preview) -> web.Response:
    if preview.state is LinkState.OPEN:  # it was closed a moment ago and is open again
        return await _form(request, {}, {}, status=409)
    request.app[SIGN_UPS].labels(preview.state.value).inc()
    site, zone, now = _site(request), preview.organisation.zone, _site(request).engine.now()
    language = site.language(request)
    moments = {
        "start": language.moment(preview.window.starts_at, zone, now=now),
        "end": language.moment(preview.window.ends_at, zone, now=now),
        "city": language.city(zone),
    }
    closed = CLOSED[preview.state]
    return await site.show(request, "closed.html", status=closed.status, closed=closed, moments=moments)


async def _taken(request: web.Request, email: str) -> web.Response:
    request.app[SIGN_UPS].labels("e-mail taken").inc()
    return await _site(request).show(
        request, "taken.html", status=409, email=email, identifier=email, next_page="/courses"
    )


async def _preview(request: web.Request) -> Preview:
    engine = _site(request).engine
    try:
        return await engine.read(redemption.preview, request.match_info["token"], engine.now())
    except UnknownLink:
        raise web.HTTPNotFound from None


def _site(request: web.Request) -> Pages:
    return request.app[PAGES]


def _purpose(request: web.Request) -> str:
    return f"sign up {request.match_info['token']}"


def _region(zone: ZoneInfo) -> str | None:
    """Give the country of the account's zone, whose national phone numbers need no country code."""
    territory = get_global("zone_territories").get(zone.key, NOWHERE)
    return None if territory == NOWHERE else str(territory)
