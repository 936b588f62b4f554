"""What the client says of a call that fails: certainly never sent, or perhaps carried out. It never shows the token."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import TelegramError

from bot.sandbox import SANDBOX_TOKEN
from bot.sending.http_client import HttpClient, call, http_client
from bot.sending.outcomes import Outcome, attempt
from tests.support.ports import free_port
from tests.support.scripted_api import Script, ScriptedApi, cuts, hangs, says, scripted_api, shows

MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "hello"}


@pytest.fixture
async def api() -> AsyncIterator[ScriptedApi]:
    async with scripted_api() as api:
        yield api


@asynccontextmanager
async def bot_at(url: str, calls: HttpClient) -> AsyncIterator[Bot]:
    bot = Bot(SANDBOX_TOKEN, base_url=f"{url}/bot", request=calls, get_updates_request=http_client())
    await calls.initialize()
    try:
        yield bot
    finally:
        await calls.shutdown()


async def trickles(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.05)


async def breaks_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"ok": true, "result"')
    assert request.transport
    request.transport.close()
    return response


@pytest.mark.parametrize(
    "script",
    [hangs, trickles, cuts, breaks_off, shows("<h1>Bad Gateway</h1>", 502), shows("<h1>Log in</h1>"), shows("[]")],
    ids=["hangs", "trickles", "cut", "broken off", "a proxy's error", "a portal's page", "other JSON"],
)
async def test_a_call_without_a_proper_answer_may_have_been_carried_out(api: ScriptedApi, script: Script) -> None:
    api.answers["sendMessage"] = [script]
    calls = HttpClient(connections=1, pool_timeout=0.1, read_timeout=0.2)
    async with bot_at(api.url, calls) as bot:
        result = await attempt(bot.send_message(1, "hello", connect_timeout=0.1, write_timeout=0.1))
    assert result.outcome is Outcome.UNKNOWN
    assert SANDBOX_TOKEN not in result.reason


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://no-such-host.invalid", "http://[bad"])
async def test_a_call_without_a_connection_was_never_sent(url: str) -> None:
    async with bot_at(url, http_client()) as bot:
        result = await attempt(bot.send_message(1, "hello"))
    assert result.outcome is Outcome.NOT_SENT
    assert SANDBOX_TOKEN not in result.reason


async def test_a_call_that_gets_no_free_connection_in_time_was_never_sent(api: ScriptedApi) -> None:
    api.answers["sendMessage"] = [hangs]
    async with bot_at(api.url, http_client(connections=1, pool_timeout=0.1)) as bot:
        first = asyncio.create_task(attempt(bot.send_message(1, "one")))
        await api.called("sendMessage", 1)
        second = await attempt(bot.send_message(1, "two", connect_timeout=0.1))
        first.cancel()
    assert second.outcome is Outcome.NOT_SENT
    assert [asked["text"] for asked in api.of("sendMessage")] == ["one"]


async def test_a_proxy_that_the_environment_names_is_used_and_one_that_is_down_never_sent_anything(
    api: ScriptedApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.answers["sendMessage"] = [says(MESSAGE)]
    monkeypatch.setenv("HTTP_PROXY", api.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with bot_at("http://api.telegram.invalid", http_client()) as bot:
        assert (await attempt(bot.send_message(1, "hello"))).outcome is Outcome.DELIVERED
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
        assert (await attempt(bot.send_message(1, "hello"))).outcome is Outcome.NOT_SENT


async def test_parameters_arrive_without_those_that_are_none_and_the_answer_is_returned_as_it_came(
    api: ScriptedApi,
) -> None:
    api.answers["sendMessage"] = [says(MESSAGE)]
    async with bot_at(api.url, http_client()) as bot:
        shown = {"text": "Größe: 5 & 6", "reply_markup": {"inline_keyboard": []}}
        assert await call(bot, "sendMessage", chat_id=1, message_thread_id=None, **shown) == MESSAGE
    assert api.of("sendMessage") == [
        {"chat_id": "1", "text": shown["text"], "reply_markup": str(shown["reply_markup"])}
    ]


async def test_a_file_and_its_caption_arrive(api: ScriptedApi) -> None:
    api.answers["sendDocument"] = [says(MESSAGE)]
    async with bot_at(api.url, http_client()) as bot:
        await bot.send_document(1, b"a;b\r\n", caption="Größe: 5 & 6", filename="seats.csv")
    [asked] = api.of("sendDocument")
    assert asked["caption"] == "Größe: 5 & 6"
    assert "seats.csv" in str(asked)


async def test_a_closed_client_can_be_opened_again(api: ScriptedApi) -> None:
    calls = http_client()
    for _ in range(2):
        async with bot_at(api.url, calls) as bot:
            await bot.get_me()
    with pytest.raises(TelegramError):
        await bot.get_me()


async def test_the_difference_of_the_clocks_is_read_from_each_answer(api: ScriptedApi) -> None:
    server = datetime.now(UTC) - timedelta(minutes=2)
    api.answers["getMe"] = [says({}, Date=format_datetime(server, usegmt=True)), says({}, Date="yesterday")]
    calls = http_client()
    differences = [calls.clock_difference]
    async with bot_at(api.url, calls):
        for _ in range(2):
            await calls.post(f"{api.url}/bot1/getMe")
            differences.append(calls.clock_difference)
    before, known, unreadable = differences
    assert (before, unreadable) == (None, None)
    assert known is not None
    assert abs(known - timedelta(minutes=2)) < timedelta(seconds=30)
