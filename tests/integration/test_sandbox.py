"""The sandbox as an unmodified python-telegram-bot sees it, over HTTP."""

from __future__ import annotations

import asyncio
import struct
import zlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession
from telegram import Bot, BotCommand, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, Update, WebAppInfo
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.sandbox import SANDBOX_TOKEN, Sandbox
from tests.support.chat import Person

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

OLIVIA, MAX = 1001, 1002
AnyApplication = Application[Any, Any, Any, Any, Any, Any]


@asynccontextmanager
async def running(state_file: Path | None = None) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(port=0, state_file=state_file)
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.stop()


@asynccontextmanager
async def bot_of(sandbox: Sandbox, token: str = SANDBOX_TOKEN) -> AsyncIterator[Bot]:
    async with Bot(token, base_url=f"{sandbox.url}/bot", base_file_url=f"{sandbox.url}/file/bot") as bot:
        yield bot


@asynccontextmanager
async def polling(sandbox: Sandbox) -> AsyncIterator[AnyApplication]:
    builder = ApplicationBuilder().token(SANDBOX_TOKEN)
    application = builder.base_url(f"{sandbox.url}/bot").base_file_url(f"{sandbox.url}/file/bot").build()
    application.add_handler(CommandHandler("start", _greet))
    application.add_handler(CallbackQueryHandler(_turn_on))
    application.add_handler(MessageHandler(filters.Document.ALL, _measure))
    async with application:
        assert application.updater
        await application.updater.start_polling()
        await application.start()
        yield application
        await application.updater.stop()
        await application.stop()


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


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with running() as started:
        yield started


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with bot_of(sandbox) as connected:
        yield connected


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
async def olivia(session: ClientSession, sandbox: Sandbox) -> Person:
    """The owner, who pressed Start."""
    person = Person(session, sandbox.url, OLIVIA)
    await person.says("/start")
    return person


@pytest.fixture
def strange(session: ClientSession, sandbox: Sandbox) -> Person:
    """Somebody who hasn't met the bot."""
    return Person(session, sandbox.url, MAX)


def one_button(**action: Any) -> InlineKeyboardMarkup:  # noqa: ANN401 - any kind of action
    return InlineKeyboardMarkup([[InlineKeyboardButton("Go", **action)]])


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    pixels = zlib.compress((b"\0" + b"\x20\x60\xc0" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


async def test_a_command_is_answered(sandbox: Sandbox, strange: Person) -> None:
    async with polling(sandbox):
        await strange.says("/start")
        seen = await strange.reads(containing="Hello")
    assert seen.text == "Hello Max (en)"
    assert seen.raw["entities"] == [{"type": "bold", "offset": 6, "length": 3}]


async def test_a_tap_is_answered_and_edits_in_place(sandbox: Sandbox, olivia: Person) -> None:
    async with polling(sandbox):
        card = await olivia.reads(containing="Hello")
        await olivia.taps("Turn sign-up on")
        assert (await olivia.is_told()).text == "Done"
        edited = await olivia.reads(containing="Sign-up is on")
    assert (edited.id, edited.labels) == (card.id, ())


async def test_a_document_of_a_person_reaches_the_bot(sandbox: Sandbox, olivia: Person) -> None:
    async with polling(sandbox):
        await olivia.sends("people.csv", b"a@example.org")
        assert (await olivia.reads(containing="people.csv")).text == "people.csv: a@example.org"


async def test_a_message_typed_while_nobody_polls_waits(sandbox: Sandbox, olivia: Person) -> None:
    async with polling(sandbox):
        assert (await olivia.reads()).text == "Hello Olivia (en)"


async def test_an_unconfirmed_update_comes_again(bot: Bot, olivia: Person) -> None:
    await olivia.says("two")
    first = [update.update_id for update in await bot.get_updates()]
    again = [update.update_id for update in await bot.get_updates(offset=first[1])]
    assert (len(first), again) == (2, first[1:])


async def test_a_second_poller_ends_the_first_with_409(sandbox: Sandbox, bot: Bot, olivia: Person) -> None:
    latest = (await bot.get_updates())[-1].update_id
    async with bot_of(sandbox) as other:
        first = asyncio.create_task(bot.get_updates(offset=latest + 1, timeout=30))
        second = asyncio.create_task(other.get_updates(offset=latest + 1, timeout=30))
        done, (waiting,) = await asyncio.wait({first, second}, return_when=asyncio.FIRST_COMPLETED)
        with pytest.raises(Conflict, match=r"terminated by other getUpdates request; make sure that only one bot"):
            done.pop().result()
        await olivia.says("wake")
        assert len(await waiting) == 1


async def test_only_allowed_updates_are_queued(bot: Bot, olivia: Person) -> None:
    await bot.get_updates(offset=-1, allowed_updates=["callback_query"])
    await olivia.says("unheard")
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["/start"]


async def test_a_typed_command_carries_its_entity(bot: Bot, olivia: Person) -> None:
    await olivia.says("/start inv_42")
    update = (await bot.get_updates())[-1]
    assert update.message
    assert update.message.parse_entities() == {update.message.entities[0]: "/start"}


async def test_a_photo_keeps_its_size_and_its_bytes(bot: Bot, olivia: Person) -> None:
    message = await bot.send_photo(OLIVIA, png(40, 30), caption="A <b>code</b>", parse_mode="HTML")
    contents = await (await message.photo[-1].get_file()).download_as_bytearray()
    assert (message.photo[-1].width, message.photo[-1].height, message.caption) == (40, 30, "A code")
    assert contents == png(40, 30) == await olivia.downloads((await olivia.messages())[-1])


async def test_what_is_no_picture_is_no_photo(bot: Bot, olivia: Person) -> None:
    with pytest.raises(BadRequest, match=r"^Image_process_failed$"):
        await bot.send_photo(olivia.id, b"text")


async def test_a_document_of_the_bot_is_downloaded_under_its_name(bot: Bot, olivia: Person) -> None:
    message = await bot.send_document(OLIVIA, b"a;b\n", filename="history.csv")
    assert message.document
    assert (message.document.file_name, message.document.mime_type) == ("history.csv", "text/csv")
    assert await olivia.downloads((await olivia.messages())[-1]) == b"a;b\n"


async def test_a_file_is_sent_again_by_its_number(bot: Bot, olivia: Person) -> None:
    first = await bot.send_document(OLIVIA, b"a;b\n", filename="history.csv")
    assert first.document
    second = await bot.send_document(olivia.id, first.document.file_id)
    assert second.document == first.document


async def test_an_identical_edit_is_refused(bot: Bot, olivia: Person) -> None:
    message = await bot.send_message(olivia.id, "<b>Same</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match=r"^Message is not modified: specified new message content and reply markup"):
        await message.edit_text("<b>Same</b>", parse_mode="HTML")


async def test_a_new_keyboard_under_the_same_text_is_an_edit(bot: Bot, olivia: Person) -> None:
    message = await bot.send_message(olivia.id, "Same")
    await message.edit_reply_markup(one_button(callback_data="x"))
    assert (await olivia.messages())[-1].labels == ("Go",)


async def test_a_caption_is_edited(bot: Bot, olivia: Person) -> None:
    message = await bot.send_photo(olivia.id, png(9, 9), caption="Old")
    await message.edit_caption("New")
    assert (await olivia.messages())[-1].text == "New"


async def test_a_deleted_message_is_gone(bot: Bot, olivia: Person) -> None:
    message = await bot.send_message(olivia.id, "Passing")
    seen = await olivia.reads(containing="Passing")
    await message.delete()
    await olivia.loses(seen)
    with pytest.raises(BadRequest, match=r"^Message to delete not found$"):
        await message.delete()
    with pytest.raises(BadRequest, match=r"^Message to edit not found$"):
        await message.edit_text("Back")


async def test_several_messages_are_deleted_and_missing_ones_skipped(bot: Bot, olivia: Person) -> None:
    passing = [(await bot.send_message(olivia.id, text)).message_id for text in ("a", "b")]
    await bot.delete_messages(olivia.id, [*passing, passing[0], 999])
    assert [message.text for message in await olivia.messages()] == ["/start"]


async def test_a_reply_quotes_its_message(bot: Bot, olivia: Person) -> None:
    first = await bot.send_message(olivia.id, "First")
    assert (await first.reply_text("Second", do_quote=True)).reply_to_message == first
    with pytest.raises(BadRequest, match=r"^Message to be replied not found$"):
        await bot.send_message(olivia.id, "Third", reply_to_message_id=999)


async def test_the_bot_cannot_write_first(bot: Bot, strange: Person) -> None:
    with pytest.raises(Forbidden, match=r"^Forbidden: bot can't initiate conversation with a user$"):
        await bot.send_message(strange.id, "Hello")


async def test_the_bot_cannot_write_after_a_block_and_hears_of_it(bot: Bot, olivia: Person) -> None:
    await olivia.blocks()
    with pytest.raises(Forbidden, match=r"^Forbidden: bot was blocked by the user$"):
        await bot.send_message(olivia.id, "Hello")
    member = (await bot.get_updates())[-1].my_chat_member
    assert member
    assert member.new_chat_member.status == "kicked"


async def test_an_unknown_chat_is_not_found(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"^Chat not found$"):
        await bot.send_message(99, "Hello")


async def test_a_tap_is_answered_once_only(bot: Bot, olivia: Person) -> None:
    await bot.send_message(olivia.id, "Choose", reply_markup=one_button(callback_data="x"))
    await olivia.taps("Go")
    query = (await bot.get_updates())[-1].callback_query
    assert query
    await query.answer("Well", show_alert=True)
    assert (await olivia.is_told("Well")).show_alert
    with pytest.raises(BadRequest, match=r"^Query is too old and response timeout expired or query id is invalid$"):
        await query.answer()


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"callback_data": "я" * 33}, "^Button_data_invalid$"),
        ({"url": "http://localhost:8080/s/x"}, "button url 'http://localhost:8080/s/x' is invalid: wrong http url$"),
        ({"url": "http://127.0.0.1:8080/"}, "button url 'http://127.0.0.1:8080/' is invalid: wrong http url$"),
        ({"url": "http://intranet/"}, "button url 'http://intranet/' is invalid: wrong http url$"),
        ({"url": "ftp://example.org"}, "button url 'ftp://example.org' is invalid: unsupported url protocol$"),
        ({"copy_text": CopyTextButton("x" * 257)}, "^Button_copy_text_invalid$"),
        ({"web_app": WebAppInfo("http://example.org")}, "web app url .* is invalid: only https links are allowed$"),
        ({}, "text buttons are unallowed in the inline keyboard$"),
        ({"callback_data": "x", "url": "https://example.org"}, "exactly one kind of action must be specified$"),
    ],
)
async def test_a_wrong_button_is_refused(bot: Bot, olivia: Person, action: dict[str, Any], words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.send_message(olivia.id, "Choose", reply_markup=one_button(**action))


@pytest.mark.parametrize("action", [{"callback_data": "x" * 64}, {"copy_text": CopyTextButton("x" * 256)}])
async def test_the_longest_button_is_taken(bot: Bot, olivia: Person, action: dict[str, Any]) -> None:
    message = await bot.send_message(olivia.id, "Choose", reply_markup=one_button(**action))
    assert message.reply_markup == one_button(**action)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x" * 4097, "^Message is too long$"),
        (" \n ", "^Message text is empty$"),
        ("<b></b>", "^Message text is empty$"),
        ("<b>open", "Can't parse entities: can't find end tag corresponding to start tag \"b\"$"),
        ("<p>no</p>", 'Can\'t parse entities: unsupported start tag "p" at byte offset 0$'),
        ("é</b>", "Can't parse entities: unexpected end tag at byte offset 2$"),
        (
            "<b><i>x</b></i>",
            'Can\'t parse entities: unmatched end tag at byte offset 7, expected "</i>", found "</b>"$',
        ),
    ],
)
async def test_a_wrong_text_is_refused(bot: Bot, olivia: Person, text: str, words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.send_message(olivia.id, text, parse_mode="HTML")


async def test_the_longest_text_is_counted_without_its_markup(bot: Bot, olivia: Person) -> None:
    message = await bot.send_message(olivia.id, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    assert len(message.text or "") == 4096


async def test_a_caption_is_shorter_than_a_text(bot: Bot, olivia: Person) -> None:
    with pytest.raises(BadRequest, match=r"^Message caption is too long$"):
        await bot.send_document(olivia.id, b"x", caption="x" * 1025)


async def test_commands_are_offered_by_language(sandbox: Sandbox, bot: Bot, session: ClientSession) -> None:
    await bot.set_my_commands([BotCommand("help", "What I can do")])
    await bot.set_my_commands([BotCommand("help", "Что я умею")], language_code="ru")
    body = {"name": "Рита Новая", "language_code": "ru"}
    async with session.post(f"{sandbox.url}/api/people", json=body) as response:
        rita = (await response.json())["id"]
    offered = {}
    for person in (OLIVIA, rita):
        async with session.get(f"{sandbox.url}/api/commands", params={"person": person}) as response:
            offered[person] = (await response.json())["commands"][0]["description"]
    assert offered == {OLIVIA: "What I can do", rita: "Что я умею"}


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


async def test_an_unknown_method_is_not_found(sandbox: Sandbox, session: ClientSession) -> None:
    async with session.post(f"{sandbox.url}/bot{SANDBOX_TOKEN}/sendTelegram") as response:
        assert (response.status, await response.json()) == (
            404,
            {"ok": False, "error_code": 404, "description": "Not Found"},
        )


async def test_everything_survives_a_restart(session: ClientSession, tmp_path: Path) -> None:
    state = tmp_path / "sandbox.db"
    async with running(state) as first, bot_of(first) as bot:
        olivia = Person(session, first.url, OLIVIA)
        await olivia.says("/start")
        await bot.send_document(OLIVIA, b"kept", filename="kept.txt")
        before = await bot.get_updates()
    async with running(state) as second, bot_of(second) as bot:
        olivia = Person(session, second.url, OLIVIA)
        assert [update.to_dict() for update in await bot.get_updates()] == [update.to_dict() for update in before]
        await olivia.says("later")
        assert (await bot.get_updates())[-1].update_id == before[-1].update_id + 1
        assert await olivia.downloads((await olivia.messages())[1]) == b"kept"
        assert [message.id for message in await olivia.messages()] == [1, 2, 3]


async def test_stopping_ends_a_long_poll_at_once(bot: Bot, sandbox: Sandbox) -> None:
    async with bot_of(sandbox) as other:
        polls = {asyncio.create_task(each.get_updates(timeout=40)) for each in (bot, other)}
        done, (waiting,) = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
        assert isinstance(done.pop().exception(), Conflict)  # so the other one is waiting by now
        async with asyncio.timeout(2):
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
    sandbox: Sandbox, session: ClientSession, path: str, headers: dict[str, str]
) -> None:
    async with session.get(f"{sandbox.url}{path}", headers=headers) as response:
        assert response.status == 403


async def test_the_page_itself_is_let_in(sandbox: Sandbox, session: ClientSession) -> None:
    headers = {"Origin": sandbox.url, "Sec-Fetch-Site": "same-origin"}
    async with session.get(f"{sandbox.url}/api/people", headers=headers) as response:
        assert [person["name"] for person in (await response.json())["people"]] == [
            "Olivia Owner",
            "Max Manager",
            "Nina New",
        ]
