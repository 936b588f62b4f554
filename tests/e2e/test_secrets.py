"""What the program prints and answers while things go right and wrong, at its most talkative: never a secret."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar
from yarl import URL

from bot.sandbox import SANDBOX_TOKEN, Sandbox
from tests.support.chat import Person, SeenMessage
from tests.support.patience import PATIENCE
from tests.support.ports import free_port
from tests.support.program import Program, running
from tests.support.site import a_learner
from tests.support.visitor import FORM_TOKEN

pytestmark = pytest.mark.deep

PUBLIC = "https://signup.example.org"
WEBHOOK_SECRET = "told-to-telegram-alone"
PASSWORD = "nine unlikely herons"
OWN_SECRETS = {"bot token": SANDBOX_TOKEN, "webhook secret": WEBHOOK_SECRET, "password": PASSWORD}
OPERATORS_LINE = "There is no owner yet. To become the owner, open"


@dataclass(kw_only=True)
class Scene:
    """A running program, its Telegram, a browser, and all that must stay between them."""

    program: Program
    sandbox: Sandbox
    http: ClientSession
    secrets: dict[str, str] = field(default_factory=OWN_SECRETS.copy)
    bodies: list[str] = field(default_factory=list)

    def person(self, number: int) -> Person:
        return Person(self.http, self.sandbox.url, number)

    async def open(self, path: str, **headers: str) -> ClientResponse:
        """Open a page and keep what it says."""
        async with self.http.get(self.program.pages + path, headers=headers) as response:
            self.bodies.append(await response.text())
            return response

    async def post(self, path: str, values: dict[str, str], **headers: str) -> ClientResponse:
        """Send a form and keep what is answered."""
        address = self.program.pages + path
        async with self.http.post(address, data=values, headers=headers, allow_redirects=False) as response:
            self.bodies.append(await response.text())
            return response

    async def form_token(self, path: str) -> str:
        """Open a form; the page itself holds its link, so it is not kept."""
        async with self.http.get(self.program.pages + path) as response:
            assert response.headers["Referrer-Policy"] == "same-origin"
            found = FORM_TOKEN.search(await response.text())
        assert found
        return found[1]


@pytest.fixture(params=["polling", "webhook"])
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    port = free_port()
    pages = f"http://127.0.0.1:{port}"
    async with AsyncExitStack() as stack:
        sandbox = Sandbox(port=0, webhook_routes={PUBLIC: pages})
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        settings = {"BOT_MODE": request.param, "PUBLIC_URL": PUBLIC, "WEBHOOK_SECRET": WEBHOOK_SECRET}
        settings |= {"BOT_API_URL": sandbox.url, "BOT_TOKEN": SANDBOX_TOKEN, "LOG_LEVEL": "debug"}
        program = await stack.enter_async_context(running(tmp_path, WEB_PORT=str(port), **settings))
        jar = CookieJar(unsafe=True, treat_as_secure_origin=URL(pages))
        http = await stack.enter_async_context(ClientSession(cookie_jar=jar))
        await program.is_ready()
        yield Scene(program=program, sandbox=sandbox, http=http)


async def ask(person: Person, line: str, containing: str = "") -> SeenMessage:
    said = await person.says(line)
    return await person.reads(containing, after=said)


async def somebody_becomes_the_owner(at: Scene) -> Person:
    await at.program.prints(OPERATORS_LINE)
    announced = next(line for line in at.program.output if OPERATORS_LINE in line)
    at.secrets["owner code"] = announced.partition("?start=")[2].split()[0]
    owner = at.person(1001)
    await ask(owner, f"/start {at.secrets['owner code']}", "Welcome")
    return owner


async def a_link_is_made_and_checked(at: Scene, owner: Person) -> str:
    for line in ("/signup on", "/adddepartment Sales", "/newprofile Autumn | Sales | now - +1 week | 2"):
        card = await ask(owner, line)
    link: str = card.button("Copy link")["copy_text"]["text"]
    at.secrets["sign-up token"] = link.rsplit("/", 1)[-1]
    await ask(owner, f"/check {link}", "The link works.")
    return link.removeprefix(PUBLIC)


async def an_invitation_is_accepted(at: Scene, owner: Person) -> None:
    made = await ask(owner, "/invite administrator")
    at.secrets["invitation code"] = made.text.partition("/start ")[2].splitlines()[0]
    await ask(at.person(1002), f"/start {at.secrets['invitation code']}", "Welcome")
    await ask(at.person(1003), f"/start {at.secrets['invitation code']}", "invited people only")


async def learners_sign_up(at: Scene, path: str) -> None:
    values = a_learner() | {"password": PASSWORD, "form_token": await at.form_token(path)}
    wrong = await at.post(path, values | {"email": "anna@"})
    forged = await at.post(path, values | {"form_token": "forged"})
    assert [wrong.status, forged.status] == [422, 403]
    done = await at.post(path, values)
    assert done.headers["Location"] == "/courses"
    [cookie] = [cookie for name, cookie in done.cookies.items() if "session" in name]
    at.secrets["session"] = cookie.value
    await at.open("/courses")


async def strangers_knock(at: Scene) -> None:
    await at.open(f"/s/{at.secrets['sign-up token'][:-1]}")
    await at.open("/nowhere", Referer=f"{PUBLIC}/s/{at.secrets['sign-up token']}")
    await at.post("/telegram/updates", {}, **{"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET[:-1]})
    await at.post("/login", {"identifier": "anna@example.com", "password": PASSWORD})


async def telegram_is_out_of_reach(at: Scene, path: str) -> None:
    """The notice that the profile is full can't be sent, and is put off."""
    before = len(at.program.output)
    await at.sandbox.stop()
    at.http.cookie_jar.clear()
    values = a_learner("second@example.com") | {"password": PASSWORD, "form_token": await at.form_token(path)}
    await at.post(path, values)
    async with asyncio.timeout(PATIENCE):
        while not any("ClientConnectorError" in line for line in at.program.output[before:]):
            await asyncio.sleep(0.05)  # another process prints: there is nothing here to wait for


async def test_no_secret_is_printed_or_answered(scene: Scene) -> None:
    owner = await somebody_becomes_the_owner(scene)
    path = await a_link_is_made_and_checked(scene, owner)
    await an_invitation_is_accepted(scene, owner)
    await learners_sign_up(scene, path)
    await strangers_knock(scene)
    await telegram_is_out_of_reach(scene, path)
    for probe in ("/metrics", "/readyz", "/healthz", path):
        await scene.open(probe)
    assert await scene.program.ends() == 0
    printed = "\n".join(line for line in scene.program.output if OPERATORS_LINE not in line)
    assert "request" in printed
    for name, secret in scene.secrets.items():
        assert secret not in printed, name
        assert not [body for body in scene.bodies if secret in body], name
