"""A form that asks for a proof of work, in a real browser: solved meanwhile, by keyboard; and with scripts off."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from core.services.page_settings import PageSetting
from tests.e2e.test_pages_accessibility import RULES
from tests.support.account import Office
from tests.support.browser import OpenPage
from tests.support.site import PASSWORD, Site, sign_ups, tally
from web import challenges

pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


async def test_a_person_signs_up_by_keyboard_while_the_browser_solves_the_challenge(
    open_page: OpenPage, office: Office, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenges, "COST", 100)
    await office.set_page(PageSetting.CHALLENGE, "on")
    path = f"{site.address}/s/{(await office.profile()).token}"
    page = await open_page(viewport={"width": 320, "height": 640})
    await page.goto(path)
    await expect(page.get_by_role("status")).to_have_text("Your browser is checked.")
    found = await Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()
    monkeypatch.setattr(challenges, "COST", 2_000)  # long enough that the form is sent before it is solved
    await page.reload()
    await page.locator("#first_name").focus()
    for value, key in (("Anna", "Tab"), ("Berzina", "Tab"), ("anna@example.com", "Tab"), (PASSWORD, "Enter")):
        await page.keyboard.insert_text(value)
        await page.keyboard.press(key)
    await expect(page.locator("h1")).to_have_text("My Courses")
    assert await tally(office.engine) == sign_ups(1)


async def test_a_form_that_is_refused_is_not_checked_anew(
    open_page: OpenPage, office: Office, site: Site, monkeypatch: pytest.MonkeyPatch, expected_noise: list[str]
) -> None:
    expected_noise.append("status of 422")
    monkeypatch.setattr(challenges, "COST", 100)
    await office.set_page(PageSetting.CHALLENGE, "on")
    page = await open_page()
    await page.goto(f"{site.address}/s/{(await office.profile()).token}")
    monkeypatch.setattr(challenges, "COST", 10_000_000)  # another check would take hours
    for name, value in (("first_name", "Anna"), ("last_name", "Berzina"), ("email", "anna"), ("password", PASSWORD)):
        await page.locator(f"#{name}").fill(value)
    await page.get_by_role("button", name="Create account").click()
    await expect(page).to_have_title(re.compile("^Error"))
    await expect(page.get_by_role("status")).to_have_text("Your browser is checked.")
    await page.locator("#email").fill("anna@example.com")
    await page.locator("#password").fill(PASSWORD)
    await page.get_by_role("button", name="Create account").click()
    await expect(page.locator("h1")).to_have_text("My Courses")


async def test_with_scripts_off_the_page_says_what_to_do(open_page: OpenPage, office: Office, site: Site) -> None:
    await office.set_page(PageSetting.CHALLENGE, "on")
    page = await open_page(java_script_enabled=False)
    await page.goto(f"{site.address}/s/{(await office.profile()).token}")
    await expect(page.get_by_role("status")).to_contain_text("Or ask the person who sent you the link.")
