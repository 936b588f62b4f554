"""Updates delivered to a webhook over real HTTP: in order, with the secret, until they are answered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from telegram.error import BadRequest, Conflict

from bot.sandbox import Sandbox
from tests.support.chat import Person
from tests.support.patience import PATIENCE
from tests.support.sandbox_fixture import OLIVIA, bot_of, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiohttp import ClientSession
    from telegram import Bot

_PUBLIC = "https://signup.example.org"


@dataclass
class Receiver:
    """A bot's own server: keeps what came, and answers as it was told to."""

    url: str = ""
    came: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        self.headers = dict(request.headers)
        self.came.put_nowait(await request.json())
        await self.open.wait()
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    async def text(self) -> str:
        async with asyncio.timeout(PATIENCE):
            update = await self.came.get()
        return str(update["message"]["text"])


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    receiver.open.set()
    app = web.Application()
    app.router.add_post("/telegram", receiver.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield receiver
    receiver.open.set()
    await runner.cleanup()


def _routed(receiver: Receiver, state_file: Path | None = None, answer_seconds: float = PATIENCE) -> Sandbox:
    return Sandbox(
        port=0,
        state_file=state_file,
        webhook_routes={_PUBLIC: receiver.url},
        webhook_delay=0.05,
        webhook_answer_seconds=answer_seconds,
    )


@pytest.fixture
def answer_seconds() -> float:
    """How long the sandbox waits for an answer."""
    return PATIENCE


@pytest.fixture
async def sandbox(receiver: Receiver, answer_seconds: float) -> AsyncIterator[Sandbox]:
    """The sandbox, which finds the receiver as a proxy for its public address would."""
    async with running(_routed(receiver, answer_seconds=answer_seconds)) as sandbox:
        yield sandbox


async def _told(bot: Bot, words: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while words not in ((await bot.get_webhook_info()).last_error_message or ""):
            await asyncio.sleep(0.01)


async def test_updates_come_with_the_secret_and_as_from_a_proxy(bot: Bot, receiver: Receiver, olivia: Person) -> None:
    await olivia.says("/start")
    await bot.set_webhook(f"{_PUBLIC}/telegram", secret_token="s3cret_-")
    assert await receiver.text() == "/start"
    headers = receiver.headers
    assert headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret_-"
    assert (headers["Host"], headers["X-Forwarded-Proto"]) == ("signup.example.org", "https")


async def test_one_chat_keeps_its_order_while_another_goes_ahead(
    bot: Bot, receiver: Receiver, olivia: Person, max_: Person
) -> None:
    await bot.set_webhook(f"{receiver.url}/telegram")
    receiver.open.clear()
    await olivia.says("one")
    await olivia.says("two")
    await max_.says("hello")
    assert {await receiver.text(), await receiver.text()} == {"one", "hello"}
    assert receiver.came.empty()
    receiver.open.set()
    assert await receiver.text() == "two"


async def test_an_update_comes_again_until_it_is_taken(bot: Bot, receiver: Receiver, olivia: Person) -> None:
    receiver.answers = [500, 404]
    await bot.set_webhook(f"{receiver.url}/telegram")
    await olivia.says("again")
    assert [await receiver.text() for _ in range(3)] == ["again"] * 3
    await _told(bot, "Wrong response from the webhook: 404 Not Found")


@pytest.mark.parametrize("answer_seconds", [0.5])
async def test_an_update_that_is_never_answered_comes_again(bot: Bot, receiver: Receiver, olivia: Person) -> None:
    await bot.set_webhook(f"{receiver.url}/telegram")
    receiver.open.clear()
    await olivia.says("slow")
    assert [await receiver.text(), await receiver.text()] == ["slow", "slow"]
    assert (await bot.get_webhook_info()).last_error_message == "Read timeout expired"


async def test_an_address_that_leads_nowhere_says_so(bot: Bot, olivia: Person) -> None:
    await bot.set_webhook("https://elsewhere.example.org/telegram")
    await olivia.says("lost?")
    await _told(bot, "Failed to resolve host")
    assert (await bot.get_webhook_info()).pending_update_count == 1


async def test_nothing_is_lost_over_a_restart(receiver: Receiver, http: ClientSession, tmp_path: Path) -> None:
    state = tmp_path / "sandbox.db"
    async with running(_routed(receiver, state)) as first, bot_of(first) as bot:
        await bot.set_webhook("https://elsewhere.example.org/telegram")
        await Person(http, first.url, OLIVIA).says("kept")
        await _told(bot, "Failed to resolve host")
    async with running(_routed(receiver, state)) as second, bot_of(second) as bot:
        assert (await bot.get_webhook_info()).url == "https://elsewhere.example.org/telegram"
        await bot.set_webhook(f"{receiver.url}/telegram")
        assert await receiver.text() == "kept"


async def test_a_repeated_update_comes_to_the_webhook_too(
    sandbox: Sandbox, bot: Bot, receiver: Receiver, olivia: Person
) -> None:
    sandbox.faults.arm("repeat")
    await bot.set_webhook(f"{receiver.url}/telegram")
    await olivia.says("twice")
    assert [await receiver.text(), await receiver.text()] == ["twice", "twice"]


async def test_there_is_no_polling_while_a_webhook_is_set(bot: Bot, receiver: Receiver) -> None:
    await bot.set_webhook(f"{receiver.url}/telegram", max_connections=3, allowed_updates=["message"])
    with pytest.raises(Conflict, match=r"can't use getUpdates method while webhook is active; use deleteWebhook"):
        await bot.get_updates()
    info = await bot.get_webhook_info()
    assert (info.max_connections, info.allowed_updates) == (3, ("message",))
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        ("http://signup.example.org/x", "", "An https url must be provided"),
        ("https://signup.example.org:8080/x", "", "only on ports 80, 88, 443 or 8443"),
        ("https://x:y/", "", "Wrong http url"),
        ("https://signup.example.org/x", "no spaces", "secret token contains unallowed characters"),
        ("https://signup.example.org/x", "x" * 257, "secret token is too long"),
    ],
)
async def test_a_wrong_webhook_is_refused(bot: Bot, url: str, secret: str, words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.set_webhook(url, secret_token=secret)
