"""Previews as messengers fetch them: by their own names, with GET, HEAD and ranges, without cookies."""

import pytest

from core.services import account, profile_editing
from core.services.page_settings import PageSetting
from tests.support.account import Office
from tests.support.site import Answer, Visitor, open_site, sign_ups, tally
from tests.support.statements import counted

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PREVIEWERS = {  # what they send; none of them keeps cookies
    "TelegramBot (like TwitterBot)": {},
    "WhatsApp/2.23.20.0 A": {"Accept-Language": "ru"},
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)": {"Range": "bytes=0-32768"},
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)": {
        "Range": "bytes=0-524287",
        "Accept-Encoding": "deflate, gzip",
    },
}
HOST = "signup.example.org"


def shown(page: Answer) -> dict[str, str]:
    found = [meta.attributes for meta in page.elements("meta") if "property" in meta.attributes]
    return {each["property"].removeprefix("og:"): each["content"] for each in found}


async def links_of(office: Office) -> dict[str, str]:
    """Make a link in each state; return the titles of their previews, by path."""
    engine = office.engine
    opened, full, later = [
        await office.profile(name=name, **changes)
        for name, changes in (("Open", {}), ("Full", {"limit": "1"}), ("Later", {"window": "+1 week - +2 weeks"}))
    ]
    paused = await office.profile(name="Paused")
    await engine.write(profile_editing.pause, office.owner_id, paused.profile_id, engine.now(), paused=True)
    await office.sign_up(full.token)
    titles = {
        opened: "Cree su cuenta",
        full: "No quedan plazas",
        later: "Este enlace aún no está abierto",
        paused: "Este enlace está en pausa",
    }
    return {f"/s/{card.token}": title for card, title in titles.items()}


async def check(visitor: Visitor, path: str, title: str) -> None:
    """Check what a service gets of a link, and of the picture that it names."""
    for _ in range(2):
        page = await visitor.get(path)
        preview = shown(page)
        assert (page.status, preview["title"], preview["site_name"]) == (200, title, "Acme")
        assert (preview["locale"], len(preview["description"]) > 20, "%" in preview["description"]) == (
            "es_ES",
            True,
            False,
        )
    head = await visitor.send("HEAD", path)
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, "", page.headers["Content-Length"])
    assert preview["image"].startswith(f"https://{HOST}/static/")
    image = preview["image"].removeprefix(f"https://{HOST}")
    picture = await visitor.send("HEAD", image)
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")
    assert picture.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


async def test_each_messenger_shows_each_link_in_the_accounts_language_and_nothing_is_written(office: Office) -> None:
    await office.engine.write(account.rename, office.owner_id, "Acme", office.engine.now())
    await office.set_page(PageSetting.LANGUAGE, "es")
    links = await links_of(office)
    async with open_site(office.engine, public_url=f"https://{HOST}") as site:
        for name, headers in PREVIEWERS.items():
            for path, title in links.items():
                with counted() as work:
                    await check(site.visitor(**{"User-Agent": name, "Host": HOST, **headers}), path, title)
                assert work.cost.writes == 0
        browser = site.visitor(Host=HOST)
        statuses = [(await browser.get(path)).status for path in links]
    assert (statuses, await tally(office.engine)) == ([200, 410, 403, 403], sign_ups(1))
