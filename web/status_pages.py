"""The status page: what has become of a sign-up that waits, until when its place is kept, and what one can do.

Its address is a secret: whoever has it may see the page. A cookie holds it too, so that the link leads there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from core.domain.form_fields import BUILT_IN
from core.errors import Problem, RequestNotOpen, SignUpNotPending, StatusPageGone
from core.language import Language
from core.security_log import SecurityEvent
from core.services import access_requests, account, status_pages
from core.services.account import Organisation
from core.services.status_pages import WAITING, Standing, StatusPage
from web.app_keys import ENGINE, SETTINGS
from web.cookies import COOKIES
from web.form_tokens import StaleForm, check_form_token, stale_notice
from web.forms import read_posted
from web.mail import mail_language, sender_of
from web.pages import PAGES
from web.responses import see_other
from web.security_events import report
from web.sent_forms import is_sent_from_here
from web.status_texts import NOTES, ORGANISATION, words_of
from web.texts import zone_name

PURPOSE = "status page"
WITHDRAWABLE = frozenset({Standing.CONFIRMATION, Standing.APPROVAL, Standing.ASKED})
EMAIL, PASSWORD = (next(each for each in BUILT_IN if each.name == name) for name in ("email", "password"))
NEW_PASSWORD = replace(PASSWORD, required=False)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What is wrong with a form of the page: a notice, or a mistake in digits, password or what is changed.

    `digits` is a key of `texts.DIGITS`, `chosen` of `texts.CHOSEN_PASSWORD`; `email` and `password` are about new ones.
    `entered` are the digits, `typed` is the address as it was entered. `again` says when to try again; `withdrawing`:
    the form is that of a withdrawal.
    """

    status: int = 422
    notice: str | None = None
    digits: str | None = None
    chosen: str | None = None
    email: Problem | None = None
    password: Problem | None = None
    entered: str = ""
    typed: str = ""
    withdrawing: bool = False
    again: Mapping[str, str] = field(default_factory=dict)


NO_TROUBLE = Trouble(status=200)


async def begin(request: web.Request, organisation: Organisation, user_id: int, *, note: str = "") -> web.Response:
    """Give a user who waits a page of their own, and redirect there. Raises SignUpNotPending if they no longer wait."""
    engine = request.app[ENGINE]
    promised = {"mail_in": mail_language(request, organisation)}
    code = await engine.write(status_pages.begin, user_id, engine.now(), **promised)
    return redirect(request, code, note)


async def resume(request: web.Request, user_id: int, *, note: str) -> web.Response | None:
    """Give a user whose password was right another page, and redirect there; None if they don't wait."""
    engine = request.app[ENGINE]
    promised = {"mail_in": mail_language(request, await engine.read(account.organisation))}
    try:
        code = await engine.write(status_pages.resume, user_id, engine.now(), **promised)
    except SignUpNotPending:
        return None
    return redirect(request, code, note)


def redirect(request: web.Request, code: str, note: str = "") -> web.Response:
    """Redirect to the status page of a code, and remember it."""
    response = see_other(f"/w/{code}?note={note}" if note else f"/w/{code}")
    request.app[COOKIES].set_status_page(request, response, code)
    return response


async def path_of(request: web.Request, token: str) -> str | None:
    """Return the path of the status page that this browser has of a link; None if it has none."""
    engine, code = request.app[ENGINE], request.app[COOKIES].status_page(request)
    if code is None:
        return None
    try:
        page = await engine.read(status_pages.find, code, engine.now())
    except StatusPageGone:
        return None
    return f"/w/{code}" if page.token == token else None


async def entered(request: web.Request) -> dict[str, str]:
    """Return what this browser's person entered when they asked for access, by the names of the form's fields."""
    code = request.app[COOKIES].status_page(request)
    return {} if code is None else await request.app[ENGINE].read(access_requests.entered, code)


async def show(request: web.Request) -> web.Response:
    """Show how things stand. Changes nothing: messengers fetch addresses, too."""
    try:
        page = await find(request)
    except StatusPageGone:
        return await gone(request)
    return show_again(request, page, NO_TROUBLE)


async def act(request: web.Request) -> web.Response:
    """Withdraw, and show how things stand then."""
    form = await read_posted(request)
    engine, code = request.app[ENGINE], request.match_info["code"]
    try:
        page = await find(request)
        check_form_token(request, form, PURPOSE)
        await engine.write(status_pages.withdraw, code, engine.now())
    except StatusPageGone:
        return await gone(request)
    except StaleForm:
        trouble = Trouble(status=403, notice=stale_notice(request, form), withdrawing=True)
        return show_again(request, page, trouble)
    except (SignUpNotPending, RequestNotOpen):  # it was answered meanwhile: the page says so
        pass
    return see_other(f"/w/{code}")


def show_again(request: web.Request, page: StatusPage, trouble: Trouble) -> web.Response:
    """Show how things stand, and what was wrong with a form of the page, if anything."""
    language = request.app[PAGES].language(request, page.organisation)
    note = NOTES.get(request.query.get("note", "")) if page.standing in WAITING else None
    can_withdraw = page.standing in WITHDRAWABLE and page.is_own
    withdrawing = can_withdraw and ("withdraw" in request.query or trouble.withdrawing)
    template, shown = _form(request, page, trouble, withdrawing=withdrawing)
    response = request.app[PAGES].show(
        request,
        template,
        page.organisation,
        status=trouble.status,
        page=page,
        path=_path(request),
        address=f"{request.app[SETTINGS].public_url}{_path(request)}",
        standing=words_of(page),
        is_waiting=page.standing in WAITING,
        who=page.organisation.name or language.gettext(ORGANISATION),
        until=page.until and _moment(page.until, page.organisation.zone, request.app[ENGINE].now(), language),
        note=note,
        notice=trouble.notice,
        again=trouble.again,
        withdrawing=withdrawing,
        can_withdraw=can_withdraw,
        purpose=PURPOSE,
        **shown,
    )
    _keep(request, response, page)
    return response


def _moment(moment: datetime, zone: ZoneInfo, now: datetime, language: Language) -> str:
    """Write a moment with its zone, in one line."""
    written = language.full_moment(moment, zone, now=now)
    return f"{written}, {zone_name(language, zone)}".replace(" ", "\N{NO-BREAK SPACE}")


def asks_password(request: web.Request, page: StatusPage) -> bool:
    """Return whether a form of the page needs the sign-up's password: this browser isn't the one that sent that."""
    known = {"token": page.token, "email": page.email, "form_key": page.form_key}
    return page.user_id is None or not is_sent_from_here(request, **known, user_id=page.user_id)


def _form(
    request: web.Request, page: StatusPage, trouble: Trouble, *, withdrawing: bool
) -> tuple[str, Mapping[str, object]]:
    """Return the template for the form that the page is about now, and what it shows besides."""
    changing = "change" in request.query or trouble.email or trouble.typed
    if withdrawing or not (page.standing is Standing.CONFIRMATION or (page.standing is Standing.APPROVAL and changing)):
        return "status_page.html", {}
    template = "confirm_address.html" if page.standing is Standing.CONFIRMATION else "waiting_credentials.html"
    return template, {
        "trouble": trouble,
        "asks_password": asks_password(request, page),
        "changing": changing,
        "field": EMAIL,
        "new_password": NEW_PASSWORD,
        "email_domains": ", ".join(f"@{domain}" for domain in page.email_domains),
        "strong_passwords": page.strong_passwords,
        "sender": sender_of(request),
    }


def _path(request: web.Request) -> str:
    """Return the page's own path, of which those of its forms are parts."""
    before, _, _ = request.path.partition(request.match_info["code"])
    return f"{before}{request.match_info['code']}"


def _keep(request: web.Request, response: web.Response, page: StatusPage) -> None:
    """Let the link lead here while the person waits, also on another device of theirs; not afterwards."""
    if page.standing in WAITING:
        request.app[COOKIES].set_status_page(request, response, request.match_info["code"])
    elif request.app[COOKIES].status_page(request) == request.match_info["code"]:
        request.app[COOKIES].end_status_page(request, response)


async def find(request: web.Request) -> StatusPage:
    """Find the page of a request. Raises StatusPageGone."""
    engine = request.app[ENGINE]
    try:
        return await engine.read(status_pages.find, request.match_info["code"], engine.now())
    except StatusPageGone:
        report(request, SecurityEvent.CODE_REFUSED)
        raise


async def gone(request: web.Request) -> web.Response:
    """Say that a page is no longer kept."""
    organisation = await request.app[ENGINE].read(account.organisation)
    return request.app[PAGES].show(request, "status_page_gone.html", organisation, status=410)
