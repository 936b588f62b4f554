"""Taps counted on a phone, in the sandbox's chat page in a real Chromium: from the first screen to what is done."""

import re
from collections.abc import Sequence

import pytest
from playwright.async_api import Page, expect

from core.engine import Engine
from core.services import departments, profile_removal
from tests.support.account import Office
from tests.support.bot_fixture import OWNER, open_town
from tests.support.phone import Phone

pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

HOME = "➕ New sign-up link"
SHARED = re.compile(r"https://t\.me/share/url\?url=")
Taps = Sequence[tuple[str, str]]  # each button, and what is read after its tap

NEW_LINK: Taps = ((HOME, "Tap what to change"), ("Create the link", "It works now."))
RECENT: Taps = (
    (HOME, "Tap what to change"),
    ("Department: EMEA ›", "Which department do they join?"),
    ("★ Sales / EMEA", "Tap what to change"),
    ("1 month", "Closes: 23 Dec"),
    ("100", "Places: 100"),
    ("Create the link", "0 of 100"),
)
DEEP: Taps = (
    (HOME, "Tap what to change"),
    ("Department: EMEA ›", "Which department do they join?"),
    ("Sales ›", "✔ Sales itself"),
    ("Iberia ›", "✔ Iberia itself"),
    ("Team A", "Department: Sales / Iberia / Team A"),
    ("1 month", "Closes: 23 Dec"),
    ("100", "Places: 100"),
    ("Create the link", "0 of 100"),
)
TRANSFER: Taps = (
    ("👥 People", "Tap a person"),
    ("🟢 Anna Berzina · EMEA", "anna@example.com"),
    ("Transfer", "Anna Berzina is in Sales / EMEA."),
    ("Sales", "No courses were added."),
)
INVITE: Taps = (
    ("More ›", "What would you like to see or change?"),
    ("Team", "3 roles"),
    ("department administrator · 0 people", "department administrator"),
    ("Invite", "Departments: tap one"),
    ("Sales", "?start="),
)
SWITCH: Taps = (
    ("More ›", "What would you like to see or change?"),
    ("Settings", "Passwords:"),
    ("Approval", "✓ Approval"),
)
DIGEST: Taps = (
    ("More ›", "What would you like to see or change?"),
    ("Digest", "You have no scheduled digest."),
    ("Mondays 09:00", "The next one comes Mon 30 Nov"),
)


async def test_each_of_these_takes_so_many_taps(engine: Engine, office: Office, page: Page) -> None:
    now = engine.now()
    earlier = await office.profile(name="Earlier")
    await office.sign_up(earlier.token)
    await engine.write(profile_removal.remove, office.owner_id, [earlier.profile_id], now)
    for path in ("Sales / Iberia / Team A", "Sales / Iberia / Team B"):
        await engine.write(departments.add, office.owner_id, path, now)
    async with open_town(engine) as town:
        phone = Phone(page=page, address=town.sandbox.url)
        await phone.open(OWNER)
        await phone.start("Sign-up is on")
        for taps, number in (
            (NEW_LINK, 2),
            (RECENT, 6),
            (DEEP, 8),
            (TRANSFER, 4),
            (INVITE, 5),
            (SWITCH, 3),
            (DIGEST, 3),
        ):
            await from_home(phone, taps)
            assert await phone.taps() == number
        share: Taps = (("🔗 Links · 3", "3 profiles"), ("🟢 Sales EMEA · 23 Nov · 0/50 · 7 Dec", "0 of 50"))
        await from_home(phone, share)
        await tap_share(phone)
        assert await phone.taps() == 3
        await phone.count_anew()
        await phone.tap("+1 week", "Open until 14 Dec")
        assert await phone.taps() == 1
        await phone.tap("+10 places", "0 of 60")
        assert await phone.taps() == 2


async def test_a_new_owner_shares_a_link_after_three_taps_and_the_departments_name(engine: Engine, page: Page) -> None:
    async with open_town(engine) as town:
        phone = Phone(page=page, address=town.sandbox.url)
        await phone.open(OWNER)
        await phone.start("Welcome, Olivia.")
        await phone.count_anew()
        await phone.tap(HOME, "Type its name")
        await phone.type("Sales", "Sign-up is off")
        await phone.tap("Create and turn sign-up on", "It works now.")
        await tap_share(phone)
        assert await phone.taps() == 3


async def from_home(phone: Phone, taps: Taps) -> None:
    """Tap what leads somewhere from the first screen, and count these taps."""
    await phone.type("/menu", "joined this week")
    await phone.count_anew()
    for label, then in taps:
        await phone.tap(label, then)


async def tap_share(phone: Phone) -> None:
    """Tap Share, which opens Telegram's own list of chats with the link, outside of the sandbox."""
    await phone.page.context.route(SHARED, lambda route: route.fulfill(body=""))
    await expect(phone.button("Share")).to_have_attribute("href", SHARED)
    async with phone.page.context.expect_page():
        await phone.button("Share").click()
