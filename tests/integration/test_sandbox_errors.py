"""Errors of calls that no client library would make, and of invalid requests to the JSON API of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import FormData

from bot.sandbox import SANDBOX_TOKEN, Sandbox
from tests.support.sandbox_fixture import OLIVIA

if TYPE_CHECKING:
    from aiohttp import ClientSession

    from tests.support.chat import Person

_TEXT = {"chat_id": OLIVIA, "text": "x"}
_ONE_BUTTON = {"text": "Go", "callback_data": "x"}


def _keys(*buttons: Any) -> dict[str, Any]:  # noqa: ANN401 - right and wrong buttons
    return {**_TEXT, "reply_markup": {"inline_keyboard": [list(buttons)]}}


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "chat not found"),
        ("sendMessage", {**_TEXT, "parse_mode": "Markdown"}, "unsupported parse_mode"),
        ("sendMessage", {**_TEXT, "entities": [{"type": "bold"}]}, "can't parse MessageEntity"),
        ("sendMessage", {**_TEXT, "entities": {}}, "can't parse parameter entities"),
        ("sendMessage", {**_TEXT, "reply_markup": "{"}, "can't parse parameter reply_markup"),
        ("sendMessage", {**_TEXT, "reply_markup": []}, "object expected as reply markup"),
        ("sendMessage", {**_TEXT, "reply_markup": {"keyboard": [["A"]]}}, "the sandbox supports only inline keyboards"),
        ("sendMessage", {**_TEXT, "reply_markup": {"inline_keyboard": "x"}}, 'field "inline_keyboard" must be'),
        ("sendMessage", {**_TEXT, "reply_parameters": {}}, 'can\'t find field "message_id"'),
        ("sendMessage", _keys("x"), "InlineKeyboardButton must be an Object"),
        ("sendMessage", _keys({"text": 1}), 'Field "text" must be of type String'),
        ("sendMessage", _keys({"text": " ", "callback_data": "x"}), "button text must be non-empty"),
        ("sendMessage", _keys({**_ONE_BUTTON, "style": "loud"}), "invalid button style specified"),
        ("sendMessage", _keys({"text": "Go", "callback_data": ""}), "Text buttons are unallowed"),
        ("sendMessage", _keys(*[_ONE_BUTTON] * 101), "reply markup is too long"),
        ("sendPhoto", {"chat_id": OLIVIA}, "there is no photo in the request"),
        ("sendDocument", {"chat_id": OLIVIA}, "there is no document in the request"),
        ("sendDocument", {"chat_id": OLIVIA, "document": "gone"}, "wrong file_id or the file"),
        ("sendPhoto", {"chat_id": OLIVIA, "photo": "https://example.org/x.png"}, "failed to get HTTP URL content"),
        ("sendChatAction", {"chat_id": OLIVIA, "action": "dancing"}, "wrong parameter action in request"),
        ("editMessageText", {**_TEXT, "message_id": 1}, "message can't be edited"),
        ("editMessageText", {**_TEXT, "message_id": "one"}, "can't parse parameter message_id"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
        ("getFile", {"file_id": "gone"}, "wrong file_id or the file"),
        ("getChat", {"chat_id": 1002}, "chat not found"),
        ("setMyCommands", {"commands": [{"command": "Bad Name", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "ok", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("setMyCommands", {"commands": [{"command": "ok", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_a_wrong_call_is_refused_with_its_words(
    sandbox: Sandbox, http: ClientSession, friend: Person, method: str, parameters: dict[str, Any], words: str
) -> None:
    async with http.post(f"{sandbox.url}/bot{SANDBOX_TOKEN}/{method}", json=parameters) as response:
        answer = await response.json()
    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert words in answer["description"]
    assert len(await friend.messages()) == 1


@pytest.mark.parametrize("body", [b"{", b"[]"])
async def test_a_body_that_is_no_json_object_is_refused(sandbox: Sandbox, http: ClientSession, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with http.post(f"{sandbox.url}/bot{SANDBOX_TOKEN}/getMe", data=body, headers=headers) as response:
        assert response.status == 400


@pytest.mark.parametrize("attached", [True, False])
async def test_a_file_travels_by_name_or_attached(
    sandbox: Sandbox, http: ClientSession, friend: Person, *, attached: bool
) -> None:
    form = FormData({"chat_id": str(friend.id)} | ({"document": "attach://it"} if attached else {}))
    form.add_field("it" if attached else "document", b"contents", filename="it.txt")
    async with http.post(f"{sandbox.url}/bot{SANDBOX_TOKEN}/sendDocument", data=form) as response:
        assert (await response.json())["result"]["document"]["file_name"] == "it.txt"


async def test_a_file_of_an_unknown_path_or_token_is_not_served(sandbox: Sandbox, http: ClientSession) -> None:
    statuses = []
    for path in (f"bot{SANDBOX_TOKEN}/documents/gone.txt", "bot1:x/documents/gone.txt"):
        async with http.get(f"{sandbox.url}/file/{path}") as response:
            statuses.append(response.status)
    assert statuses == [404, 401]


async def test_a_started_chat_is_described(sandbox: Sandbox, http: ClientSession, friend: Person) -> None:
    async with http.get(f"{sandbox.url}/bot{SANDBOX_TOKEN}/getChat?chat_id={friend.id}") as response:
        assert (await response.json())["result"]["first_name"] == "Olivia"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("people", {"name": " ", "language_code": "en"}, 400),
        ("people", {"name": "Lena", "language_code": "English"}, 400),
        ("people", [], 400),
        ("people/1001/messages", {"text": " "}, 400),
        ("people/99/messages", {"text": "x"}, 404),
        ("people/1001/taps", {"message_id": 1, "row": 0, "column": 0}, 404),
        ("people/1001/block", {"blocked": "yes"}, 400),
        ("people/1001/files", {}, 400),
    ],
)
async def test_a_wrong_act_of_the_page_is_refused(
    sandbox: Sandbox, http: ClientSession, friend: Person, path: str, body: object, status: int
) -> None:
    async with http.post(f"{sandbox.url}/api/{path}", json=body) as response:
        assert (response.status, "error" in await response.json()) == (status, True)
    assert len(await friend.messages()) == 1


async def test_who_blocked_the_bot_neither_writes_nor_taps(
    sandbox: Sandbox, http: ClientSession, friend: Person
) -> None:
    async with http.post(f"{sandbox.url}/bot{SANDBOX_TOKEN}/sendMessage", json=_keys(_ONE_BUTTON)):
        await friend.blocks()
    for path, body in (("messages", {"text": "x"}), ("taps", {"message_id": 2, "row": 0, "column": 0})):
        async with http.post(f"{sandbox.url}/api/people/{friend.id}/{path}", json=body) as response:
            assert (response.status, await response.json()) == (409, {"error": "Unblock the bot first."})


async def test_a_tap_on_a_link_is_not_told_to_the_bot(sandbox: Sandbox, http: ClientSession, friend: Person) -> None:
    link = {"text": "Site", "url": "https://example.org/"}
    async with http.post(f"{sandbox.url}/bot{SANDBOX_TOKEN}/sendMessage", json=_keys(link)):
        pass
    with pytest.raises(AssertionError, match=r"This button doesn't send anything to the bot"):
        await friend.taps("Site")


async def test_an_unknown_file_and_an_unknown_person_are_not_found(sandbox: Sandbox, http: ClientSession) -> None:
    for path in ("files/gone", "commands?person=99", "people/99/events"):
        async with http.get(f"{sandbox.url}/api/{path}") as response:
            assert response.status == 404


async def test_a_wait_in_vain_prints_the_chat(friend: Person) -> None:
    with pytest.raises(AssertionError, match=r"(?s)containing 'never' within 0.05 s.*person: #1 /start"):
        await friend.reads(containing="never", timeout=0.05)
