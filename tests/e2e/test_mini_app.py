"""The Mini App in a real Chromium: in a frame of Telegram's page, which is another site, over TLS; and in a window."""

import asyncio
import json
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copy
from urllib.parse import urlencode

import pytest
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from core.engine import Engine
from tests.e2e.test_pages_accessibility import RULES
from tests.support.account import Office
from tests.support.browser import find_chromium
from tests.support.mini_app import DARK, told
from tests.support.reverse_proxy import HOST, make_certificate
from tests.support.site import PASSWORD, open_site, sign_ups, tally

pytestmark = pytest.mark.deep

TELEGRAM = "web.telegram.org"
TOKEN = "123456:" + "a" * 35
LIGHT = {
    "bg_color": "#ffffff",
    "secondary_bg_color": "#f1f1f1",
    "text_color": "#000000",
    "hint_color": "#707579",
    "button_color": "#3390ec",
}
SMALL: ViewportSize = {"width": 320, "height": 640}


@dataclass(frozen=True, kw_only=True)
class World:
    """A browser in which Telegram's page and ours are two sites, each with TLS."""

    browser: Browser
    engine: Engine
    link: str

    async def page(self) -> Page:
        """Open a small phone."""
        context = await self.browser.new_context(ignore_https_errors=True, locale="en-GB", viewport=SMALL)
        return await context.new_page()

    def address(self, init_data: str, theme: object = DARK) -> str:
        """Return the address that Telegram opens."""
        told_by_telegram = {"tgWebAppData": init_data, "tgWebAppThemeParams": json.dumps(theme)}
        return f"https://{HOST}/m?tgWebAppStartParam={self.link}#{urlencode(told_by_telegram)}"

    def told(self, at: datetime | None = None, token: str = TOKEN, **person: object) -> str:
        """Return what Telegram tells of Nina, now unless another moment is given."""
        return told(at or self.engine.now(), token=token, start=self.link, **{"language_code": "en", **person})


@asynccontextmanager
async def passing_on(tls: ssl.SSLContext, to_port: int) -> AsyncIterator[int]:
    """End TLS in front of a port, as a proxy does; yield where."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward, back = await asyncio.open_connection("127.0.0.1", to_port)
        await asyncio.gather(pump(reader, back), pump(onward, writer))

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@asynccontextmanager
async def telegrams_page(tls: ssl.SSLContext) -> AsyncIterator[int]:
    """Serve a page that shows an address in a frame, as Telegram's does, and notes what the frame says; yield where."""

    async def show(_request: web.Request) -> web.Response:
        script = "onmessage = ({ data }) => (window.heard ??= []).push(JSON.parse(data).eventType)"
        page = (
            f'<!doctype html><title>Telegram</title><script>{script}</script><iframe width="320" height="600"></iframe>'
        )
        return web.Response(text=page, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", show)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@pytest.fixture
async def engine(tmp_path: Path, migrated_file: Path) -> AsyncIterator[Engine]:
    """SQLite is enough here: a browser sees no difference."""
    engine = Engine(f"sqlite:///{copy(migrated_file, tmp_path)}")
    yield engine
    await engine.close()


@pytest.fixture
async def world(engine: Engine, office: Office, tmp_path: Path) -> AsyncIterator[World]:
    certificate, key = await make_certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(open_site(engine, public_url=f"https://{HOST}", bot_token=TOKEN))
        ours = await stack.enter_async_context(passing_on(tls, int(site.address.rsplit(":", 1)[1])))
        theirs = await stack.enter_async_context(telegrams_page(tls))
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(),
            chromium_sandbox=os.geteuid() != 0,
            args=[f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{ours},MAP {TELEGRAM}:443 127.0.0.1:{theirs}"],
        )
        stack.push_async_callback(browser.close)
        yield World(browser=browser, engine=engine, link=(await office.profile()).token)


async def show_in_frame(page: Page, address: str) -> None:
    await page.goto(f"https://{TELEGRAM}/")
    await page.evaluate("address => { document.querySelector('iframe').src = address; }", address)


async def test_signing_up_in_a_frame_of_another_site(world: World) -> None:
    page = await world.page()
    await show_in_frame(page, world.address(world.told()))
    frame = page.frame_locator("iframe")
    await expect(frame.locator("h1")).to_have_text("Create your account")
    await expect(frame.get_by_label("First name")).to_have_value("Nina")
    assert await page.evaluate("window.heard") == ["web_app_ready", "web_app_expand"]
    await frame.get_by_label("Email address").fill("nina@example.com")
    await frame.get_by_label("Create a password").fill(PASSWORD)
    await frame.get_by_role("button", name="Create account").click()
    await expect(frame.locator("h1")).to_have_text("My Courses")
    assert await tally(world.engine) == sign_ups(1)
    [cookie] = await page.context.cookies()
    assert (cookie["name"], cookie["sameSite"], cookie["secure"]) == ("__Host-m", "None", True)

    later = await world.page()  # another device: Telegram says who it is
    await show_in_frame(later, world.address(world.told()))
    await expect(later.frame_locator("iframe").get_by_text("You are logged in as Nina.")).to_be_visible()


@pytest.mark.parametrize(
    ("token", "age", "heading"),
    [
        ("654321:" + "b" * 35, timedelta(), "We can't tell who you are"),
        (TOKEN, timedelta(hours=2), "This window was open for too long"),
    ],
)
async def test_forged_and_old_data_in_a_frame_is_refused(
    world: World, token: str, age: timedelta, heading: str
) -> None:
    page = await world.page()
    await show_in_frame(page, world.address(world.told(world.engine.now() - age, token)))
    frame = page.frame_locator("iframe")
    await expect(frame.locator("h1")).to_have_text(heading)
    await expect(frame.get_by_role("link", name="Open in browser")).to_be_visible()


async def test_replayed_data_is_refused_but_loading_again_is_not(world: World) -> None:
    address, page, thief = world.address(world.told()), await world.page(), await world.page()
    await show_in_frame(page, address)
    await expect(page.frame_locator("iframe").locator("h1")).to_have_text("Create your account")
    await show_in_frame(thief, address)
    await expect(thief.frame_locator("iframe").locator("h1")).to_have_text("This window was opened before")
    await show_in_frame(page, address)
    await expect(page.frame_locator("iframe").locator("h1")).to_have_text("Create your account")


async def test_the_ordinary_pages_are_shown_in_no_frame(world: World) -> None:
    page = await world.page()
    await page.goto(f"https://{TELEGRAM}/")
    async with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        await page.evaluate("url => { document.querySelector('iframe').src = url; }", f"https://{HOST}/s/{world.link}")
    await expect(page.frame_locator("iframe").locator("#email")).to_have_count(0)


async def test_outside_of_telegram_it_leads_to_the_ordinary_form(world: World) -> None:
    page = await world.page()
    await page.goto(f"https://{HOST}/m?tgWebAppStartParam={world.link}")
    await page.wait_for_url(f"https://{HOST}/s/{world.link}")


async def test_without_scripts_it_offers_the_ordinary_form(world: World) -> None:
    context = await world.browser.new_context(ignore_https_errors=True, java_script_enabled=False, viewport=SMALL)
    page = await context.new_page()
    await page.goto(f"https://{HOST}/m?tgWebAppStartParam={world.link}")
    await expect(page.get_by_role("link", name="Open in browser")).to_have_attribute(
        "href", f"https://{HOST}/s/{world.link}"
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ru", "es"])
async def test_it_is_accessible_and_fits_a_small_phone(world: World, theme: dict[str, str], language: str) -> None:
    page = await world.page()
    await page.goto(world.address(world.told(language_code=language), theme))
    await expect(page.locator("#first_name")).to_have_value("Nina")
    await check(page)
    await page.locator("button.primary").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await check(page)
    await page.locator("#email").fill("nina@example.com")
    await page.locator("#password").fill(PASSWORD)
    await page.locator("button.primary").click()
    await page.wait_for_url("**/m/courses")
    await check(page)


async def check(page: Page) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = await Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()
    if folder := os.environ.get("SCREENSHOTS"):
        name = await page.evaluate("document.title + document.documentElement.lang")
        await page.screenshot(path=f"{folder}/{name.replace('/', '-')}{hash(page.url) % 97}.png", full_page=True)
