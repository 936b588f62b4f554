"""Checks of calls against the schema, the call log, and faults."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ServerDisconnectedError
from playwright.async_api import expect
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter

from bot.sandbox import SANDBOX_TOKEN, Sandbox
from tests.support.patience import PATIENCE
from tests.support.sandbox_fixture import OLIVIA

if TYPE_CHECKING:
    from aiohttp import ClientSession
    from playwright.async_api import Page
    from telegram import Bot

    from tests.support.chat import Person

pytestmark = pytest.mark.usefixtures("friend")  # the bot may write to Olivia, whether a test names her or not
_TEXT = {"chat_id": OLIVIA, "text": "x"}


async def _call(sandbox: Sandbox, http: ClientSession, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - right and wrong ones
    async with http.post(f"{sandbox.url}/bot{SANDBOX_TOKEN}/{method}", json=parameters) as response:
        answer: dict[str, Any] = await response.json()
        return answer


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("sendMessage", {"chat_id": OLIVIA}, "message text is empty"),
        ("editMessageCaption", {**_TEXT, "message_id": 1.5}, "can't parse parameter message_id"),
        ("sendMessage", {**_TEXT, "protect_content": "maybe"}, "can't parse parameter protect_content"),
        ("sendMessage", {**_TEXT, "text": {"not": "text"}}, "can't parse parameter text"),
        (
            "sendMessage",
            {**_TEXT, "reply_parameters": {"message_id": "x"}},
            'Field "message_id" must be of type Number',
        ),
        ("sendMessage", {**_TEXT, "link_preview_options": {"url": 5}}, 'Field "url" must be of type String'),
        ("sendMessage", {**_TEXT, "reply_markup": {"inline_keyboard": ["row"]}}, "must be an Array"),
        ("sendMessage", {**_TEXT, "reply_markup": {}}, 'can\'t find field "inline_keyboard"'),
        ("deleteMessages", {"chat_id": OLIVIA, "message_ids": ["one"]}, "expected an Array of Integer"),
        ("setMyCommands", {"commands": [], "scope": {"type": "moon"}}, "can't parse BotCommandScope: Unsupported"),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat"}}, 'Can\'t find field "chat_id"'),
        ("getChatMember", {"chat_id": OLIVIA}, "invalid user_id specified"),
        ("answerInlineQuery", {"inline_query_id": "1", "results": [{"type": "article"}]}, 'Can\'t find field "id"'),
        ("getChat", {"chat_id": ""}, "chat_id is empty"),
        ("sendDice", {"chat_id": OLIVIA}, "the sandbox doesn't support sendDice"),
    ],
)
async def test_what_does_not_fit_the_bot_api_is_refused(
    sandbox: Sandbox, http: ClientSession, friend: Person, method: str, parameters: dict[str, Any], words: str
) -> None:
    answer = await _call(sandbox, http, method, **parameters)
    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert words in answer["description"]
    assert len(await friend.messages()) == 1


async def test_what_telegram_would_ignore_is_noted(sandbox: Sandbox, http: ClientSession, friend: Person) -> None:
    preview = {"is_disabled": True, "tiny": True}
    answer = await _call(
        sandbox, http, "sendmessage", chat_id=friend.id, text="x", colour="red", link_preview_options=preview
    )
    assert answer["ok"]
    assert sandbox.calls[-1].notes == (
        "sendMessage has no parameter colour",
        "LinkPreviewOptions has no field tiny",
    )


async def test_a_method_the_sandbox_lacks_is_noted(sandbox: Sandbox, http: ClientSession, friend: Person) -> None:
    await _call(sandbox, http, "sendDice", chat_id=friend.id)
    assert sandbox.calls[-1].notes == ("the sandbox doesn't support the method sendDice",)


async def test_calls_are_recorded_with_their_outcome(sandbox: Sandbox, bot: Bot, http: ClientSession) -> None:
    await bot.send_message(OLIVIA, "kept")
    with pytest.raises(BadRequest):
        await bot.send_message(99, "lost")
    assert [(call.method, call.chat_id, call.refusal) for call in sandbox.calls] == [
        ("getMe", None, None),
        ("sendMessage", OLIVIA, None),
        ("sendMessage", 99, "Bad Request: chat not found"),
    ]
    async with http.get(f"{sandbox.url}/api/calls?after=1") as response:
        body = await response.json()
    assert (body["total"], body["refused"], [call["number"] for call in body["calls"]]) == (3, 1, [2, 3])
    assert body["calls"][0]["result"]["text"] == "kept"


async def test_a_poll_that_was_given_up_is_not_counted_as_refused(sandbox: Sandbox, bot: Bot) -> None:
    latest = (await bot.get_updates())[-1].update_id
    given_up = asyncio.create_task(bot.get_updates(offset=latest + 1, timeout=30))
    async with asyncio.timeout(PATIENCE):
        while (await bot.get_webhook_info()).pending_update_count:  # until the poll confirms it
            await asyncio.sleep(0.01)
    given_up.cancel()
    await asyncio.wait([given_up])
    await bot.get_updates(offset=latest + 1)
    async with asyncio.timeout(PATIENCE):
        while len(polls := [call for call in sandbox.calls if call.method == "getUpdates"]) < 3:
            await asyncio.sleep(0.01)
    assert [call.refusal for call in polls] == [None] * 3
    assert any(
        "the client had disconnected before this error: Conflict" in note for call in polls for note in call.notes
    )


async def test_the_token_and_the_secret_are_not_shown(sandbox: Sandbox, bot: Bot, http: ClientSession) -> None:
    await bot.set_webhook("https://bot.example.org/", secret_token="hush-hush")
    async with http.get(f"{sandbox.url}/api/calls") as response:
        shown = await response.text()
    assert "hush-hush" not in shown
    assert SANDBOX_TOKEN not in shown


async def test_too_many_requests_name_the_seconds(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.faults.arm("too_many", method="sendMessage", retry_after=7)
    with pytest.raises(RetryAfter, match=r"Retry in 0:00:07"):
        await bot.send_message(OLIVIA, "soon")
    await bot.send_message(OLIVIA, "later")


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("blocked", Forbidden, "bot was blocked by the user"),
        ("not_started", Forbidden, "bot can't initiate conversation with a user"),
        ("bad_request", BadRequest, "Made to fail"),
        ("server_error", NetworkError, "Internal Server Error"),
        ("bad_gateway", NetworkError, "Bad Gateway"),
    ],
)
async def test_a_call_is_refused_on_request(
    sandbox: Sandbox, bot: Bot, friend: Person, kind: str, error: type[Exception], words: str
) -> None:
    sandbox.faults.arm(kind, chat_id=OLIVIA, times=2)
    for _ in range(2):
        with pytest.raises(error, match=words):
            await bot.send_message(OLIVIA, "x")
    await bot.send_message(OLIVIA, "through")
    assert [message.text for message in await friend.messages()] == ["/start", "through"]
    assert [call.fault for call in sandbox.calls[-3:]] == [kind, kind, None]


async def test_a_lost_answer_leaves_its_effect(sandbox: Sandbox, http: ClientSession, friend: Person) -> None:
    sandbox.faults.arm("lost", method="sendMessage")
    with pytest.raises(ServerDisconnectedError):
        await _call(sandbox, http, "sendMessage", **_TEXT)
    assert len(await friend.messages()) == 2


async def test_a_late_answer_comes_after_its_effect(sandbox: Sandbox, bot: Bot, friend: Person) -> None:
    sandbox.faults.arm("late", method="sendMessage", seconds=PATIENCE)
    sending = asyncio.create_task(bot.send_message(OLIVIA, "very late"))
    await friend.reads(containing="very late")
    assert not sending.done()
    sending.cancel()
    sandbox.faults.arm("late", method="sendMessage", seconds=0.01)
    assert (await bot.send_message(OLIVIA, "late")).text == "late"


async def test_a_call_hangs_until_it_is_released(sandbox: Sandbox, bot: Bot, friend: Person) -> None:
    sandbox.faults.arm("hang", method="sendMessage")
    sending = asyncio.create_task(bot.send_message(OLIVIA, "held"))
    await sandbox.faults.held.wait()
    assert len(await friend.messages()) == 1
    sandbox.faults.release()
    assert (await sending).text == "held"


async def test_a_confirmed_update_is_repeated_on_request(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.faults.arm("repeat")
    first = (await bot.get_updates())[0].update_id
    repeated, afterwards = await bot.get_updates(offset=first + 1), await bot.get_updates(offset=first + 1)
    assert ([update.update_id for update in repeated], afterwards) == ([first], ())


async def test_flood_limits_let_a_burst_through_and_no_more(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.faults.flood.switch(on=True)
    for number in range(20):
        await bot.send_message(OLIVIA, str(number))
    with pytest.raises(RetryAfter, match=r"^Flood control exceeded. Retry in 0:00:01"):
        await bot.send_message(OLIVIA, "one too many")
    assert sandbox.faults.flood.exceeded == 1
    assert sandbox.calls[-1].refusal == "Too Many Requests: retry after 1"


async def test_faults_are_armed_listed_and_cleared_over_http(sandbox: Sandbox, http: ClientSession) -> None:
    faults = f"{sandbox.url}/api/faults"
    for body in ({"kind": "late", "method": "getMe", "times": 3}, {"kind": "repeat"}, {"kind": "flood"}):
        async with http.post(faults, json=body) as response:
            assert response.status == 201
    async with http.get(faults) as response:
        state = await response.json()
    assert [(fault["kind"], fault["times"]) for fault in state["armed"]] == [("late", 3), ("repeat", 1)]
    assert state["flood"] == {"on": True, "exceeded": 0}
    async with http.delete(faults) as response:
        assert (await response.json())["armed"] == []


@pytest.mark.parametrize(
    "body", [[], {"kind": "earthquake"}, {"kind": "late", "times": "two"}, {"kind": "late", "x": 1}]
)
async def test_a_wrong_fault_is_refused(sandbox: Sandbox, http: ClientSession, body: object) -> None:
    async with http.post(f"{sandbox.url}/api/faults", json=body) as response:
        assert response.status == 400


async def test_the_page_of_calls_shows_refusals_and_arms_faults(sandbox: Sandbox, bot: Bot, page: Page) -> None:
    with pytest.raises(BadRequest):
        await bot.send_message(99, "lost")
    await page.goto(f"{sandbox.url}/calls")
    await expect(page.get_by_role("status")).to_have_text("2 calls, 1 refused")
    await page.get_by_role("switch", name="Refusals only").click()
    await expect(page.get_by_role("list", name="Calls, newest first").get_by_role("listitem")).to_have_count(1)
    await page.get_by_text("Bad Request: chat not found").click()
    await expect(page.get_by_text('"text": "lost"')).to_be_visible()
    await page.get_by_label("Fault", exact=True).select_option("too_many")
    await page.get_by_role("button", name="Arm").click()
    await expect(page.get_by_role("list", name="Armed faults")).to_contain_text("too_many: any call, 1 times")
