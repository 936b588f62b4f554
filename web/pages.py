"""Pages: one template environment a language, made once, and what every page shows."""

import hashlib
from functools import cached_property
from pathlib import Path

import jinja2
from aiohttp import web

from core.engine import Engine
from core.language import Language, Languages
from core.services import account, sessions
from core.services.sessions import SignedIn
from web import words
from web.cookies import Cookies
from web.tickets import Tickets

HERE = Path(__file__).parent
STATIC = HERE / "static"

SIGNED_IN = web.RequestKey("signed_in", SignedIn)
LANGUAGE = web.RequestKey("language", Language)


class Pages:
    """Renders pages in the visitor's language, with their ticket and their log-in."""

    def __init__(self, engine: Engine, tickets: Tickets, cookies: Cookies) -> None:
        self.engine = engine
        self.tickets = tickets
        self.cookies = cookies
        self._languages = Languages(HERE / "locales")
        self._environments = {code: _environment(language) for code, language in self._languages.all.items()}

    @cached_property
    def style_name(self) -> str:
        """The style sheet's name with a mark of its content, so that browsers may keep it for ever."""
        return f"{hashlib.sha256((STATIC / 'style.css').read_bytes()).hexdigest()[:12]}.css"

    def language(self, request: web.Request) -> Language:
        """Choose the language that the visitor's browser asks for."""
        wanted = request.headers.get("Accept-Language", "")[:200].split(",")
        return self._languages.choose(part.partition(";")[0].strip() for part in wanted)

    async def show(self, request: web.Request, template: str, *, status: int = 200, **values: object) -> web.Response:
        """Render a page; the visitor gets their cookie with it where they have none."""
        language = self.language(request)
        organisation = await self.engine.read(account.organisation)
        visitor, is_new = self.cookies.visitor(request)
        html = (
            self._environments[language.code]
            .get_template(template)
            .render(
                organisation=organisation.name,
                signed_in=request.get(SIGNED_IN),
                ticket_for=lambda purpose: self.tickets.issue(visitor, purpose),
                style=self.style_name,
                **values,
            )
        )
        response = web.Response(text=html, content_type="text/html", status=status)
        if is_new:
            self.cookies.set_visitor(response, visitor)
        return response

    def error(self, request: web.Request, status: int, *, reference: str = "") -> web.Response:
        """Render the page of an error, from nothing that could fail in turn; it names nobody's organisation."""
        language = self.language(request)
        title, advice = words.ERRORS.get(status, words.ERRORS[500 if status >= 500 else 404])  # noqa: PLR2004 - HTTP
        html = (
            self._environments[language.code]
            .get_template("error.html")
            .render(
                organisation=None,
                signed_in=None,
                style=self.style_name,
                title=title,
                advice=advice,
                reference=reference,
            )
        )
        return web.Response(text=html, content_type="text/html", status=status)

    def ticket_number(self, request: web.Request, form: dict[str, str], purpose: str) -> str | None:
        """Give the number of the ticket that a form carries; None where it was not issued to this visitor for this."""
        visitor, is_new = self.cookies.visitor(request)
        return None if is_new else self.tickets.number(form.get("ticket", ""), visitor, purpose)

    async def who(self, request: web.Request) -> SignedIn | None:
        """Find who the visitor is logged in as."""
        token = self.cookies.session(request)
        return await self.engine.read(sessions.find, token, self.engine.now()) if token else None

    async def start_session(self, request: web.Request, user_id: int, to: str = "/courses") -> web.Response:
        """Log a user in and lead them on; the old log-in of this browser ends. Raises AccountInactive."""
        old = self.cookies.session(request)
        token = await self.engine.write(sessions.start, user_id, self.engine.now(), instead_of=old)
        response = see_other(to)
        self.cookies.set_session(response, token)
        return response


PAGES = web.AppKey("pages", Pages)


def see_other(path: str) -> web.Response:
    """Lead the browser on to a page of ours."""
    return web.Response(status=303, headers={"Location": path})


async def read_form(request: web.Request) -> dict[str, str]:
    """Read a posted form: the first value of each field. Raises 400, 413 or 415 where it is none."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    try:
        posted = await request.post()
    except (ValueError, LookupError):  # bytes that are no text, a character set that nobody knows
        raise web.HTTPBadRequest from None
    return {name: value for name, value in reversed(list(posted.items())) if isinstance(value, str)}


def _environment(language: Language) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(language=language, words=words)
    return environment
