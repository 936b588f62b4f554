"""The pages in a real browser: on a small phone, by keyboard alone, without JavaScript."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest
from playwright.async_api import Page, expect

from core.engine import Engine
from tests.support.account import Office
from tests.support.browser import OpenPage
from tests.support.site import Site

SMALL = {"width": 320, "height": 568}
SMALLEST = 44  # CSS pixels, for a thumb
TARGETS = "button, .button, input:not([type=hidden])"


@pytest.fixture
async def engine(tmp_path: Path, migrated_file: Path) -> AsyncIterator[Engine]:
    """SQLite is enough here: a browser sees no difference."""
    engine = Engine(f"sqlite:///{copy(migrated_file, tmp_path)}")
    yield engine
    await engine.close()


@pytest.fixture
async def link(office: Office, site: Site) -> str:
    return f"{site.address}/s/{(await office.profile()).token}"


async def fill(page: Page, **changes: str) -> None:
    values = {"First name": "Anna", "Last name": "Bērziņa", "Email address": "anna@example.com"}
    for label, value in ({**values, "Create a password": "four quiet words here", **changes}).items():
        await page.get_by_label(label).fill(value)


async def send(page: Page) -> None:
    await page.get_by_role("button", name="Create account").click()


async def fits(page: Page) -> None:
    """Nothing is wider than the screen, and what is pressed is large enough for a thumb."""
    assert await page.evaluate("document.documentElement.scrollWidth") <= await page.evaluate("innerWidth")
    boxes = [await target.bounding_box() for target in await page.locator(TARGETS).all()]
    assert boxes
    assert [box for box in boxes if box is None or min(box["height"], box["width"]) < SMALLEST] == []


async def focused(page: Page) -> str:
    name: str = await page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
    return name


async def test_pages_fit_a_small_phone(open_page: OpenPage, expected_noise: list[str], link: str) -> None:
    expected_noise.append("status of 422")
    page = await open_page(locale="ru-RU", viewport=SMALL)  # the longest words
    await page.goto(link)
    await fits(page)
    await page.locator("main form .primary").click()
    await expect(page.locator("[aria-invalid]")).to_have_count(4)
    await fits(page)
    wide = {
        "first_name": "A" * 100,
        "last_name": "B",
        "email": f"{'c' * 60}@example.com",
        "password": "four quiet words",
    }
    for name, value in wide.items():
        await page.locator(f"#{name}").fill(value)
    await page.locator("main form .primary").click()
    await expect(page.get_by_role("heading", name="Safety first")).to_be_visible()
    await fits(page)
    await page.locator("header button").click()
    await expect(page.locator("#identifier")).to_be_visible()
    await fits(page)


async def test_the_form_is_filled_in_by_keyboard_alone(page: Page, link: str) -> None:
    await page.goto(link)
    typed = ["Anna", "Bērziņa", "anna@example.com", "four quiet words here", "", "", ""]
    reached = []
    for value in typed:
        await page.keyboard.press("Tab")
        reached.append(await focused(page))
        await page.keyboard.type(value)
    assert reached == ["first_name", "last_name", "email", "password", "Show password", "phone", "job_title"]
    await page.keyboard.press("Tab")
    assert await focused(page) == "Create account"
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="My Courses")).to_be_visible()


@pytest.mark.deep
async def test_where_the_keyboard_is_can_be_seen(page: Page, link: str) -> None:
    await page.goto(link)
    await page.keyboard.press("Tab")
    style = "getComputedStyle(document.activeElement)"
    assert await page.evaluate(f"{style}.outlineStyle") == "solid"
    assert await page.evaluate(f"parseFloat({style}.outlineWidth)") >= 2


async def test_a_problem_leads_to_its_field(page: Page, expected_noise: list[str], link: str) -> None:
    expected_noise.append("status of 422")
    await page.goto(link)
    await fill(page, **{"Email address": "anna"})
    await send(page)
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("There is a problem")
    await alert.get_by_role("link", name="Enter an email address like name@example.com").click()
    await expect(page.locator(":target")).to_have_attribute("name", "email")
    await expect(page.get_by_label("Email address")).to_have_accessible_description(
        "You will log in with it. Enter an email address like name@example.com"
    )


@pytest.mark.deep
async def test_a_value_that_is_too_long_is_said_to_be_and_not_cut(
    page: Page, expected_noise: list[str], link: str
) -> None:
    expected_noise.append("status of 422")
    await page.goto(link)
    await fill(page, **{"First name": "A" * 300, "Create a password": "quiet " * 40})
    await send(page)
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("First name must be 100 characters or fewer")
    await expect(alert).to_contain_text("Password must be 128 characters or fewer")
    await expect(page.get_by_label("First name")).to_have_value("A" * 300)


@pytest.mark.deep
async def test_everything_works_without_javascript(open_page: OpenPage, link: str) -> None:
    page = await open_page(java_script_enabled=False)
    await page.goto(link)
    await fill(page)
    await send(page)
    await expect(page.get_by_role("heading", name="My Courses")).to_be_visible()
    await page.get_by_role("button", name="Mark as completed").click()
    await expect(page.get_by_text("Completed on")).to_be_visible()
    await page.get_by_role("button", name="Log out").click()
    await page.get_by_label("Email address or login").fill("anna@example.com")
    await page.get_by_label("Password").fill("four quiet words here")
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("heading", name="Safety first")).to_be_visible()


@pytest.mark.deep
async def test_the_page_follows_the_colour_scheme(page: Page, link: str) -> None:
    await page.goto(link)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        ground, ink = [
            await page.evaluate(f"getComputedStyle(document.body).{what}.match(/\\d+/g).map(Number)")
            for what in ("backgroundColor", "color")
        ]
        assert (sum(ground) > sum(ink)) == (scheme == "light")
