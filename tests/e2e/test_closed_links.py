"""Each reason why a link lets nobody in, in Chromium: in three languages, narrow and wide, with and without scripts.

The combinations share one browser, and each shows a third of the reasons: every reason is seen in every language,
in both widths, and with and without scripts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.domain.access_requests import ASKABLE
from core.domain.links import LinkState
from core.language import Languages
from core.services import account, policies, profile_editing, profile_links, profile_removal
from core.storage.tables import Link
from tests.support.account import Office
from tests.support.browser import OpenPage
from tests.support.clock import Clock
from tests.support.reminders import expect as expect_people
from tests.support.rosters import let_only_expected, through
from tests.support.site import PASSWORD, Site
from web.closed_texts import CLOSED
from web.pages import HERE
from web.texts import ERRORS, NOTICES

pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
LOCALES, SIZES, SCRIPTS = (
    ("en-GB", "ru-RU", "es-ES"),
    ({"width": 320, "height": 640}, {"width": 1280, "height": 800}),
    (True, False),
)
LANGUAGES = Languages(HERE / "locales")
UNKNOWN = "does not exist"
REFUSED = ("domain", "not expected", "taken")  # of a form at a link that is open


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """A browser in one language, of one size, with or without scripts; `part` is which of three it looks at."""

    page: Page
    locale: str
    width: int
    scripts: bool
    part: int

    @property
    def traits(self) -> tuple[str, int, bool]:
        return self.locale, self.width, self.scripts

    def say(self, text: str) -> str:
        """Return a text in this visitor's language."""
        return LANGUAGES.choose([self.locale[:2]]).gettext(text)

    async def sees(self, title: str) -> None:
        """The page has this title, in this language, needs no sideways scrolling and has one thing to do at most."""
        await expect(self.page.locator("html")).to_have_attribute("lang", self.locale[:2])
        await expect(self.page.locator("h1")).to_have_text(self.say(title))
        width, room = await self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert (width <= room, await self.page.locator("main :is(button, .button).primary").count() <= 1) == (
            True,
            True,
        )


async def visitors(open_page: OpenPage) -> list[Visitor]:
    found = list[Visitor]()
    for (language, locale), (size, viewport), scripts in product(enumerate(LOCALES), enumerate(SIZES), SCRIPTS):
        page = await open_page(locale=locale, viewport=viewport, java_script_enabled=scripts)
        part = (language + 2 * size + scripts) % 3  # each part with each trait
        found.append(Visitor(page=page, locale=locale, width=viewport["width"], scripts=scripts, part=part))
    return found


async def closed_links(office: Office, clock: Clock) -> Mapping[str, str]:
    """Make a link of each kind that is closed; return their tokens by the reason."""
    write, owner = office.engine.write, office.owner_id
    windows = {LinkState.NOT_YET_OPEN: "+2 days - +1 month", LinkState.ENDED: "now - 2026-11-23 18:00"}
    cards = {
        state: await office.profile(
            name=state,
            limit="1" if state is LinkState.FULL else "unlimited",
            window=windows.get(state, "now - +1 month"),
        )
        for state in LinkState
        if state is not LinkState.OPEN
    }
    await office.sign_up(cards[LinkState.FULL].token, "first@example.com")
    await write(profile_editing.pause, owner, cards[LinkState.PAUSED].profile_id, clock(), paused=True)
    await write(profile_removal.remove, owner, [cards[LinkState.REMOVED].profile_id], clock())
    await write(profile_links.replace, owner, cards[LinkState.REPLACED].profile_id, clock())

    def use(session: Session) -> None:
        used = update(Link).where(Link.token == cards[LinkState.USED].token)
        session.execute(used.values(personal=True, used_at=clock()))
        withdrawn = update(Link).where(Link.token == cards[LinkState.WITHDRAWN].token)
        session.execute(withdrawn.values(personal=True, replaced_at=clock()))

    await write(use)
    clock.advance(hours=7)
    return {**{state: card.token for state, card in cards.items()}, UNKNOWN: "x" * 22}


async def shows(visitor: Visitor, site: Site, reason: str, token: str) -> None:
    """The link says why it is closed, and offers to ask for access if that can help."""
    await visitor.page.goto(f"{site.address}/s/{token}")
    if reason == UNKNOWN:
        await visitor.sees(ERRORS[404][0])
        return
    state = LinkState(reason)
    await visitor.sees(CLOSED[state].title)
    await expect(visitor.page.locator(".reason")).to_contain_text(visitor.say(CLOSED[state].reason).partition("%")[0])
    await expect(visitor.page.locator("main form")).to_have_count(1 if state in ASKABLE else 0)


async def is_refused(visitor: Visitor, site: Site, reason: str, token: str) -> None:
    """A form that is sent is refused for a reason, and nothing but the password is lost."""
    page, email = (
        visitor.page,
        {"domain": "anna@example.org", "taken": "first@example.com"}.get(reason, "a@example.com"),
    )
    await page.goto(f"{site.address}/s/{token}")
    for name, value in {"first_name": "Anna", "last_name": "B", "email": email, "password": PASSWORD}.items():
        await page.locator(f"#{name}").fill(value)
    await page.locator("main button.primary").click()
    if reason == "taken":
        await visitor.sees("You already have an account")
        await expect(page.locator("#identifier")).to_have_value(email)
        return
    await visitor.sees("Create your account")
    await expect(page.locator("#email")).to_have_value(email)
    told = "@example.com" if reason == "domain" else visitor.say(NOTICES["not expected"])
    await expect(page.get_by_role("alert")).to_contain_text(told)


async def test_each_reason_in_each_language_and_width_with_and_without_scripts(
    open_page: OpenPage, office: Office, site: Site, clock: Clock, expected_noise: list[str]
) -> None:
    expected_noise.append("the server responded with a status of 4")
    write, owner, seen = office.engine.write, office.owner_id, set[tuple[str, object]]()
    links, few = await closed_links(office, clock), await office.profile(name="For few")
    everybody, most = await visitors(open_page), await office.profile(name="For most")
    await write(policies.allow_domains, owner, ["example.com"], clock())
    await expect_people(office, few.profile_id, "first@example.com")
    await write(let_only_expected, owner, through(few.profile_id), clock())
    closed = sorted({*links} - {LinkState.SIGN_UP_OFF})
    for visitor in everybody:
        for reason in closed[visitor.part :: 3]:
            await shows(visitor, site, reason, links[reason])
            seen |= {(reason, trait) for trait in visitor.traits}
        refused = REFUSED[visitor.part]
        await is_refused(visitor, site, refused, few.token if refused == "not expected" else most.token)
        seen |= {(refused, trait) for trait in visitor.traits}
    await write(account.switch_sign_up, owner, clock(), on=False)
    for visitor in everybody:
        await shows(visitor, site, LinkState.SIGN_UP_OFF, links[LinkState.SIGN_UP_OFF])
    traits = {*LOCALES, *(size["width"] for size in SIZES), *SCRIPTS}
    assert {*product([*closed, *REFUSED], traits)} == seen
