"""Pages: one template environment a language, made once, and what every page shows."""

import hashlib
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import jinja2
from aiohttp import web

from core.engine import Engine
from core.errors import WrongCredentials
from core.language import Language, Languages
from core.services import sessions
from core.services.account import Organisation
from core.services.sessions import SignedIn
from web import texts
from web.cookies import Cookies
from web.form_tokens import StaleForm, Tickets

HERE = Path(__file__).parent
STATIC = HERE / "static"

WANTED = re.compile(r"([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)(?:\s*;\s*q=([01](?:\.[0-9]{1,3})?))?")


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
        wanted = WANTED.findall(request.headers.get("Accept-Language", "")[:200])
        return self._languages.choose(code for code, _ in sorted(wanted, key=lambda each: -float(each[1] or 1)))

    def show(
        self,
        request: web.Request,
        template: str,
        organisation: Organisation,
        *,
        status: int = 200,
        **values: object,
    ) -> web.Response:
        """Render a page of the organisation; a visitor who gets a form with it gets their cookie, too."""
        visitor, is_new = self.cookies.visitor(request)
        issued: list[str] = []

        def ticket_for(purpose: str) -> str:
            issued.append(self.tickets.issue(visitor, purpose))
            return issued[-1]

        html = self._render(request, template, organisation=organisation.name, ticket_for=ticket_for, **values)
        response = web.Response(text=html, content_type="text/html", status=status)
        if is_new and issued:
            self.cookies.set_visitor(response, visitor)
        return response

    def error(self, request: web.Request, status: int, *, reference: str = "") -> web.Response:
        """Render the page of an error, from nothing that could fail in turn; it names nobody's organisation."""
        title, advice = texts.ERRORS.get(status, texts.ERRORS[500 if status >= 500 else 404])  # noqa: PLR2004 - HTTP
        html = self._render(request, "error.html", organisation=None, title=title, advice=advice, reference=reference)
        return web.Response(text=html, content_type="text/html", status=status)

    def check_ticket(self, request: web.Request, form: Mapping[str, str], purpose: str) -> str:
        """Give the ticket that a form carries, if it was issued to this visitor for this. Raises StaleForm."""
        visitor, is_new = self.cookies.visitor(request)
        if is_new:
            raise StaleForm
        self.tickets.check(ticket := form.get("ticket", ""), visitor, purpose)
        return ticket

    async def who(self, request: web.Request) -> SignedIn | None:
        """Find who the visitor is logged in as."""
        token = self.cookies.session(request)
        return await self.engine.read(sessions.find, token, self.engine.now()) if token else None

    async def check_password(self, identifier: str, password: str) -> int:
        """Give the number of the user with this e-mail address or login and this password. Raises WrongCredentials.

        Nobody takes as long as somebody with another password.
        """
        known = await self.engine.read(sessions.credentials, identifier)
        if not await self.engine.verify(known.password_hash if known else None, password) or known is None:
            raise WrongCredentials
        return known.user_id

    async def start_session(self, request: web.Request, user_id: int, to: str = "/courses") -> web.Response:
        """Log a user in and lead them on; the old log-in of this browser ends. Raises AccountInactive."""
        old = self.cookies.session(request)
        token = await self.engine.write(sessions.start, user_id, self.engine.now(), instead_of=old)
        response = see_other(to)
        self.cookies.set_session(response, token)
        return response

    def _render(self, request: web.Request, template: str, **values: object) -> str:
        environment = self._environments[self.language(request).code]
        return environment.get_template(template).render(style=self.style_name, **values)


PAGES = web.AppKey("pages", Pages)


def see_other(path: str) -> web.Response:
    """Lead the browser on to a page of ours."""
    return web.Response(status=303, headers={"Location": path})


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
    environment.globals.update(language=language, words=texts)
    return environment
