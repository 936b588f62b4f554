"""A learner's way in Chromium: in three languages, with and without scripts, on a small phone and on a desktop."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Page, expect

from bot.mailing.mail_sender import MailSender
from bot.mailing.smtp_server import MailSettings
from bot.service import LOCALES
from core.domain.access_requests import Cure
from core.language import Languages
from core.services import pending_sign_ups, people, policies, request_answers, status_pages
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.browser import OpenPage
from tests.support.mail_server import SENDER, MailServer, open_mail_server, plain_text
from tests.support.site import PASSWORD, Site, open_site

pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
PHONE, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
PRIMARY = "main :is(button, .button).primary"


@dataclass(frozen=True, kw_only=True)
class Learner:
    """A learner's browser, and the pages with their mail server."""

    page: Page
    site: Site
    office: Office
    mail_server: MailServer
    language: str

    async def opens(self, path: str) -> None:
        await self.page.goto(path if path.startswith("http") else self.site.address + path)
        await self.is_well()

    async def is_well(self) -> None:
        """The page is in the learner's language, needs no sideways scrolling, and has one thing to do at most."""
        await expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        await expect(self.page.locator("h1")).to_have_count(1)
        width, room = await self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width <= room, self.page.url
        assert await self.page.locator(PRIMARY).count() <= 1

    async def presses(self) -> None:
        await self.page.locator(PRIMARY).click()
        await self.is_well()

    async def fills_in(self, email: str, *, password: str = PASSWORD) -> None:
        values = {"first_name": "Anna", "last_name": "Bērziņa", "email": email, "password": password}
        for name, value in values.items():
            if await self.page.locator(f"#{name}").count():
                await self.page.locator(f"#{name}").fill(value)
        await self.presses()

    async def reads_mail(self) -> str:
        """Let what waits be sent; return the newest message."""
        settings = MailSettings(url=self.mail_server.url, sender=SENDER)
        await MailSender(self.office.engine, Languages(LOCALES), settings, self.site.address).send_waiting()
        return plain_text(self.mail_server.accepted[-1])

    async def opens_mailed_link(self) -> None:
        found = re.search(rf"{re.escape(self.site.address)}/\S+", await self.reads_mail())
        assert found
        await self.opens(found[0])

    async def is_in(self, path: str = "/courses") -> None:
        await expect(self.page).to_have_url(self.site.address + path)

    async def forgets(self) -> None:
        """Another person comes, with a browser of their own."""
        await self.page.context.clear_cookies()


@pytest.fixture(
    params=[("en-GB", DESKTOP, True), ("ru-RU", PHONE, False), ("es-ES", PHONE, True)],
    ids=["en-desktop-scripts", "ru-phone-no-scripts", "es-phone-scripts"],
)
async def learner(
    request: pytest.FixtureRequest, open_page: OpenPage, office: Office, expected_noise: list[str]
) -> AsyncIterator[Learner]:
    locale, viewport, scripts = request.param
    expected_noise.append("the server responded with a status of 4")
    page = await open_page(locale=locale, viewport=viewport, java_script_enabled=scripts)
    async with (
        open_mail_server() as server,
        open_site(office.engine, smtp_url=server.url, mail_from=SENDER) as site,
    ):
        yield Learner(page=page, site=site, office=office, mail_server=server, language=locale[:2])


async def switch(office: Office, which: Switch, *, on: bool) -> None:
    await office.engine.write(policies.switch, office.owner_id, which, office.engine.now(), on=on, can_mail=True)


async def who_waits(learner: Learner) -> int:
    engine, code = learner.office.engine, learner.page.url.partition("/w/")[2].partition("?")[0]
    return (await engine.read(status_pages.find, code, engine.now())).user_id or 0


async def test_every_fault_is_told_in_one_round_and_the_second_one_signs_up(learner: Learner) -> None:
    await learner.opens(f"/s/{(await learner.office.profile()).token}")
    await learner.page.locator("#email").fill("anna@")
    await learner.presses()
    await expect(learner.page.locator("[aria-invalid]")).to_have_count(4)
    await expect(learner.page.get_by_role("alert").get_by_role("listitem")).to_have_count(4)
    await learner.fills_in("anna@example.com")
    await learner.is_in()
    await learner.opens("/me/email")
    await learner.page.locator("#current").fill(PASSWORD)
    await learner.fills_in("anna@example.org")
    await learner.opens_mailed_link()
    await learner.presses()
    await learner.is_in("/me?note=address")
    await expect(learner.page.locator(".summary")).to_contain_text("anna@example.org")
    await learner.forgets()
    await learner.opens("/password")
    await learner.page.locator("#identifier").fill("anna@example.org")
    await learner.presses()
    await learner.opens_mailed_link()
    await learner.page.locator("#password").fill("five other quiet words")
    await learner.presses()
    await learner.is_in()


async def test_who_asks_at_a_full_link_gets_in_by_the_answer(learner: Learner) -> None:
    office, engine, owner, now = (
        learner.office,
        learner.office.engine,
        learner.office.owner_id,
        learner.office.engine.now(),
    )
    full = await office.profile(name="Full", limit="1")
    await office.sign_up(full.token, "first@example.com")
    await learner.opens(f"/s/{full.token}")
    await learner.fills_in("anna@example.com")
    asked = learner.page.url
    [request] = (await engine.read(request_answers.listing, owner, now)).asked
    await engine.write(request_answers.grant, owner, request.request_id, Cure.PLACE, now)
    await learner.opens(asked)
    await learner.presses()
    await expect(learner.page.locator("#email")).to_have_value("anna@example.com")
    await learner.page.locator("#password").fill(PASSWORD)
    await learner.presses()
    await learner.is_in()


async def test_who_waits_is_let_in_or_declined_and_confirms_by_link_or_digits(learner: Learner) -> None:
    office, engine, owner = learner.office, learner.office.engine, learner.office.owner_id
    link = f"/s/{(await office.profile()).token}"
    await switch(office, Switch.APPROVAL, on=True)
    for email, answer in (("anna@example.com", pending_sign_ups.approve), ("boris@example.com", None)):
        await learner.opens(link)
        await learner.fills_in(email)
        waiting, number = learner.page.url, await who_waits(learner)
        await learner.opens(f"{waiting}?change")
        await learner.fills_in(f"new-{email}", password="five other quiet words")
        await expect(learner.page.locator("main")).to_contain_text(f"new-{email}")
        if answer:
            await engine.write(answer, owner, number, engine.now())
        else:
            await engine.write(pending_sign_ups.decline, owner, number, "no", engine.now())
        await learner.opens(waiting)
        await expect(learner.page.locator(PRIMARY)).to_have_count(1 if answer else 0)
        await learner.forgets()
    await switch(office, Switch.APPROVAL, on=False)
    await switch(office, Switch.EMAIL_CONFIRMATION, on=True)
    await learner.opens(link)
    await learner.fills_in("dina@example.com")
    await learner.opens_mailed_link()
    await learner.presses()
    await learner.is_in()
    await learner.forgets()
    await learner.opens(link)
    await learner.fills_in("egon@example.com")
    digits = re.search(r"\b\d{6}\b", await learner.reads_mail())
    assert digits
    await learner.page.locator("#digits").fill(digits[0])
    await learner.presses()
    await learner.is_in()


async def test_who_finds_no_seat_reads_so_and_is_let_in_when_there_is_one(learner: Learner) -> None:
    engine, owner = learner.office.engine, learner.office.owner_id
    await engine.write(policies.limit_seats, owner, "1", engine.now())
    await learner.opens(f"/s/{(await learner.office.profile()).token}")
    await learner.fills_in("anna@example.com")
    waiting, number = learner.page.url, await who_waits(learner)
    await expect(learner.page.locator(PRIMARY)).to_have_attribute("href", waiting.removeprefix(learner.site.address))
    await engine.write(policies.limit_seats, owner, "5", engine.now())
    await engine.write(people.activate, owner, number, engine.now())
    await learner.presses()
    await expect(learner.page.locator(PRIMARY)).to_have_attribute("href", "/courses")
