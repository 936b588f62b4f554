"""The pages over real HTTP, and visitors with a browser's cookies."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from aiohttp import ClientSession, CookieJar, TCPConnector
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from yarl import URL

from bot.sandbox import SANDBOX_TOKEN
from core.domain.access import Role
from core.engine import Engine
from core.storage.tables import Activation, Profile, User
from tests.support.settings import settings_of
from web.application import build_application
from web.server import Server

SECRET = "a secret key of tests"
PASSWORD = "four quiet words here"


@dataclass(frozen=True, kw_only=True)
class Element:
    """An element of a page: its attributes, and the text inside it."""

    tag: str
    attributes: Mapping[str, str]
    text: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag=tag, attributes={name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in {"img", "input", "link", "meta"}:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text.append(data)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    cookies: Mapping[str, Mapping[str, Any]]  # flags are True
    body: str

    @property
    def location(self) -> str:
        """Where the answer leads."""
        return self.headers.get("Location", "")

    def json(self) -> Any:  # noqa: ANN401 - JSON is of any type
        """What the body says as JSON."""
        return json.loads(self.body)

    @property
    def heading(self) -> str:
        """The page's one main heading."""
        (heading,) = self.texts("h1")
        return heading

    def elements(self, tag: str, **attributes: str) -> list[Element]:
        """Every element of the page with this tag and these attributes."""
        reader = _Reader()
        reader.feed(self.body)
        reader.close()
        return [e for e in reader.elements if e.tag == tag and attributes.items() <= e.attributes.items()]

    def texts(self, tag: str, **attributes: str) -> list[str]:
        """What stands in those elements."""
        return [" ".join("".join(element.text).split()) for element in self.elements(tag, **attributes)]

    def field(self, name: str) -> Mapping[str, str]:
        """The attributes of the input of this name."""
        (found,) = self.elements("input", name=name)
        return found.attributes


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form that a visitor has open: where it goes, the token in it, and the version of the policy that it shows."""

    path: str
    token: str
    privacy_version: str = ""


def read_form(path: str, page: Answer) -> Form:
    """Read what a page's form carries."""
    versions = [field.attributes["value"] for field in page.elements("input", name="privacy_version")]
    return Form(path=path, token=page.field("form_token")["value"], privacy_version="".join(versions))


class Visitor:
    """Somebody with a browser: a jar of cookies, and forms filled in by hand."""

    def __init__(self, http: ClientSession) -> None:
        self.http = http

    async def get(self, path: str, **headers: str) -> Answer:
        """Open a page; redirects are not followed."""
        return await self.send("GET", path, headers=headers)

    async def post(self, path: str, values: Mapping[str, str], **headers: str) -> Answer:
        """Send a form as it stands."""
        return await self.send("POST", path, data=dict(values), headers=headers)

    async def send(self, method: str, path: str, **options: Any) -> Answer:  # noqa: ANN401 - they are aiohttp's, of many types
        """Send any request."""
        async with self.http.request(method, path, allow_redirects=False, **options) as response:
            return Answer(
                status=response.status,
                headers=response.headers.copy(),
                cookies={name: {"value": cookie.value, **cookie} for name, cookie in response.cookies.items()},
                body=await response.text(),
            )

    async def follow(self, answer: Answer) -> Answer:
        """Open the page to which an answer redirects."""
        assert (answer.status, bool(answer.location)) == (303, True)
        return await self.get(answer.location)

    async def open_form(self, path: str) -> Form:
        """Open the page of a form and read its token."""
        return read_form(path, await self.get(path))

    async def open_link(self, token: str) -> Form:
        """Open a sign-up link."""
        return await self.open_form(f"/s/{token}")

    async def fill(self, form: Form, email: str = "anna@example.com", **changes: str) -> Answer:
        """Fill the sign-up form in as Anna Berzina would, and send it."""
        hidden = {"form_token": form.token, "privacy_version": form.privacy_version}
        return await self.post(form.path, {**a_learner(email), **hidden, **changes})

    async def sign_up(self, token: str, email: str = "anna@example.com", **changes: str) -> Answer:
        """Open a link, fill its form in and send it."""
        return await self.fill(await self.open_link(token), email, **changes)

    async def log_in(self, identifier: str, password: str = PASSWORD, *, to: str = "") -> Answer:
        """Open the log-in form, fill it in and send it; `to` is the page wanted afterwards."""
        form = await self.open_form("/login")
        values = {"identifier": identifier, "password": password, "next": to}
        return await self.post(form.path, {**values, "form_token": form.token})

    async def log_out(self) -> Answer:
        """Press "Log out" on My Courses."""
        return await self.post("/logout", {"form_token": await self.portal_form_token()})

    async def portal_form_token(self) -> str:
        """Read the form token of My Courses."""
        return (await self.get("/courses")).elements("input", name="form_token")[0].attributes["value"]


class Site:
    """A running server, and visitors for it."""

    def __init__(self, address: str, connector: TCPConnector) -> None:
        self.address = address
        self._connector = connector
        self._sessions: list[ClientSession] = []

    def visitor(self, **headers: str) -> Visitor:
        """Somebody new, who sends these headers with every request."""
        # Cookies of an address, not of a name; and secure ones too, as behind a proxy that speaks TLS.
        jar = CookieJar(unsafe=True, treat_as_secure_origin=URL(self.address))
        session = ClientSession(
            self.address, connector=self._connector, connector_owner=False, cookie_jar=jar, headers=headers
        )
        self._sessions.append(session)
        return Visitor(session)

    async def close(self) -> None:
        """Send every visitor home."""
        for session in self._sessions:
            await session.close()
        await self._connector.close()


@asynccontextmanager
async def open_site(engine: Engine, **settings: str) -> AsyncIterator[Site]:
    """Serve the pages on a free port, with the settings that `.env` would hold."""
    app = build_application(engine, settings_of(**settings), SECRET, sandbox_token=SANDBOX_TOKEN)
    server = Server(app, finish_within=1)
    [address] = await server.start("127.0.0.1", 0, backlog=512)
    site = Site(address, TCPConnector(limit=0))
    try:
        yield site
    finally:
        await site.close()
        await server.stop()


def a_learner(email: str = "anna@example.com") -> dict[str, str]:
    """A valid form's values."""
    return {"first_name": "Anna", "last_name": "Bērziņa", "email": email, "password": PASSWORD}


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many sign-ups the database holds, by each of the three ways to count them."""

    learners: int
    rows: int
    used: int


async def tally(engine: Engine) -> Tally:
    """Count the learners, the rows of activation history and the activations used."""

    def count(session: Session) -> Tally:
        learners = select(func.count()).select_from(User).where(User.role == Role.LEARNER)
        rows, used = select(func.count()).select_from(Activation), select(func.sum(Profile.used))
        return Tally(
            learners=session.scalars(learners).one(),
            rows=session.scalars(rows).one(),
            used=session.scalars(used).one() or 0,
        )

    return await engine.read(count)


def sign_ups(number: int) -> Tally:
    """So many sign-ups, complete in every respect."""
    return Tally(learners=number, rows=number, used=number)
