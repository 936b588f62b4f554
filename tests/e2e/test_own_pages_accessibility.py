"""The pages of a confirmation and of one's own data judged by axe-core, at the width of a small phone."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from core.services import policies, status_pages
from core.services.policies import Switch
from core.services.progress import Cohort, Which
from tests.e2e.test_pages_accessibility import RULES, send
from tests.integration.test_core_reminders import remind_behind
from tests.support.account import Office
from tests.support.browser import OpenPage
from tests.support.clock import Clock
from tests.support.confirmed import mailed
from tests.support.mail_server import SENDER
from tests.support.reminders import stop_code
from tests.support.site import PASSWORD, Site, open_site

pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


async def is_accessible(page: Page, heading: str) -> None:
    """Judge a page, which must need no sideways scrolling either."""
    await expect(page.locator("h1")).to_have_text(heading)
    assert await page.evaluate("document.documentElement.scrollWidth") == 320
    found = await Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()


async def test_from_the_confirmation_to_ones_own_data(
    open_page: OpenPage, office: Office, expected_noise: list[str]
) -> None:
    engine = office.engine
    expected_noise.append("Failed to load resource: the server responded with a status of 4")
    await engine.write(
        policies.switch, office.owner_id, Switch.EMAIL_CONFIRMATION, engine.now(), on=True, can_mail=True
    )
    page = await open_page(viewport={"width": 320, "height": 640})
    async with open_site(engine, smtp_url="smtp://127.0.0.1:1", mail_from=SENDER) as site:
        await page.goto(f"{site.address}/s/{(await office.profile()).token}")
        await send(page, "anna@example.com")
        await is_accessible(page, "Confirm your email address")
        code = page.url.rpartition("/")[2]
        await page.get_by_role("button", name="Confirm").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        await is_accessible(page, "Confirm your email address")
        user_id = (await engine.read(status_pages.find, code, engine.now())).user_id
        brought = await mailed(engine, user_id or 0)
        await page.context.clear_cookies(name="visitor")
        await page.goto(f"{site.address}/confirm/{brought.code}")
        await is_accessible(page, "Confirm your email address")
        await page.get_by_label("Type the password that you chose on the form").fill(PASSWORD)
        await page.get_by_role("button", name="Yes, create my account").click()
        await page.get_by_role("link", name="Your details and password").click()
        await is_accessible(page, "Your details")
        await page.goto(f"{site.address}/me/email")
        await page.get_by_role("button", name="Send the link").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        await is_accessible(page, "Change your email address")


async def test_stopping_reminders_and_bringing_them_back(
    open_page: OpenPage, office: Office, site: Site, clock: Clock
) -> None:
    user_id = (await office.sign_up((await office.profile()).token)).user_id
    await remind_behind(office, Cohort(), Which.NOT_STARTED)
    code = await office.engine.write(stop_code, user_id, clock())
    page = await open_page(viewport={"width": 320, "height": 640})
    await page.goto(f"{site.address}/r/{code}")
    await is_accessible(page, "Stop reminders?")
    await page.get_by_role("button", name="Stop reminders").click()
    await is_accessible(page, "You get no more reminders")
    await page.reload()  # which brings nothing back
    await is_accessible(page, "You get no more reminders")
    await page.get_by_role("button", name="Send me reminders again").click()
    await is_accessible(page, "You get reminders again")
