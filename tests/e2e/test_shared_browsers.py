"""One browser with several tabs or people, and one without cookies: nothing is lost, doubled, or shown to others."""

import pytest
from playwright.async_api import Page, expect

from tests.support.account import Office
from tests.support.browser import OpenPage
from tests.support.site import PASSWORD, Site, sign_ups, tally

pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
ANNA, BORIS = ("Anna", "anna@example.com"), ("Boris", "boris@example.com")
FIELDS = ("first_name", "last_name", "email", "password")


@pytest.fixture
async def link(office: Office, site: Site) -> str:
    return f"{site.address}/s/{(await office.profile()).token}"


async def fill(page: Page, person: tuple[str, str]) -> None:
    name, email = person
    for field, value in zip(FIELDS, (name, "Berzina", email, PASSWORD), strict=True):
        await page.locator(f"#{field}").fill(value)


async def send(page: Page) -> None:
    await page.get_by_role("button", name="Create account").click()


async def sign_up(page: Page, link: str, person: tuple[str, str]) -> None:
    await page.goto(link)
    await fill(page, person)
    await send(page)
    await is_in(page, person)


async def is_in(page: Page, person: tuple[str, str]) -> None:
    await expect(page.locator("h1")).to_have_text("My Courses")
    await expect(page.locator(".who")).to_have_text(person[0])


@SCRIPTS
async def test_the_same_form_in_two_tabs_makes_one_account(
    open_page: OpenPage, office: Office, link: str, *, scripts: bool
) -> None:
    first = await open_page(java_script_enabled=scripts)
    second = await first.context.new_page()
    await second.goto(link)
    await fill(second, ANNA)
    await sign_up(first, link, ANNA)
    await send(second)
    await is_in(second, ANNA)
    assert await tally(office.engine) == sign_ups(1)


@SCRIPTS
async def test_another_person_in_the_second_tab_keeps_what_they_typed_and_gets_an_account_of_their_own(
    open_page: OpenPage, office: Office, link: str, expected_noise: list[str], *, scripts: bool
) -> None:
    expected_noise.append("status of 409")
    first = await open_page(java_script_enabled=scripts)
    second = await first.context.new_page()
    await second.goto(link)
    await fill(second, BORIS)
    await sign_up(first, link, ANNA)
    await send(second)
    await expect(second.get_by_role("alert").first).to_be_visible()
    for field, value in zip(FIELDS, ("Boris", "Berzina", "boris@example.com", ""), strict=True):
        await expect(second.locator(f"#{field}")).to_have_value(value)
    await second.locator("#password").fill(PASSWORD)
    await send(second)
    await is_in(second, BORIS)
    assert await tally(office.engine) == sign_ups(2)


@SCRIPTS
async def test_back_after_the_sign_up_says_who_is_logged_in_and_shows_no_password(
    open_page: OpenPage, link: str, *, scripts: bool
) -> None:
    page = await open_page(java_script_enabled=scripts)
    await sign_up(page, link, ANNA)
    await page.go_back()
    await expect(page.get_by_text("You are logged in as Anna.")).to_be_visible()
    await expect(page.locator("#password")).to_have_value("")
    await page.get_by_role("link", name="Go to My Courses").click()
    await is_in(page, ANNA)


@SCRIPTS
async def test_on_a_shared_tablet_the_next_person_sees_nothing_of_the_last(
    open_page: OpenPage, office: Office, site: Site, link: str, *, scripts: bool
) -> None:
    page = await open_page(java_script_enabled=scripts)
    await sign_up(page, link, ANNA)
    await page.get_by_role("button", name="Log out").click()
    await expect(page.locator("h1")).to_have_text("Log in")
    await page.go_back()  # to My Courses, which the browser must not have kept
    await expect(page.locator("h1")).to_have_text("Log in")
    for path in ("/courses", "/me"):
        await page.goto(site.address + path)
        assert "anna" not in (await page.content()).lower()
    await page.goto(link)
    assert "anna" not in (await page.content()).lower()
    for field in FIELDS:
        await expect(page.locator(f"#{field}")).to_have_value("")
    await sign_up(page, link, BORIS)
    await page.goto(f"{site.address}/me")
    assert "anna" not in (await page.content()).lower()
    assert await tally(office.engine) == sign_ups(2)


@SCRIPTS
async def test_who_forgot_to_log_out_is_named_and_the_next_person_gets_an_empty_form(
    open_page: OpenPage, office: Office, link: str, *, scripts: bool
) -> None:
    page = await open_page(java_script_enabled=scripts)
    await sign_up(page, link, ANNA)
    await page.goto(link)
    await page.get_by_role("link", name="Create an account for another person").click()
    for field in FIELDS:
        await expect(page.locator(f"#{field}")).to_have_value("")
    await fill(page, BORIS)
    await send(page)
    await is_in(page, BORIS)
    assert await tally(office.engine) == sign_ups(2)


@SCRIPTS
async def test_the_next_person_at_a_tablet_where_somebody_waits_gets_a_form_and_no_data(
    open_page: OpenPage, approving: Office, link: str, *, scripts: bool
) -> None:
    assert approving.owner_id
    page = await open_page(java_script_enabled=scripts)
    await page.goto(link)
    await fill(page, ANNA)
    await send(page)
    await expect(page.locator("h1")).to_have_text("Your account is waiting for approval")
    await page.goto(link)
    await page.get_by_role("link", name="Create an account for another person").click()
    for field in FIELDS:
        await expect(page.locator(f"#{field}")).to_have_value("")
    assert "anna" not in (await page.content()).lower()
    await page.goto(link)  # which leads there no more
    await expect(page.locator("h1")).to_have_text("Create your account")


async def send_without_cookies(page: Page, label: str = "Create account") -> None:
    """Send the form as a browser does that has kept no cookie of its page."""
    await page.context.clear_cookies()
    await page.get_by_role("button", name=label).click()


@SCRIPTS
async def test_with_cookies_off_the_second_try_says_so_with_the_link_and_keeps_what_was_typed(
    open_page: OpenPage, office: Office, link: str, expected_noise: list[str], *, scripts: bool
) -> None:
    expected_noise.append("status of 403")
    page = await open_page(java_script_enabled=scripts)
    await page.goto(link)
    await fill(page, ANNA)
    await send_without_cookies(page)
    await expect(page.get_by_role("alert")).to_contain_text("Send the form again.")
    await page.locator("#password").fill(PASSWORD)
    await send_without_cookies(page)
    await expect(page.get_by_role("alert")).to_contain_text("Your browser keeps no cookies")
    await expect(page.get_by_role("alert")).to_contain_text(f"/s/{link.rpartition('/')[2]}")
    await expect(page.locator("#email")).to_have_value("anna@example.com")
    assert await tally(office.engine) == sign_ups(0)
    await page.locator("#password").fill(PASSWORD)
    await send(page)  # they are turned on
    await is_in(page, ANNA)


@pytest.mark.parametrize(
    ("label", "field", "typed"),
    [("Log in", "identifier", "anna@example.com"), ("Ask for access", "email", "boris@example.com")],
)
async def test_with_cookies_off_the_log_in_and_the_request_for_access_say_so_too(
    open_page: OpenPage,
    office: Office,
    site: Site,
    expected_noise: list[str],
    label: str,
    field: str,
    typed: str,
) -> None:
    expected_noise.extend(("status of 403", "status of 410"))
    card = await office.profile(limit="1")
    await office.sign_up(card.token)
    address = f"{site.address}/login" if label == "Log in" else f"{site.address}/s/{card.token}"
    page = await open_page(java_script_enabled=False)
    await page.goto(address)
    await page.locator(f"#{field}").fill(typed)
    for said in ("Send the form again.", "Your browser keeps no cookies"):
        await send_without_cookies(page, label)
        await expect(page.get_by_role("alert")).to_contain_text(said)
        await expect(page.locator(f"#{field}")).to_have_value(typed)
    await expect(page.get_by_role("alert")).to_contain_text(address.removeprefix(site.address))
