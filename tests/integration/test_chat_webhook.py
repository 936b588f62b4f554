"""Updates posted by Telegram to the pages: kept before they are answered, and only from who knows the secret."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest

from bot.receiving import worker
from core.engine import Engine
from core.services import inbox
from tests.support.bot_fixture import Town, open_town
from tests.support.patience import PATIENCE
from tests.support.site import SECRET, open_site
from web.telegram_webhook import HEADER, LARGEST_UPDATE

PUBLIC = "https://signup.example.org"
PATH = "/telegram/updates"


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    async with open_town(engine, public_url=PUBLIC, webhook=True) as town:
        yield town


async def test_lines_and_taps_are_answered(town: Town) -> None:
    said = await town.owner.says("/start")
    await town.owner.reads("Welcome, Olivia.", after=said)
    for line in ("/signup on", "/adddepartment Sales", "/newprofile Autumn | Sales | now - +1 week | 5"):
        said = await town.owner.says(line)
        card = await town.owner.reads(after=said)
    assert f"{PUBLIC}/s/" in card.text
    await town.owner.taps("Pause")
    await town.owner.reads("⏸ Autumn")


async def test_an_update_that_is_posted_twice_is_answered_once(town: Town) -> None:
    town.sandbox.faults.arm("repeat")
    said = await town.owner.says("/start")
    await town.owner.reads("Welcome, Olivia.", after=said)
    said = await town.owner.says("/departments")
    await town.owner.reads("No departments", after=said)
    answers = [message.text for message in await town.owner.messages() if message.by_bot]
    assert len(answers) == 2


async def test_a_posted_update_is_taken_at_once_where_pages_and_bot_are_one_process(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await town.owner.says("/start")
    await town.owner.reads("Welcome, Olivia.", after=said)
    monkeypatch.setattr(worker, "LOOK_EVERY", 10 * PATIENCE)
    monkeypatch.setattr(worker, "LOOK_AGAIN", 10 * PATIENCE)
    for _ in range(2):  # a look that has begun before may find the first one
        said = await town.owner.says("/departments")
        await town.owner.reads("No departments", after=said)


async def test_who_does_not_know_the_secret_finds_nothing_there(engine: Engine) -> None:
    async with open_site(engine, bot_mode="webhook", webhook_secret="known-to-telegram") as site:
        visitor = site.visitor()
        update = {"update_id": 1, "message": {"chat": {"id": 1}, "from": {"id": 1}, "text": "/start"}}
        for headers in ({}, {HEADER: "guessed"}, {HEADER: ""}, {HEADER: "kn\xf6wn"}):
            answer = await visitor.send("POST", PATH, json=update, headers=headers)
            assert answer.status == 404
        assert await engine.read(inbox.counts) == {}
        answer = await visitor.send("POST", PATH, json=update, headers={HEADER: "known-to-telegram"})
        assert answer.status == 200
        assert await engine.read(inbox.counts) == {"waiting": 1}


async def test_there_is_no_such_address_where_telegram_is_polled(engine: Engine) -> None:
    async with open_site(engine) as site:
        assert (await site.visitor().send("POST", PATH, json={"update_id": 1})).status == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"nonsense", 400),
        (b'{"update_id": 1, "mess', 400),
        (b"\xff", 400),
        (b"x" * (LARGEST_UPDATE + 1), 413),
        (b"[]", 200),
        (b'{"update_id": "1"}', 200),
        (b'{"update_id": %d}' % 2**70, 200),
    ],
    ids=["empty", "nonsense", "cut off", "no text", "too much", "a list", "a number in words", "a huge number"],
)
async def test_what_is_no_update_is_kept_nowhere_and_posted_again_only_if_it_was_damaged_on_its_way(
    engine: Engine, body: bytes, status: int
) -> None:
    async with open_site(engine, bot_mode="webhook", webhook_secret="known-to-telegram") as site:
        answer = await site.visitor().send("POST", PATH, data=BytesIO(body), headers={HEADER: "known-to-telegram"})
        assert answer.status == status
        assert await engine.read(inbox.counts) == {}


async def test_the_secret_is_derived_where_none_is_set_and_is_not_the_key(engine: Engine) -> None:
    async with open_site(engine, bot_mode="webhook") as site:
        answer = await site.visitor().send("POST", PATH, json={"update_id": 1}, headers={HEADER: SECRET})
        assert answer.status == 404
