"""The account's logo: sent in the chat, shown on the pages and in previews, removed and taken back."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from PIL import Image

from core.domain.access import Role
from core.engine import Engine
from tests.support.account import Office
from tests.support.bot_fixture import Town, open_town
from tests.support.router_fixture import Counter
from tests.support.rows import a_user
from tests.support.site import Answer, Site

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def picture(colour: str) -> bytes:
    written = BytesIO()
    Image.new("RGB", (90, 30), colour).save(written, "PNG")
    return written.getvalue()


@pytest.fixture
async def town(engine: Engine, office: Office) -> AsyncIterator[Town]:  # noqa: ARG001 - its owner writes
    async with open_town(engine) as running:
        await running.owner.asks("/start")
        yield running


def logos(page: Answer) -> list[str]:
    """Return the paths of the logos on a page: as it should be, in the preview, too."""
    shown = [image.attributes for image in page.elements("img")]
    assert [(each["alt"], each["width"], each["height"]) for each in shown] in ([], [("Learning", "90", "30")])
    [preview] = [each.attributes["content"] for each in page.elements("meta", property="og:image")]
    assert not shown or preview.endswith(shown[0]["src"])
    return [each["src"] for each in shown]


async def test_a_logo_that_is_sent_is_on_the_pages_and_in_previews_until_it_is_removed(
    town: Town, office: Office, site: Site
) -> None:
    path, visitor, owner = f"/s/{(await office.profile()).token}", site.visitor(), town.owner

    async def shown() -> list[str]:
        return logos(await visitor.get(path))

    assert await shown() == []
    assert "send the picture here as a file" in (await owner.asks("/settings logo")).text
    await owner.reads("The pages show your logo.", after=await owner.sends("logo.png", picture("red")))
    [red] = await shown()
    async with visitor.http.get(red) as served:
        cached = served.headers["Cache-Control"], served.headers["X-Content-Type-Options"]
        assert (served.status, cached) == (200, ("public, max-age=31536000, immutable", "nosniff"))
        assert (await served.read()).startswith(b"\x89PNG")
    await owner.reads("show your logo", after=await owner.sends("logo.png", picture("blue"), "/settings logo"))
    assert await shown() != [red]
    await owner.taps("Undo")
    await owner.reads("show your logo")
    assert await shown() == [red]
    await owner.reads("can't be a logo", after=await owner.sends("logo.svg", b"<svg/>", "/settings logo"))
    await owner.asks("/settings logo off")
    assert await shown() == []
    await owner.taps("Undo")
    await owner.reads("show your logo")
    assert await shown() == [red]
    assert (await visitor.get("/static/0123456789ab-90x30.png")).status == 404


PHOTO = {"photo": [{"file_id": "P", "file_unique_id": "p", "width": 90, "height": 90, "file_size": 900}]}


async def test_a_photo_is_no_list_and_is_fetched_only_for_those_who_may_set_a_logo(office: Office) -> None:
    counter, manager = Counter(office.engine), 1003
    assert "I read text only." in await counter.message(1001, "", PHOTO)
    await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, telegram_id=manager)
    captioned = {**PHOTO, "caption": "/settings logo"}
    assert "couldn't fetch" in await counter.message(1001, "", captioned), "these tests have no Telegram"
    assert "couldn't fetch" not in await counter.message(manager, "", captioned)
