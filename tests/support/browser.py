"""A real Chromium for tests, and pages that fail their test when the console or the network complains.

One Chromium serves all tests of a process. Each test connects to it in its own event loop, with its own contexts.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Playwright, Request, async_playwright, expect

from tests.support.patience import PATIENCE
from tests.support.ports import free_port

expect.set_options(timeout=PATIENCE * 1000)

OpenPage: TypeAlias = Callable[..., Awaitable[Page]]


def find_chromium() -> str:
    """Return the path of Chromium; the test is skipped where it isn't installed."""
    names = [os.environ.get("CHROMIUM", ""), "/usr/bin/chromium", "chromium-browser", "google-chrome"]
    for found in filter(None, map(shutil.which, filter(None, names))):
        return found
    reason = "no Chromium found: apt-get install chromium"
    if os.environ.get("GANGWAY_REQUIRE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[str]:
    """A Chromium for all tests of this process, and where they find it; it is started in a thread with its own loop."""
    executable, port, runner = find_chromium(), free_port(), asyncio.Runner()

    async def launch() -> tuple[Playwright, Browser]:
        playwright = await async_playwright().start()
        browser = await playwright.chromium.launch(
            executable_path=executable,
            chromium_sandbox=os.geteuid() != 0,  # Chromium's sandbox refuses root
            args=["--disable-quic", "--disable-background-networking", f"--remote-debugging-port={port}"],
        )
        return playwright, browser

    async def close(playwright: Playwright, browser: Browser) -> None:
        await browser.close()
        await playwright.stop()

    with ThreadPoolExecutor(1) as thread:
        launched = thread.submit(runner.run, launch()).result()
        yield f"http://127.0.0.1:{port}"
        thread.submit(runner.run, close(*launched)).result()
        thread.submit(runner.close).result()


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """The browser itself, for what `page` and `open_page` do not do."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium)
        yield browser
        await browser.close()


@pytest.fixture
def expected_noise() -> list[str]:
    """Parts of complaints that a test expects: `expected_noise.append("status of 410")`."""
    return []


@pytest.fixture
async def open_page(browser: Browser, expected_noise: list[str]) -> AsyncIterator[OpenPage]:
    """`await open_page()` is a new visitor's phone; options are those of `Browser.new_context`."""
    noise: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            noise.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page that was left before it had loaded
            noise.append(f"failed request: {request.method} {request.url}: {request.failure}")

    async def open_page(**options: Any) -> Page:  # noqa: ANN401 - they are Playwright's, of many types
        context = await browser.new_context(**{"locale": "en-GB", "viewport": {"width": 390, "height": 844}, **options})
        context.on("console", heard)
        context.on("requestfailed", failed)
        context.on("weberror", lambda error: noise.append(f"script error: {error.error}"))
        context.set_default_timeout(PATIENCE * 1000)
        return await context.new_page()

    yield open_page
    for context in browser.contexts:
        await context.close()
    unexpected = [line for line in noise if not any(part in line for part in expected_noise)]
    if unexpected:
        pytest.fail("the browser complained:\n" + "\n".join(unexpected), pytrace=False)


@pytest.fixture
async def page(open_page: OpenPage) -> Page:
    """A visitor's page on a phone, in English."""
    return await open_page()
