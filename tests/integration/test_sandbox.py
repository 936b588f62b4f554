"""Updates, polling, restarts and foreign requests, as an unmodified python-telegram-bot sees the sandbox over HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import Conflict, InvalidToken
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.sandbox import SANDBOX_TOKEN, Sandbox
from tests.support.chat import Person
from tests.support.sandbox_fixture import OLIVIA, bot_of, polling, running

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from aiohttp import ClientSession


async def _greet(update: Update, _: object) -> None:
    assert update.message
    assert update.effective_user
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Turn sign-up on", callback_data="on")]])
    name, language = update.effective_user.first_name, update.effective_user.language_code
    await update.message.reply_html(f"Hello <b>{name}</b> ({language})", reply_markup=keyboard)


async def _turn_on(update: Update, _: object) -> None:
    assert update.callback_query
    await update.callback_query.answer("Done")
    await update.callback_query.edit_message_text("Sign-up is on")


async def _measure(update: Update, _: object) -> None:
    assert update.message
    assert update.message.document
    contents = await (await update.message.document.get_file()).download_as_bytearray()
    await update.message.reply_text(f"{update.message.document.file_name}: {contents.decode()}")


def _at_work(sandbox: Sandbox) -> AbstractAsyncContextManager[Bot]:
    return polling(
        sandbox,
        CommandHandler("start", _greet),
        CallbackQueryHandler(_turn_on),
        MessageHandler(filters.Document.ALL, _measure),
    )


async def test_a_command_is_answered(sandbox: Sandbox, max_: Person) -> None:
    async with _at_work(sandbox):
        await max_.says("/start")
        seen = await max_.reads(containing="Hello")
    assert seen.text == "Hello Max (en)"
    assert seen.raw["entities"] == [{"type": "bold", "offset": 6, "length": 3}]


async def test_a_tap_is_answered_and_edits_in_place(sandbox: Sandbox, friend: Person) -> None:
    async with _at_work(sandbox):
        card = await friend.reads(containing="Hello")
        await friend.taps("Turn sign-up on")
        assert (await friend.is_told()).text == "Done"
        edited = await friend.reads(containing="Sign-up is on")
    assert (edited.id, edited.labels) == (card.id, ())


async def test_a_document_of_a_person_reaches_the_bot(sandbox: Sandbox, friend: Person) -> None:
    async with _at_work(sandbox):
        await friend.sends("people.csv", b"a@example.org")
        assert (await friend.reads(containing="people.csv")).text == "people.csv: a@example.org"


async def test_a_message_typed_while_nobody_polls_waits(sandbox: Sandbox, friend: Person) -> None:
    async with _at_work(sandbox):
        assert (await friend.reads()).text == "Hello Olivia (en)"


async def test_an_unconfirmed_update_comes_again(bot: Bot, friend: Person) -> None:
    await friend.says("two")
    first = [update.update_id for update in await bot.get_updates()]
    again = [update.update_id for update in await bot.get_updates(offset=first[1])]
    assert (len(first), again) == (2, first[1:])


async def test_a_second_poller_ends_the_first_with_409(sandbox: Sandbox, bot: Bot, friend: Person) -> None:
    latest = (await bot.get_updates())[-1].update_id
    async with bot_of(sandbox) as other:
        first = asyncio.create_task(bot.get_updates(offset=latest + 1, timeout=30))
        second = asyncio.create_task(other.get_updates(offset=latest + 1, timeout=30))
        done, (waiting,) = await asyncio.wait({first, second}, return_when=asyncio.FIRST_COMPLETED)
        with pytest.raises(Conflict, match=r"terminated by other getUpdates request; make sure that only one bot"):
            done.pop().result()
        await friend.says("wake")
        assert len(await waiting) == 1


async def test_only_allowed_updates_are_queued(bot: Bot, friend: Person) -> None:
    await bot.get_updates(offset=-1, allowed_updates=["callback_query"])
    await friend.says("unheard")
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["/start"]


async def test_a_typed_command_carries_its_entity(bot: Bot, friend: Person) -> None:
    await friend.says("/start inv_42")
    update = (await bot.get_updates())[-1]
    assert update.message
    assert update.message.parse_entities() == {update.message.entities[0]: "/start"}


@pytest.mark.parametrize("code", ["no spaces", "x" * 65])
async def test_a_wrong_start_code_is_no_deep_link(olivia: Person, code: str) -> None:
    with pytest.raises(AssertionError, match=r"A start code is 1-64"):
        await olivia.starts(code)


async def test_set_up_calls_are_answered(bot: Bot) -> None:
    await bot.set_my_name("Gangway North")
    await bot.set_my_description("Sign up")
    await bot.set_my_short_description("Sign up")
    await bot.set_chat_menu_button()
    await bot.delete_webhook(drop_pending_updates=True)
    assert (await bot.get_my_name()).name == "Gangway North"
    assert (await bot.get_webhook_info()).url == ""
    assert (await bot.get_me()).is_bot


async def test_a_wrong_token_is_unauthorized(sandbox: Sandbox) -> None:
    with pytest.raises(InvalidToken):
        async with bot_of(sandbox, f"1:{'x' * 35}"):
            pytest.fail("a wrong token was let in")


async def test_an_unknown_method_is_not_found(sandbox: Sandbox, http: ClientSession) -> None:
    async with http.post(f"{sandbox.url}/bot{SANDBOX_TOKEN}/sendTelegram") as response:
        assert (response.status, await response.json()) == (
            404,
            {"ok": False, "error_code": 404, "description": "Not Found"},
        )


async def test_everything_survives_a_restart(http: ClientSession, tmp_path: Path) -> None:
    state = tmp_path / "sandbox.db"
    async with running(Sandbox(port=0, state_file=state)) as first, bot_of(first) as bot:
        olivia = Person(http, first.url, OLIVIA)
        await olivia.says("/start")
        await bot.send_document(OLIVIA, b"kept", filename="kept.txt")
        before = await bot.get_updates()
    async with running(Sandbox(port=0, state_file=state)) as second, bot_of(second) as bot:
        olivia = Person(http, second.url, OLIVIA)
        assert [update.to_dict() for update in await bot.get_updates()] == [update.to_dict() for update in before]
        await olivia.says("later")
        assert (await bot.get_updates())[-1].update_id == before[-1].update_id + 1
        assert await olivia.downloads((await olivia.messages())[1]) == b"kept"
        assert [message.id for message in await olivia.messages()] == [1, 2, 3]


async def test_stopping_ends_a_long_poll_at_once(bot: Bot, sandbox: Sandbox) -> None:
    async with bot_of(sandbox) as other:
        polls = {asyncio.create_task(each.get_updates(timeout=50)) for each in (bot, other)}
        done, (waiting,) = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
        assert isinstance(done.pop().exception(), Conflict)  # so the other one is waiting by now
        async with asyncio.timeout(30):
            await sandbox.stop()
            assert await waiting == ()


async def test_a_port_in_use_is_an_error(sandbox: Sandbox, tmp_path: Path) -> None:
    other = Sandbox(port=int(sandbox.url.rpartition(":")[2]), state_file=tmp_path / "other.db")
    with pytest.raises(OSError, match=r"address already in use"):
        await other.start()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Host": "example.org"},
        {"Host": "127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("path", ["/api/people", f"/bot{SANDBOX_TOKEN}/getMe", "/"])
async def test_another_site_is_refused(
    sandbox: Sandbox, http: ClientSession, path: str, headers: dict[str, str]
) -> None:
    async with http.get(f"{sandbox.url}{path}", headers=headers) as response:
        assert response.status == 403


async def test_the_page_itself_is_let_in(sandbox: Sandbox, http: ClientSession) -> None:
    headers = {"Origin": sandbox.url, "Sec-Fetch-Site": "same-origin"}
    async with http.get(f"{sandbox.url}/api/people", headers=headers) as response:
        assert [person["name"] for person in (await response.json())["people"]] == [
            "Olivia Owner",
            "Max Manager",
            "Nina New",
        ]
