"""The learners' web application, put together."""

from functools import cache

from aiohttp import web

from core.config import WEBHOOK_PATH, Settings
from core.engine import Engine
from core.logs import Summary
from core.services.strangers import OwnerClaim
from core.update_recorder import UpdateRecorder
from web import copied_links, courses, login, middlewares, operations, privacy, security_txt, sign_up, telegram_webhook
from web.app_keys import ENGINE, SECRET_KEY, SETTINGS
from web.cookies import COOKIES, Cookies
from web.form_tokens import FORM_TOKENS, FormTokens
from web.host import own_host
from web.pages import PAGES, STATIC, Pages

TOKEN = "{token:[A-Za-z0-9_-]{1,64}}"  # noqa: S105 - a pattern for one
COPIED = r"/{s:[sS]}/{copied:[\s\S]+}"
NUMBER = "{course_id:[0-9]{1,18}}"
VERSION = "{version:[0-9]{1,7}}"
FOREVER = "public, max-age=31536000, immutable"


def build_application(engine: Engine, settings: Settings, secret_key: str) -> web.Application:
    """Build the application that serves the pages from an engine."""
    app = web.Application(
        middlewares=[
            middlewares.served,
            middlewares.observed,
            middlewares.error_pages,
            own_host,
            middlewares.same_origin,
        ],
    )
    app[ENGINE], app[SETTINGS], app[SECRET_KEY] = engine, settings, secret_key
    app[COOKIES] = Cookies(secure=settings.is_secure)
    app[FORM_TOKENS] = FormTokens(secret_key)
    app[PAGES] = Pages()
    app[middlewares.HUNG_UPS] = Summary()
    operations.add_metrics(app)
    app.on_response_prepare.append(middlewares.add_headers)
    _add_routes(app)
    if settings.webhook_url:
        claim = OwnerClaim(secret_key=secret_key, telegram_id=settings.owner_telegram_id)
        app[telegram_webhook.RECORDER] = UpdateRecorder(engine, claim)
        app[telegram_webhook.SECRET] = settings.webhook_secret_by(secret_key)
        app.router.add_post(WEBHOOK_PATH, telegram_webhook.receive)
    return app


def _add_routes(app: web.Application) -> None:
    app.add_routes(
        [
            web.get("/", courses.home),
            web.get(f"/s/{TOKEN}", sign_up.show),
            web.post(f"/s/{TOKEN}", sign_up.redeem),
            web.get(COPIED, copied_links.lead_on),
            web.get("/courses", courses.my_courses),
            web.post(f"/courses/{NUMBER}/progress", courses.advance),
            web.get("/login", login.log_in_page),
            web.post("/login", login.log_in),
            web.post("/logout", login.log_out),
            web.get("/privacy", privacy.show),
            web.get(f"/privacy/{VERSION}", privacy.show_version),
            web.get("/healthz", operations.alive),
            web.get("/readyz", operations.ready),
            web.get("/metrics", operations.metrics),
            web.get(f"/static/{app[PAGES].style_name}", _style),
            web.get("/favicon.ico", _icon),
            web.get("/robots.txt", _robots),
            web.get(security_txt.PATH, security_txt.show),
        ]
    )


async def _style(_request: web.Request) -> web.Response:
    return _file("style.css", "text/css", FOREVER)


async def _icon(_request: web.Request) -> web.Response:
    return _file("icon.svg", "image/svg+xml", "public, max-age=86400")


def _file(name: str, content_type: str, caching: str) -> web.Response:
    """Return a small file, from memory: a client that doesn't read it is given up, unlike with web.FileResponse."""
    body, headers = _content(name), {"Cache-Control": caching}
    return web.Response(body=body, content_type=content_type, charset="utf-8", headers=headers)


@cache
def _content(name: str) -> bytes:
    return (STATIC / name).read_bytes()


async def _robots(_request: web.Request) -> web.Response:
    return web.Response(text="User-agent: *\nDisallow: /\n")
