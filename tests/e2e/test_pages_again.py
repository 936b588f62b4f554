"""A form that is sent once more from a real browser, which loads its page anew on the way back."""

import pytest
from playwright.async_api import Page, expect

from tests.support.account import Office
from tests.support.site import Site, sign_ups, tally

# SQLite is enough here: a browser sees no difference.
pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


async def sign_up(page: Page) -> None:
    for name, value in (("first_name", "Anna"), ("last_name", "Berzina"), ("email", "anna@example.com")):
        await page.locator(f"#{name}").fill(value)
    await page.locator("#password").fill("four quiet words here")
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("heading", name="My Courses")).to_be_visible()


async def test_going_back_and_sending_again_leads_to_my_courses_with_one_activation(
    page: Page, office: Office, site: Site
) -> None:
    await page.goto(f"{site.address}/s/{(await office.profile()).token}")
    await sign_up(page)
    await page.go_back()
    await sign_up(page)
    assert await tally(office.engine) == sign_ups(1)


async def test_going_back_to_a_link_that_is_full_by_now_leads_to_my_courses(
    page: Page, office: Office, site: Site, expected_noise: list[str]
) -> None:
    expected_noise.append("status of 410")
    await page.goto(f"{site.address}/s/{(await office.profile(limit='1')).token}")
    await sign_up(page)
    await page.go_back()
    await expect(page.get_by_role("heading", name="No places are left")).to_be_visible()
    await page.get_by_role("link", name="Go to My Courses").click()
    await expect(page.get_by_role("heading", name="My Courses")).to_be_visible()
