"""Every page that is routed: judged by axe-core in light and dark, and with large text on the narrowest phone."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from core.services import departments, password_links, policies
from core.services.policies import Switch
from tests.e2e.test_pages_accessibility import RULES, send
from tests.support.account import Office
from tests.support.browser import OpenPage
from tests.support.settings import settings_of
from tests.support.site import SECRET, Site
from web.application import build_application
from web.places import ROOT

pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
NARROW = {"width": 320, "height": 640}
LARGE_TEXT = ":root { font-size: 32px !important }"  # a person's own choice
NOT_READ = re.compile(rf"/(static|healthz|readyz|metrics|robots|favicon|\.well-known)\b|{ROOT}(/|$)|.*/open$")
UNKNOWN = "x" * 43


def routed(office: Office) -> set[str]:
    """Return the addresses of the pages that people open in a browser, with places for what differs."""
    app = build_application(office.engine, settings_of(), SECRET, sandbox_token="1:a")
    opened = {route.resource.canonical for route in app.router.routes() if route.method == "GET" and route.resource}
    return {path for path in opened if not NOT_READ.match(path)}


async def settle(office: Office) -> dict[str, str]:
    """Make what pages can show; return what stands in the places of their addresses."""
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    await write(departments.add, owner, "Riga", now)
    await write(policies.switch, owner, Switch.JOINING, now, on=True)
    token = (await office.profile(name="Forklift", department="Riga")).token
    boris = (await office.sign_up(token, "boris@example.com")).user_id
    await write(policies.publish_privacy_policy, owner, "We keep your name and address for your training.", now)
    code = (await write(password_links.make, owner, boris, now)).code
    places = {"token": token, "code": code, "course_id": "1", "detail": "name", "part": "data", "version": "1"}
    return {**places, "s": "S", "copied": f"{token}."}


async def judge(page: Page, path: str) -> list[str]:
    """Return what is wrong with a page that is open."""
    await page.emulate_media(color_scheme="dark")
    dark = await Axe().run(page, options={"runOnly": ["color-contrast"]})  # dark pages differ in colours alone
    await page.emulate_media(color_scheme="light")
    light = await Axe().run(page, options={"runOnly": RULES})
    wrong = [f"{path}: {found.generate_report()}" for found in (dark, light) if found.violations_count]
    await page.add_style_tag(content=LARGE_TEXT)
    width = await page.evaluate("document.documentElement.scrollWidth")
    return wrong + ([f"{path}: large text is {width} wide"] if width > NARROW["width"] else [])


async def test_every_page_can_be_read_by_everybody(
    open_page: OpenPage, office: Office, site: Site, expected_noise: list[str]
) -> None:
    expected_noise.append("the server responded with a status of 4")
    places = await settle(office)
    stranger = await open_page(viewport=NARROW, locale="ru-RU", bypass_csp=True)  # so that text can be made larger
    learner = await open_page(viewport=NARROW, bypass_csp=True)
    await learner.goto(f"{site.address}/s/{(await office.profile()).token}")
    await learner.get_by_role("checkbox").check()
    await send(learner, "anna@example.com")
    await learner.wait_for_url(f"{site.address}/courses")
    wrong, seen = list[str](), set[str]()
    addresses = {re.sub(r"\{(\w+)\}", lambda part: places[part[1]], path) for path in routed(office)}
    for page in (stranger, learner):
        for path in sorted({*addresses, f"/w/{UNKNOWN}", f"/password/{UNKNOWN}", "/nowhere"}):
            await page.goto(site.address + path)
            heading = f"{page.url} {await page.locator('h1').inner_text()}"
            if heading not in seen:
                seen.add(heading)
                wrong += await judge(page, path)
    assert not wrong, "\n".join(wrong)
    assert len(seen) > 20, "most pages were seen"
