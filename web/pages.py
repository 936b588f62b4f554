"""Pages: renders templates in the visitor's language."""

import hashlib
import re
from functools import cached_property
from pathlib import Path

import jinja2
from aiohttp import web

from core.language import Language, Languages
from core.services.account import Organisation
from web import texts
from web.cookies import COOKIES
from web.form_tokens import FORM_TOKENS

HERE = Path(__file__).parent
STATIC = HERE / "static"

ACCEPTED = re.compile(r"([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)(?:\s*;\s*q=([01](?:\.[0-9]{1,3})?))?")


class Pages:
    """Renders pages in the visitor's language, each form with its token."""

    def __init__(self) -> None:
        self._languages = Languages(HERE / "locales")
        self._environments = {code: _environment(language) for code, language in self._languages.all.items()}

    @cached_property
    def style_name(self) -> str:
        """The style sheet's name with a hash of its content, so that browsers can cache it forever."""
        return f"{hashlib.sha256((STATIC / 'style.css').read_bytes()).hexdigest()[:12]}.css"

    def language(self, request: web.Request) -> Language:
        """Choose the language that the visitor's browser asks for."""
        accepted = ACCEPTED.findall(request.headers.get("Accept-Language", "")[:200])
        return self._languages.choose(code for code, _ in sorted(accepted, key=lambda each: -float(each[1] or 1)))

    def show(
        self,
        request: web.Request,
        template: str,
        organisation: Organisation | None,
        *,
        status: int = 200,
        **values: object,
    ) -> web.Response:
        """Render a page of the organisation (None: it can't be read); a form's sets the cookie that its token needs."""
        cookies, tokens = request.app[COOKIES], request.app[FORM_TOKENS]
        visitor, is_new = cookies.visitor(request)
        issued: list[str] = []

        def form_token(purpose: str) -> str:
            issued.append(tokens.issue(visitor, purpose))
            return issued[-1]

        name = organisation.name if organisation else None
        html = self._render(request, template, organisation=name, form_token=form_token, **values)
        response = web.Response(text=html, content_type="text/html", status=status)
        if is_new and issued:
            cookies.set_visitor(response, visitor)
        return response

    def error(self, request: web.Request, status: int, *, reference: str = "") -> web.Response:
        """Render an error page. It needs no database, which may be what failed, so it can't name the organisation."""
        title, advice = texts.ERRORS.get(status, texts.ERRORS[500 if status >= 500 else 404])  # noqa: PLR2004 - HTTP
        shown = {"reference": reference, "has_way_on": status == 404}  # noqa: PLR2004 - HTTP
        html = self._render(request, "error.html", organisation=None, title=title, advice=advice, **shown)
        return web.Response(text=html, content_type="text/html", status=status)

    def _render(self, request: web.Request, template: str, **values: object) -> str:
        environment = self._environments[self.language(request).code]
        return environment.get_template(template).render(style=self.style_name, **values)


PAGES = web.AppKey("pages", Pages)


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
    environment.globals.update(language=language, texts=texts)
    return environment
