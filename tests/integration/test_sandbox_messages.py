"""Photos, documents, texts and buttons that the bot sends, edits and deletes."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from telegram import Bot, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument, WebAppInfo
from telegram.error import BadRequest, Forbidden

if TYPE_CHECKING:
    from tests.support.chat import Person


def one_button(**action: Any) -> InlineKeyboardMarkup:  # noqa: ANN401 - any kind of action
    return InlineKeyboardMarkup([[InlineKeyboardButton("Go", **action)]])


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    pixels = zlib.compress((b"\0" + b"\x20\x60\xc0" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


async def test_a_photo_keeps_its_size_and_its_bytes(bot: Bot, friend: Person) -> None:
    message = await bot.send_photo(friend.id, png(40, 30), caption="A <b>code</b>", parse_mode="HTML")
    contents = await (await message.photo[-1].get_file()).download_as_bytearray()
    assert (message.photo[-1].width, message.photo[-1].height, message.caption) == (40, 30, "A code")
    assert contents == png(40, 30) == await friend.downloads((await friend.messages())[-1])


async def test_what_is_no_picture_is_no_photo(bot: Bot, friend: Person) -> None:
    with pytest.raises(BadRequest, match=r"^Image_process_failed$"):
        await bot.send_photo(friend.id, b"text")


async def test_a_document_of_the_bot_is_downloaded_under_its_name(bot: Bot, friend: Person) -> None:
    message = await bot.send_document(friend.id, b"a;b\n", filename="history.csv")
    assert message.document
    assert (message.document.file_name, message.document.mime_type) == ("history.csv", "text/csv")
    assert await friend.downloads((await friend.messages())[-1]) == b"a;b\n"


async def test_a_file_is_sent_again_by_its_number(bot: Bot, friend: Person) -> None:
    first = await bot.send_document(friend.id, b"a;b\n", filename="history.csv")
    assert first.document
    second = await bot.send_document(friend.id, first.document.file_id)
    assert second.document == first.document


async def test_a_document_is_replaced(bot: Bot, olivia: Person) -> None:
    await olivia.starts("inv_42")
    sent = await bot.send_document(olivia.id, b"old", filename="old.txt")
    await bot.edit_message_media(InputMediaDocument(b"new", filename="new.txt", caption="Newer"), olivia.id, sent.id)
    shown = (await olivia.messages())[-1]
    assert (shown.raw["document"]["file_name"], shown.text, await olivia.downloads(shown)) == (
        "new.txt",
        "Newer",
        b"new",
    )


async def test_an_identical_edit_is_refused(bot: Bot, friend: Person) -> None:
    message = await bot.send_message(friend.id, "<b>Same</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match=r"^Message is not modified: specified new message content and reply markup"):
        await message.edit_text("<b>Same</b>", parse_mode="HTML")


async def test_a_new_keyboard_under_the_same_text_is_an_edit(bot: Bot, friend: Person) -> None:
    message = await bot.send_message(friend.id, "Same")
    await message.edit_reply_markup(one_button(callback_data="x"))
    assert (await friend.messages())[-1].labels == ("Go",)


async def test_a_caption_is_edited(bot: Bot, friend: Person) -> None:
    message = await bot.send_photo(friend.id, png(9, 9), caption="Old")
    await message.edit_caption("New")
    assert (await friend.messages())[-1].text == "New"


async def test_a_deleted_message_is_gone(bot: Bot, friend: Person) -> None:
    message = await bot.send_message(friend.id, "Passing")
    seen = await friend.reads(containing="Passing")
    await message.delete()
    await friend.loses(seen)
    with pytest.raises(BadRequest, match=r"^Message to delete not found$"):
        await message.delete()
    with pytest.raises(BadRequest, match=r"^Message to edit not found$"):
        await message.edit_text("Back")


async def test_several_messages_are_deleted_and_missing_ones_skipped(bot: Bot, friend: Person) -> None:
    passing = [(await bot.send_message(friend.id, text)).message_id for text in ("a", "b")]
    await bot.delete_messages(friend.id, [*passing, passing[0], 999])
    assert [message.text for message in await friend.messages()] == ["/start"]


async def test_a_reply_quotes_its_message(bot: Bot, friend: Person) -> None:
    first = await bot.send_message(friend.id, "First")
    assert (await first.reply_text("Second", do_quote=True)).reply_to_message == first
    with pytest.raises(BadRequest, match=r"^Message to be replied not found$"):
        await bot.send_message(friend.id, "Third", reply_to_message_id=999)


async def test_the_bot_cannot_write_first(bot: Bot, max_: Person) -> None:
    with pytest.raises(Forbidden, match=r"^Forbidden: bot can't initiate conversation with a user$"):
        await bot.send_message(max_.id, "Hello")


async def test_the_bot_cannot_write_after_a_block_and_hears_of_it(bot: Bot, friend: Person) -> None:
    await friend.blocks()
    with pytest.raises(Forbidden, match=r"^Forbidden: bot was blocked by the user$"):
        await bot.send_message(friend.id, "Hello")
    member = (await bot.get_updates())[-1].my_chat_member
    assert member
    assert member.new_chat_member.status == "kicked"


async def test_an_unknown_chat_is_not_found(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"^Chat not found$"):
        await bot.send_message(99, "Hello")


async def test_a_tap_is_answered_once_only(bot: Bot, friend: Person) -> None:
    await bot.send_message(friend.id, "Choose", reply_markup=one_button(callback_data="x"))
    await friend.taps("Go")
    query = (await bot.get_updates())[-1].callback_query
    assert query
    await query.answer("Well", show_alert=True)
    assert (await friend.is_told("Well")).show_alert
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
async def test_a_wrong_button_is_refused(bot: Bot, friend: Person, action: dict[str, Any], words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.send_message(friend.id, "Choose", reply_markup=one_button(**action))


@pytest.mark.parametrize("action", [{"callback_data": "x" * 64}, {"copy_text": CopyTextButton("x" * 256)}])
async def test_the_longest_button_is_taken(bot: Bot, friend: Person, action: dict[str, Any]) -> None:
    message = await bot.send_message(friend.id, "Choose", reply_markup=one_button(**action))
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
async def test_a_wrong_text_is_refused(bot: Bot, friend: Person, text: str, words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.send_message(friend.id, text, parse_mode="HTML")


async def test_the_longest_text_is_counted_without_its_markup(bot: Bot, friend: Person) -> None:
    message = await bot.send_message(friend.id, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    assert len(message.text or "") == 4096


async def test_a_caption_is_shorter_than_a_text(bot: Bot, friend: Person) -> None:
    with pytest.raises(BadRequest, match=r"^Message caption is too long$"):
        await bot.send_document(friend.id, b"x", caption="x" * 1025)


async def test_what_a_page_no_longer_shows_can_be_asked_for(friend: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sandbox.world.world.RECENT", 2)
    said = [(await friend.says(f"line {number}")).text for number in range(5)]
    assert [message.text for message in await friend.messages()] == said[-2:]
    assert [message.text for message in await friend.all_messages()][-5:] == said
