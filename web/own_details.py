"""The page of a user's own data: what is kept on them, each detail changed on a page of its own, and their log-ins."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from aiohttp import web

from core.errors import FieldGone, InvalidForm, NotAllowed, Problem, TooManyAttempts
from core.security_log import SecurityEvent
from core.services import own_details, personal_data
from core.services.own_details import Detail, OwnDetails
from web import limits
from web.app_keys import ENGINE
from web.authentication import end_session, find_own_details
from web.cookies import COOKIES
from web.form_tokens import StaleForm, check_form_token, stale_notice
from web.forms import read_posted
from web.own_texts import OWN_NOTES
from web.pages import PAGES
from web.responses import see_other, to_send_again
from web.security_events import report
from web.texts import zone_name

PATH = "/me"
PURPOSE = "own details"
LOG_IN = f"/login?next={PATH}"
FILE_NAME = "my-data.json"
NO_PROBLEMS: Mapping[str, Problem] = {}
Handler = Callable[[web.Request, OwnDetails], Awaitable[web.Response]]


def for_users(handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return a handler that gets what the user who is logged in sees of themselves; others log in first."""

    async def handle(request: web.Request) -> web.Response:
        found = await find_own_details(request)
        if found is None:
            return see_other(LOG_IN)
        try:
            return await handler(request, found)
        except NotAllowed:  # deactivated meanwhile
            return see_other(LOG_IN)

    return handle


@for_users
async def show(request: web.Request, found: OwnDetails) -> web.Response:
    """Show what the user can see and change of themselves."""
    return summary(request, found)


@for_users
async def edit(request: web.Request, found: OwnDetails) -> web.Response:
    """Show the form by which a detail is changed."""
    return _form(request, found, _detail(request, found))


@for_users
async def save(request: web.Request, found: OwnDetails) -> web.Response:
    """Change a detail, and show all of them."""
    form, detail, engine = await read_posted(request), _detail(request, found), request.app[ENGINE]
    again = partial(_form, request, found, detail, form)
    try:
        check_form_token(request, form, PURPOSE)
        await limits.count(request, limits.own_attempts(found.learner.user_id))
        await engine.write(own_details.change, found.learner.user_id, detail.name, form, engine.now())
    except StaleForm:
        return again(status=403, notice=stale_notice(request, form))
    except InvalidForm as invalid:
        return again(status=422, problems=invalid.problems)
    except TooManyAttempts as refused:
        return too_often(request, found, refused, again)
    except FieldGone:  # it was removed from the form meanwhile
        return see_other(PATH)
    return see_other(f"{PATH}?note=saved")


@for_users
async def show_languages(request: web.Request, found: OwnDetails) -> web.Response:
    """Show the languages that can be chosen."""
    return request.app[PAGES].show(request, "own_language.html", found.organisation, purpose=PURPOSE)


@for_users
async def choose_language(request: web.Request, found: OwnDetails) -> web.Response:
    """Store the language of the user's messages, and show the pages in it."""
    form = await read_posted(request)
    check_form_token(request, form, PURPOSE)
    code = request.app[PAGES].code_of(form.get("language", ""))
    if code is None:
        raise web.HTTPBadRequest
    await request.app[ENGINE].write(own_details.change_language, found.learner.user_id, code)
    response = see_other(f"{PATH}?note=saved")
    request.app[COOKIES].set_language(request, response, code)
    return response


@for_users
async def download(request: web.Request, found: OwnDetails) -> web.Response:
    """Send all that is kept on the user as a file, and record that."""
    form, engine = await read_posted(request), request.app[ENGINE]
    check_form_token(request, form, PURPOSE)
    try:
        await limits.count(request, limits.own_attempts(found.learner.user_id))
    except TooManyAttempts as refused:
        return too_often(request, found, refused, partial(summary, request, found))
    data = await engine.write(personal_data.export_own, found.learner.user_id, engine.now())
    named = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return web.Response(
        body=personal_data.as_json(data, engine.now()), content_type="application/json", charset="utf-8", headers=named
    )


@for_users
async def log_out_everywhere(request: web.Request, found: OwnDetails) -> web.Response:
    """End all log-ins of the user, this one too."""
    form = await read_posted(request)
    check_form_token(request, form, PURPOSE)
    await request.app[ENGINE].write(own_details.end_log_ins, found.learner.user_id)
    report(request, SecurityEvent.LOGGED_OUT, user=found.learner.user_id)
    return await end_session(request, to="/login")


def summary(
    request: web.Request,
    found: OwnDetails,
    *,
    status: int = 200,
    notice: str | None = None,
    again: Mapping[str, str] | None = None,
) -> web.Response:
    """Show everything, and what was done or refused just now."""
    language, zone = request.app[PAGES].language(request, found.organisation), found.organisation.zone
    now = request.app[ENGINE].now()
    return request.app[PAGES].show(
        request,
        "own_details.html",
        found.organisation,
        status=status,
        found=found,
        signed_in=found.learner,
        agreed=found.consent and language.day(found.consent.at, zone, now=now),
        log_ins=[
            (each, *(language.moment(at, zone, now=now) for at in (each.since, each.used_at))) for each in found.log_ins
        ],
        zone=zone_name(language, zone),
        note=OWN_NOTES.get(request.query.get("note", "")),
        notice=notice,
        again=again or {},
        purpose=PURPOSE,
    )


def too_often(
    request: web.Request, found: OwnDetails, refused: TooManyAttempts, again: Callable[..., web.Response]
) -> web.Response:
    """Show a page again that was asked for too often, and say when it can be."""
    moments = limits.moments(request, found.organisation, refused)
    page = again(status=429, notice=limits.notice(request, refused), again=moments)
    return to_send_again(page, limits.seconds_left(request, refused))


def _detail(request: web.Request, found: OwnDetails) -> Detail:
    """Return the detail that a page is about. Raises 404."""
    try:
        return found.detail(request.match_info["detail"])
    except FieldGone:
        raise web.HTTPNotFound from None


def _form(
    request: web.Request,
    found: OwnDetails,
    detail: Detail,
    values: Mapping[str, str] | None = None,
    *,
    status: int = 200,
    problems: Mapping[str, Problem] = NO_PROBLEMS,
    notice: str | None = None,
    again: Mapping[str, str] | None = None,
) -> web.Response:
    shown = {"detail": detail, "values": detail.values if values is None else values, "problems": problems}
    told = {"notice": notice, "again": again or {}, "purpose": PURPOSE}
    rules = {"email_domains": "", "strong_passwords": False}  # of fields that aren't here
    return request.app[PAGES].show(
        request, "own_detail.html", found.organisation, status=status, **shown, **told, **rules
    )
