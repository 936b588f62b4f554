"""The states of pages judged by axe-core: WCAG 2.2 AA and its best practices. `test_every_page` has the dark ones."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from core.services import password_links
from tests.support.account import Office
from tests.support.browser import OpenPage
from tests.support.site import Site

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a browser sees no difference


@pytest.fixture
async def page(open_page: OpenPage, expected_noise: list[str]) -> Page:
    expected_noise.append("Failed to load resource: the server responded with a status of 4")
    return await open_page()


async def is_accessible(page: Page, heading: str) -> None:
    await expect(page.locator("h1")).to_have_text(heading)
    found = await Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()


async def send(page: Page, email: str) -> None:
    values = {"first_name": "Anna", "last_name": "Berzina", "email": email, "password": "four quiet words here"}
    for name, value in values.items():
        await page.locator(f"#{name}").fill(value)
    await page.get_by_role("button", name="Create account").click()


async def test_the_form_and_its_mistakes(page: Page, office: Office, site: Site) -> None:
    await page.goto(f"{site.address}/s/{(await office.profile()).token}")
    await is_accessible(page, "Create your account")
    await send(page, "anna")
    await expect(page.get_by_role("alert")).to_be_visible()
    await is_accessible(page, "Create your account")


@pytest.mark.deep
async def test_my_courses(page: Page, office: Office, site: Site) -> None:
    await page.goto(f"{site.address}/s/{(await office.profile()).token}")
    await send(page, "anna@example.com")
    await is_accessible(page, "My Courses")
    for label in ("Mark as completed", "Undo"):
        await page.get_by_role("button", name=label).click()
        await expect(page.get_by_role("button", name=label)).to_have_count(0)
        await is_accessible(page, "My Courses")


@pytest.mark.deep
async def test_a_taken_e_mail_address(page: Page, office: Office, site: Site) -> None:
    card = await office.profile()
    await office.sign_up(card.token, "anna@example.com")
    await page.goto(f"{site.address}/s/{card.token}")
    await send(page, "anna@example.com")
    await is_accessible(page, "You already have an account")


@pytest.mark.deep
async def test_a_closed_link(page: Page, office: Office, site: Site) -> None:
    card = await office.profile(limit="1")
    await office.sign_up(card.token)
    await page.goto(f"{site.address}/s/{card.token}")
    await is_accessible(page, "No places are left")


@pytest.mark.usefixtures("office")
@pytest.mark.deep
async def test_log_in_and_its_mistakes(page: Page, site: Site) -> None:
    await page.goto(f"{site.address}/login")
    await is_accessible(page, "Log in")
    await page.locator("#identifier").fill("anna@example.com")
    await page.locator("#password").fill("not her password")
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await is_accessible(page, "Log in")


@pytest.mark.deep
async def test_a_lost_password(page: Page, office: Office, site: Site) -> None:
    learner = (await office.sign_up((await office.profile()).token)).user_id
    made = await office.engine.write(password_links.make, office.owner_id, learner, office.engine.now())
    await page.goto(f"{site.address}/password")
    await page.get_by_role("button", name="Tell them").click()
    await is_accessible(page, "Forgotten your password?")
    await page.locator("#identifier").fill("anna@example.com")
    await page.get_by_role("button", name="Tell them").click()
    await is_accessible(page, "Your request is sent")
    await page.goto(f"{site.address}/password/{made.code}")
    await page.get_by_role("button", name="Save and log in").click()
    await is_accessible(page, "Set a new password")
    await page.locator("#password").fill("four quiet words here")
    await page.get_by_role("button", name="Save and log in").click()
    await is_accessible(page, "My Courses")
    await page.goto(f"{site.address}/password/{made.code}")
    await is_accessible(page, "This link no longer works")


@pytest.mark.deep
async def test_a_sign_up_that_waits(page: Page, approving: Office, site: Site) -> None:
    await page.goto(f"{site.address}/s/{(await approving.profile()).token}")
    await send(page, "anna@example.com")
    await is_accessible(page, "Your account is waiting for approval")
    await page.context.clear_cookies(name="visitor")  # so that the password of the form is asked for
    await page.get_by_role("link", name="Change my email or password").click()
    await page.locator("#email").fill("anna@")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert").get_by_role("listitem")).to_have_count(2)
    await is_accessible(page, "Change your email or password")
    await page.get_by_role("link", name="Back without saving").click()
    await page.get_by_role("link", name="Withdraw").click()
    await page.get_by_role("button", name="Withdraw").click()
    await is_accessible(page, "You withdrew your form")
    await page.get_by_role("link", name="Sign up again").click()
    await is_accessible(page, "Create your account")


@pytest.mark.deep
async def test_a_request_for_access(page: Page, office: Office, site: Site) -> None:
    card = await office.profile(limit="1")
    await office.sign_up(card.token)
    await page.goto(f"{site.address}/s/{card.token}")
    await page.get_by_role("button", name="Ask for access").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await is_accessible(page, "No places are left")
    for name, value in {"first_name": "Boris", "last_name": "Bo", "email": "boris@example.com"}.items():
        await page.locator(f"#{name}").fill(value)
    await page.get_by_role("button", name="Ask for access").click()
    await is_accessible(page, "Your request is sent")


@pytest.mark.usefixtures("office", "site")
async def test_a_page_with_a_mistake_would_be_found(page: Page) -> None:
    await page.set_content("<!doctype html><html lang=en><title>Form</title><main><h1>Form</h1><input></main></html>")
    with pytest.raises(AssertionError, match="label"):
        await is_accessible(page, "Form")


@pytest.mark.deep
async def test_an_address_that_is_none(page: Page, site: Site) -> None:
    await page.goto(f"{site.address}/nothing")
    await is_accessible(page, "Page not found")
