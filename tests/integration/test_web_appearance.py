"""How the pages look: contact, languages, colour, weight; and what messengers show of a link."""

import re

import pytest

from core.services import account, policies, profile_editing
from core.services.page_settings import PageSetting
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.site import Answer, Site, Visitor, open_site

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the settings are plain columns

LIGHTEST = 12 * 1024  # bytes of a page and its style sheet, with their headers


@pytest.fixture
async def path(office: Office) -> str:
    return f"/s/{(await office.profile()).token}"


def preview_of(page: Answer) -> dict[str, str]:
    found = [meta.attributes for meta in page.elements("meta") if "property" in meta.attributes]
    return {each["property"].removeprefix("og:"): each["content"] for each in found}


async def test_the_contact_stands_on_every_page_of_the_organisation(office: Office, site: Site, path: str) -> None:
    visitor = site.visitor()
    assert not (await visitor.get(path)).elements("a", href="mailto:learning@example.com")
    await office.set_page(PageSetting.CONTACT, "learning@example.com")
    for page in (path, "/login"):
        assert (await visitor.get(page)).texts("a", href="mailto:learning@example.com") == ["learning@example.com"]
    await office.set_page(PageSetting.CONTACT, "Ruth, room 4 <b>")
    assert "Questions? Ruth, room 4 <b>" in (await visitor.get(path)).texts("footer")[0]


async def test_a_language_is_chosen_at_the_foot_of_a_page_and_kept(site: Site, path: str) -> None:
    visitor = site.visitor(**{"Accept-Language": "es"})
    page = await visitor.get(path)
    assert (page.elements("html")[0].attributes["lang"], page.texts("strong")) == ("es", ["Español"])
    assert [a.attributes["hreflang"] for a in page.elements("a") if "hreflang" in a.attributes] == ["en", "ru"]
    chosen = page.elements("a", hreflang="ru")[0].attributes["href"]  # behind the address, so that it tells no token
    assert (await visitor.get(f"{path}{chosen}")).heading == "Создайте учётную запись"
    assert (await visitor.get("/login")).elements("html", lang="ru")
    assert (await visitor.get(f"{path}?lang=xx")).elements("html", lang="ru")


async def test_who_asks_for_another_language_gets_the_accounts(office: Office, site: Site, path: str) -> None:
    await office.set_page(PageSetting.LANGUAGE, "ru")
    assert (await site.visitor(**{"Accept-Language": "fr"}).get(path)).elements("html", lang="ru")
    assert (await site.visitor(**{"Accept-Language": "fr, es;q=0.5"}).get(path)).elements("html", lang="es")


async def test_the_style_sheet_has_the_accounts_colour_and_keeps_its_contrast(
    office: Office, site: Site, path: str
) -> None:
    visitor, seen = site.visitor(), []
    for colour in ("#ffee00", "#1d6b3a"):
        await office.set_page(PageSetting.ACCENT, colour)
        (link,) = (await visitor.get(path)).elements("link", rel="stylesheet")
        style = (await visitor.get(link.attributes["href"])).body
        seen.append(re.findall(r"--accent: (#\w+)", style)[0])
    assert seen[1] == "#1d6b3a"
    assert seen[0] != "#ffee00"
    assert (await visitor.get("/static/000000000000-1d6b3a.css")).status == 404


@pytest.mark.parametrize("language", ["en", "ru", "es"])
async def test_the_form_and_my_courses_weigh_little_in_two_requests(site: Site, path: str, language: str) -> None:
    visitor = site.visitor(**{"Accept-Language": language})
    await weighs_little(visitor, path)
    assert (await visitor.sign_up(path.removeprefix("/s/"))).location == "/courses"
    await weighs_little(visitor, "/courses")


async def weighs_little(visitor: Visitor, path: str) -> None:
    page, received = await visitor.get(path), 0
    (link,) = page.elements("link", rel="stylesheet")
    assert not [*page.elements("img"), *(each for each in page.elements("script") if "src" in each.attributes)]
    style = await visitor.send("GET", link.attributes["href"], headers={"Accept-Encoding": "gzip"})
    for answer in (page, style):
        received += sum(len(f"{name}: {value}\r\n") for name, value in answer.headers.items())
        received += int(answer.headers["Content-Length"])
    assert style.headers["Content-Encoding"] == "gzip"
    assert received <= LIGHTEST, path


async def test_messengers_show_title_sentence_organisation_and_picture(office: Office, path: str) -> None:
    await office.engine.write(account.rename, office.owner_id, "Acme", office.engine.now())
    await office.set_page(PageSetting.LANGUAGE, "es")
    async with open_site(office.engine, public_url="https://signup.example.org") as site:
        visitor = site.visitor(
            **{"User-Agent": "facebookexternalhit/1.1", "Accept-Language": "ru", "Host": "signup.example.org"}
        )
        shown = preview_of(await visitor.get(path))
        assert shown == {
            "type": "website",
            "title": "Cree su cuenta",
            "description": "Para EMEA de Acme. Solo se tarda un minuto.",
            "site_name": "Acme",
            "image": "https://signup.example.org/static/preview.png",
            "locale": "es_ES",
        }
        picture = await visitor.send("HEAD", "/static/preview.png")
        assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")


async def test_a_closed_link_has_a_preview_too(office: Office, site: Site) -> None:
    card = await office.profile()
    await office.engine.write(profile_editing.pause, office.owner_id, card.profile_id, office.engine.now(), paused=True)
    shown = preview_of(await site.visitor().get(f"/s/{card.token}"))
    assert (shown["title"], shown["description"]) == (
        "This link is paused",
        "It doesn't work at the moment, and may work again later.",
    )


async def test_crawlers_may_fetch_links_for_previews_and_nothing_else(site: Site) -> None:
    rules = (await site.visitor().get("/robots.txt")).body.split("\n\n")
    assert "User-agent: facebookexternalhit" in rules[0]
    assert rules[0].endswith("Allow: /s/\nAllow: /static/\nDisallow: /")
    assert rules[1] == "User-agent: *\nDisallow: /\n"


async def test_the_form_says_whom_it_is_for_and_until_when(office: Office, site: Site) -> None:
    card = await office.profile(limit="5", window="now - 2026-12-24 18:00")
    page = await site.visitor().get(f"/s/{card.token}")
    assert "For EMEA. It takes a minute." in page.texts("p")
    assert page.texts("p", **{"class": "hint"})[0] == "Open until Thu 24 Dec, 18:00, UTC. 5 places are left."
    await office.set_page(PageSetting.WELCOME, "Good to have you!")
    assert "Good to have you!" in (await site.visitor().get(f"/s/{card.token}")).texts("p")


async def test_the_settings_decide_which_fields_the_form_has(office: Office, site: Site, path: str) -> None:
    visitor = site.visitor()

    async def asked() -> dict[str, bool]:
        page = await visitor.get(path)
        fields = {each.attributes["name"]: "required" in each.attributes for each in page.elements("input")}
        return {name: required for name, required in fields.items() if name in {"login", "phone", "job_title"}}

    assert await asked() == {"phone": False, "job_title": False}
    await office.set_page(PageSetting.PHONE, "required")
    await office.set_page(PageSetting.JOB_TITLE, "off")
    await office.set_page(PageSetting.LOGIN, "optional")
    assert await asked() == {"login": False, "phone": True}
    refused = await visitor.sign_up(path.removeprefix("/s/"))
    assert refused.texts("p", id="phone-problem") == ["Enter your phone number"]


async def test_rules_stand_at_their_fields_before_any_mistake(office: Office, site: Site, path: str) -> None:
    line = office.engine.now()
    await office.engine.write(policies.allow_domains, office.owner_id, ["baltic.example"], line)
    await office.engine.write(policies.switch, office.owner_id, Switch.STRONG_PASSWORDS, line, on=True)
    page = await site.visitor().get(path)
    assert page.texts("p", id="email-hint") == ["Use your work email: @baltic.example"]
    assert "hard to guess" in page.texts("p", id="password-hint")[0]
