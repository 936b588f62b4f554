"""Pages: renders templates in the visitor's language."""

import re
import secrets
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import jinja2
from aiohttp import web

from core.domain.addresses import find_address
from core.language import Language, Languages
from core.services.account import Organisation
from web import static_files, texts
from web.app_keys import SETTINGS
from web.cookies import COOKIES
from web.form_tokens import FORM_TOKENS
from web.logos import logo_of
from web.places import ROOT, is_in_mini_app
from web.themes import Theme, read_theme

HERE = Path(__file__).parent

MOST_UNFILLED = 200  # of about 10 KB each
UNFILLED: Mapping[str, object] = {"values": {}, "problems": {}, "notice": None, "again": {}, "signed_in": None}

ACCEPTED = re.compile(r"([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)(?:\s*;\s*q=([01](?:\.[0-9]{1,3})?))?")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the paths of a page's links begin, and the colours that it has instead of the account's."""

    root: str = ""
    theme: Theme | None = None


ORDINARY = Place()


class Pages:
    """Renders pages in the visitor's language, each form with its token."""

    def __init__(self) -> None:
        self._languages = _languages()
        self._named = {code: language.own_name for code, language in self._languages.all.items()}
        self._place_of_token = secrets.token_hex()  # nothing that a page could hold otherwise
        self._unfilled = lru_cache(MOST_UNFILLED)(self._render_unfilled)

    def language(self, request: web.Request, organisation: Organisation | None) -> Language:
        """Choose the language: what the visitor chose, what their browser asks for, or else the account's."""
        accepted = ACCEPTED.findall(request.headers.get("Accept-Language", "")[:200])
        by_browser = [code for code, _ in sorted(accepted, key=lambda each: -float(each[1] or 1))]
        of_account = [organisation.language] if organisation and organisation.language else []
        return self._languages.choose([*self._chosen(request), *by_browser, *of_account])

    def code_of(self, tag: str) -> str | None:
        """Return the code of the language that a tag such as `pt-br` names, if the pages have it."""
        code = tag.lower().partition("-")[0]
        return code if code in self._named else None

    def account_language(self, request: web.Request, organisation: Organisation) -> Language:
        """Return the language in which others read about a page, whoever fetches it: the account's, if it is set."""
        if organisation.language is None:
            return self.language(request, organisation)
        return self._languages.choose([organisation.language])

    def show(
        self,
        request: web.Request,
        template: str,
        organisation: Organisation | None,
        *,
        status: int = 200,
        **values: object,
    ) -> web.Response:
        """Render a page of the organisation (None: it can't be read); a form's sets the cookie that its token needs.

        With a `challenge` (`web.challenges.Challenging`) among the values, it runs the challenge's scripts.
        """
        tokens = request.app[FORM_TOKENS]
        visitor, is_new = request.app[COOKIES].visitor(request)
        issued: list[str] = []

        def form_token(purpose: str) -> str:
            issued.append(tokens.issue(visitor, purpose))
            return issued[-1]

        language = self.language(request, organisation)
        here = {"address": f"{request.app[SETTINGS].public_url}{request.path}", "form_token": form_token}
        html = self._render(language, template, organisation, _place_of(request), **{**here, **values})
        response = self._answer(request, html, status=status, new_visitor=visitor if is_new and issued else None)
        response[RUNS_SCRIPTS] = values.get("challenge") is not None
        return response

    def show_unfilled(
        self,
        request: web.Request,
        template: str,
        organisation: Organisation,
        *,
        purpose: str,
        **values: Hashable,
    ) -> web.Response:
        """Show a page as `show` does whose one form has nothing filled in, to a visitor who isn't logged in.

        It is rendered once for the same values: only the form's token differs.
        """
        visitor, is_new = request.app[COOKIES].visitor(request)
        language = self.language(request, organisation)
        before, after = self._unfilled(language.code, template, organisation, tuple(values.items()))
        html = f"{before}{request.app[FORM_TOKENS].issue(visitor, purpose)}{after}"
        return self._answer(request, html, status=200, new_visitor=visitor if is_new else None)

    def error(self, request: web.Request, status: int, *, reference: str = "") -> web.Response:
        """Render an error page. It needs no database, which may be what failed, so it can't name the organisation."""
        title, advice = texts.ERRORS.get(status, texts.ERRORS[500 if status >= 500 else 404])  # noqa: PLR2004 - HTTP
        shown = {"reference": reference, "has_way_on": status == 404}  # noqa: PLR2004 - HTTP
        language, place = self.language(request, None), _place_of(request)
        html = self._render(language, "error.html", None, place, title=title, advice=advice, **shown)
        return web.Response(text=html, content_type="text/html", status=status)

    def _answer(self, request: web.Request, html: str, *, status: int, new_visitor: str | None) -> web.Response:
        cookies, response = request.app[COOKIES], web.Response(text=html, content_type="text/html", status=status)
        if new_visitor is not None:
            cookies.set_visitor(request, response, new_visitor)
        if chosen := self._wanted(request):
            cookies.set_language(request, response, chosen)
        return response

    def _render_unfilled(
        self, language: str, template: str, organisation: Organisation, values: tuple[tuple[str, Hashable], ...]
    ) -> tuple[str, str]:
        """Return what stands before and after the form's token."""
        page = self._render(
            self._languages.all[language],
            template,
            organisation,
            ORDINARY,
            form_token=lambda _purpose: self._place_of_token,
            purpose="",
            **UNFILLED,
            **dict(values),
        )
        before, _, after = page.partition(self._place_of_token)
        return before, after

    def _render(
        self, language: Language, template: str, organisation: Organisation | None, place: Place, **values: object
    ) -> str:
        contact = organisation.contact if organisation else None
        accent = (organisation.accent if organisation else None) or ""
        around = {
            "organisation": organisation.name if organisation else None,
            "root": place.root,
            "style": static_files.style_name(place.theme.text if place.theme else accent.removeprefix("#")),
            "color_scheme": place.theme.scheme if place.theme else "light dark",
            "logo": logo_of(organisation),
            "contact": contact,
            "contact_address": find_address(contact) if contact else None,
            "languages": self._named,
        }
        page = _environment(language.code).get_template(template)
        return page.render(**{"preview": None, "challenge": None, **around, **values})

    def _chosen(self, request: web.Request) -> list[str]:
        """Return the language that the visitor chooses now, and the one that they chose before."""
        return [code for code in (self._wanted(request), request.app[COOKIES].language(request)) if code in self._named]

    def _wanted(self, request: web.Request) -> str | None:
        code = request.query.get("lang")
        return code if code in self._named else None


RUNS_SCRIPTS = web.ResponseKey("runs_scripts", bool)
PAGES = web.AppKey("pages", Pages)


def _place_of(request: web.Request) -> Place:
    """Return where a page is shown: in a browser, or in the Mini App, in the colours of the person's Telegram."""
    if not is_in_mini_app(request):
        return ORDINARY
    return Place(root=ROOT, theme=read_theme(request.app[COOKIES].theme(request)))


@cache
def _languages() -> Languages:
    return Languages(HERE / "locales")


@cache
def _environment(code: str) -> jinja2.Environment:
    """Return the templates of a language, compiled once a process however many applications it builds."""
    language = _languages().all[code]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(language=language, texts=texts)
    return environment
