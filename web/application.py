"""The learners' web application, put together."""

from aiohttp import web

from core.config import WEBHOOK_PATH, Settings
from core.engine import Engine
from core.logs import Summary
from core.services.strangers import OwnerClaim
from core.update_recorder import UpdateRecorder
from web import (
    access_requests,
    confirmations,
    copied_links,
    courses,
    joining,
    login,
    logos,
    middlewares,
    mini_app,
    operations,
    own_credentials,
    own_details,
    password_links,
    password_requests,
    privacy,
    reminders,
    security_txt,
    sign_up,
    static_files,
    status_pages,
    telegram_links,
    telegram_webhook,
    waiting_credentials,
)
from web.app_keys import ENGINE, SECRET_KEY, SETTINGS
from web.cookies import COOKIES, Cookies
from web.form_tokens import FORM_TOKENS, FormTokens
from web.host import own_host
from web.leading_back import back_to
from web.mini_app_cookie import MiniAppCookie
from web.pages import PAGES, Pages
from web.places import ROOT

TOKEN = "{token:[A-Za-z0-9_-]{1,64}}"  # noqa: S105 - a pattern for one
COPIED = r"/{s:[sS]}/{copied:[\s\S]+}"
CODE = "{code:[A-Za-z0-9_-]{43}}"
DETAIL = "{detail:[a-z]+(?:_[a-z0-9]+)?}"
CHANGES = "{part:address|change}"
PART = "{part:code|again|telegram}"
OWN_PART = "{part:data|log-out-everywhere|password-link-read|telegram|telegram/end|email/give-up}"
NUMBER = "{course_id:[0-9]{1,18}}"
VERSION = "{version:[0-9]{1,7}}"


def build_application(engine: Engine, settings: Settings, secret_key: str, sandbox_token: str = "") -> web.Application:
    """Build the application that serves the pages from an engine; `sandbox_token` signs if there is no bot's token."""
    app = web.Application(
        middlewares=[
            middlewares.served,
            middlewares.observed,
            middlewares.error_pages,
            own_host,
            middlewares.same_origin,
        ],
    )
    app[FORM_TOKENS], app[PAGES] = FormTokens(secret_key), Pages()
    app[ENGINE], app[SETTINGS], app[SECRET_KEY] = engine, settings, secret_key
    app[COOKIES] = Cookies(secure=settings.is_secure)
    app[middlewares.HUNG_UPS] = Summary()
    operations.add_metrics(app)
    app.on_response_prepare.append(middlewares.add_headers)
    app.add_routes([*_learners_routes(), *_other_routes()])
    token = settings.bot_token.get_secret_value() if settings.bot_token else sandbox_token
    if token:
        app.add_subapp(ROOT, _mini_app(app, token))
    if settings.webhook_url:
        claim = OwnerClaim(secret_key=secret_key, telegram_id=settings.owner_telegram_id)
        app[telegram_webhook.RECORDER] = UpdateRecorder(engine, claim)
        app[telegram_webhook.SECRET] = settings.webhook_secret_by(secret_key)
        app.router.add_post(WEBHOOK_PATH, telegram_webhook.receive)
    return app


def _mini_app(pages: web.Application, bot_token: str) -> web.Application:
    """Build the Mini App: the learners' pages once more, under a path, a cookie and headers of their own."""
    app = web.Application()
    app[ENGINE], app[SETTINGS], app[SECRET_KEY] = pages[ENGINE], pages[SETTINGS], pages[SECRET_KEY]
    app[FORM_TOKENS], app[PAGES], app[operations.SIGN_UPS] = (
        pages[FORM_TOKENS],
        pages[PAGES],
        pages[operations.SIGN_UPS],
    )
    app[COOKIES] = app[mini_app.COOKIE] = MiniAppCookie(secure=pages[SETTINGS].is_secure)
    app[mini_app.BOT_TOKEN] = bot_token
    opened_courses = f"/learners/{{user_id:[0-9]{{1,18}}}}/courses/{NUMBER}/open"
    app.add_routes([web.get("", mini_app.show), web.post("", mini_app.open_app), *_learners_routes()])
    app.add_routes([web.get(opened_courses, mini_app.open_course)])
    return app


def _learners_routes() -> list[web.RouteDef]:
    return [*_sign_up_routes(), *_course_routes(), *_own_routes(), *_waiting_routes()]


def _sign_up_routes() -> list[web.RouteDef]:
    return [
        web.get(f"/s/{TOKEN}", sign_up.show),
        web.post(f"/s/{TOKEN}", sign_up.redeem),
        web.get(f"/s/{TOKEN}/ask", back_to("/s/{token}")),
        web.post(f"/s/{TOKEN}/ask", access_requests.ask),
        web.get(f"/s/{TOKEN}/join", joining.show),
        web.post(f"/s/{TOKEN}/join", joining.join),
    ]


def _course_routes() -> list[web.RouteDef]:
    return [
        web.get("/courses", courses.my_courses),
        web.get(f"/courses/{NUMBER}/open", courses.open_course),
        web.get(f"/courses/{NUMBER}/progress", back_to("/courses")),
        web.post(f"/courses/{NUMBER}/progress", courses.advance),
        web.get("/login", login.log_in_page),
        web.post("/login", login.log_in),
        web.get("/logout", back_to("/courses")),
        web.post("/logout", login.log_out),
        web.get(password_requests.PATH, password_requests.show),
        web.post(password_requests.PATH, password_requests.ask),
    ]


def _own_routes() -> list[web.RouteDef]:
    return [
        web.post("/me/password-link-read", password_links.has_been_told),
        web.get(own_details.PATH, own_details.show),
        web.get(f"{own_details.PATH}/{OWN_PART}", back_to(own_details.PATH)),
        web.post("/me/data", own_details.download),
        web.post("/me/log-out-everywhere", own_details.log_out_everywhere),
        web.post("/me/telegram", telegram_links.connect),
        web.post("/me/telegram/end", telegram_links.disconnect),
        web.get("/me/language", own_details.show_languages),
        web.post("/me/language", own_details.choose_language),
        web.get("/me/password", own_credentials.show_password),
        web.post("/me/password", own_credentials.save_password),
        web.get("/me/email", own_credentials.show_email),
        web.post("/me/email", own_credentials.save_email),
        web.post("/me/email/give-up", own_credentials.give_up_email),
        web.get(f"/me/{DETAIL}", own_details.edit),
        web.post(f"/me/{DETAIL}", own_details.save),
    ]


def _waiting_routes() -> list[web.RouteDef]:
    return [
        web.get(f"/w/{CODE}", status_pages.show),
        web.post(f"/w/{CODE}", status_pages.act),
        web.get(f"/w/{CODE}/{CHANGES}", confirmations.lead_back),
        web.get(f"/w/{CODE}/{PART}", back_to("/w/{code}")),
        web.post(f"/w/{CODE}/telegram", telegram_links.connect_waiting),
        web.post(f"/w/{CODE}/code", confirmations.type_digits),
        web.post(f"/w/{CODE}/again", confirmations.send_again),
        web.post(f"/w/{CODE}/address", confirmations.change_address),
        web.post(f"/w/{CODE}/change", waiting_credentials.change),
    ]


def _other_routes() -> list[web.RouteDef]:
    return [
        web.get("/", courses.home),
        web.get(COPIED, copied_links.lead_on),
        web.get(password_requests.WELL_KNOWN, password_requests.well_known),
        web.get(f"/password/{CODE}", password_links.show),
        web.post(f"/password/{CODE}", password_links.save),
        web.get(f"/r/{CODE}", reminders.show),
        web.post(f"/r/{CODE}", reminders.change),
        web.get(f"/confirm/{CODE}", confirmations.show),
        web.post(f"/confirm/{CODE}", confirmations.confirm),
        web.get(f"/me/email/{CODE}", own_credentials.show_link),
        web.post(f"/me/email/{CODE}", own_credentials.confirm_link),
        web.get("/privacy", privacy.show),
        web.get(f"/privacy/{VERSION}", privacy.show_version),
        web.get("/healthz", operations.alive),
        web.get("/readyz", operations.ready),
        web.get("/metrics", operations.metrics),
        web.get(static_files.STYLE_PATH, static_files.style),
        web.get(static_files.SCRIPT_PATH, static_files.script),
        web.get(static_files.PREVIEW_PATH, static_files.preview),
        web.get(logos.PATH, logos.show),
        web.get("/favicon.ico", static_files.icon),
        web.get("/robots.txt", static_files.robots),
        web.get(security_txt.PATH, security_txt.show),
    ]
