"""The forms of the pages as a browser finds them: by their routes, and by following the links of a page."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from aiohttp import web

from tests.support.site import Visitor
from web.places import ROOT

MOST_PAGES = 60
NOT_FOLLOWED = re.compile(r"[?&](lang|for)=|/open$")  # the page for others; what leads away


@dataclass(frozen=True, kw_only=True)
class Input:
    """A field of a form, or its button: its type (`select` and `button` too), value, and a choice's values."""

    name: str
    kind: str
    value: str
    options: tuple[str, ...] = ()

    @property
    def is_typed(self) -> bool:
        """Whether a person types into it."""
        return self.kind not in {"hidden", "checkbox", "select", "button", "submit"}


@dataclass(frozen=True, kw_only=True)
class PostForm:
    """A form that is posted: the page it is on, the path it goes to, and its fields."""

    page: str
    action: str
    inputs: tuple[Input, ...]


@dataclass(kw_only=True)
class _Open:
    """A form that is being read."""

    action: str
    inputs: list[Input] = field(default_factory=list)
    options: list[str] = field(default_factory=list)


class _FormReader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self._page = page
        self._form: _Open | None = None
        self._select = ""
        self.forms: list[PostForm] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(found.get("href", ""))
        elif tag == "form" and found.get("method") == "post":
            self._form = _Open(action=found.get("action", self._page))
        elif self._form and tag == "select":
            self._select, self._form.options = found["name"], []
        elif self._form and tag == "option":
            self._form.options.append(found.get("value", ""))
        elif self._form and tag in {"input", "button"} and found.get("name"):
            kind = "button" if tag == "button" else found.get("type", "text")
            kind = "hidden" if "readonly" in found else kind
            self._form.inputs.append(Input(name=found["name"], kind=kind, value=found.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if self._form is None:
            return
        if tag == "select":
            options = tuple(self._form.options)
            self._form.inputs.append(Input(name=self._select, kind="select", value="", options=options))
        elif tag == "form":
            done = PostForm(page=self._page, action=self._form.action, inputs=tuple(self._form.inputs))
            self.forms.append(done)
            self._form = None


def forms_on(page: str, body: str) -> list[PostForm]:
    """Read the forms of a page that are posted."""
    return _read(page, body).forms


def _read(page: str, body: str) -> _FormReader:
    reader = _FormReader(page)
    reader.feed(body)
    reader.close()
    return reader


async def find_forms(visitor: Visitor, starts: Iterable[str]) -> list[PostForm]:
    """Open pages, and those that they link to, and return each form once, by where it goes."""
    waiting, seen, found = list(starts), set[str](), dict[str, PostForm]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        page = await visitor.get(path)
        reader = _read(path, page.body)
        for form in reader.forms:
            found.setdefault(form.action, form)
        links = (urljoin(path, link) for link in reader.links if not NOT_FOLLOWED.search(link))
        waiting += [link for link in links if link.startswith("/")]
    return list(found.values())


def posted_routes(app: web.Application) -> Mapping[str, str]:
    """Return what can be posted to: paths with places, and regular expressions of them.

    The pages in the Mini App are those of the rest once more.
    """
    resources = [route.resource for route in app.router.routes() if route.method == "POST" and route.resource]
    paths = {resource.canonical for resource in resources}
    return {
        resource.canonical: _pattern(resource)
        for resource in resources
        if resource.canonical == ROOT or resource.canonical.removeprefix(ROOT) not in paths - {resource.canonical}
    }


def _pattern(resource: web.AbstractResource) -> str:
    info = resource.get_info()
    return info["pattern"].pattern if "pattern" in info else re.escape(info["path"])


def route_of(routes: Mapping[str, str], path: str) -> str:
    """Return the route that answers to a path, as `posted_routes` names it: the first that fits."""
    return next(name for name, pattern in routes.items() if re.fullmatch(pattern, path))
