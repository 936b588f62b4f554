"""Messages that aren't a person's own new word, as an unmodified python-telegram-bot sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
)

from tests.support.sandbox_fixture import NINA, OLIVIA, new_updates

if TYPE_CHECKING:
    from aiohttp import ClientSession

    from bot.sandbox import Sandbox
    from tests.support.chat import Person


async def test_a_forwarded_message_states_its_author_and_keeps_the_first_one(
    bot: Bot, olivia: Person, max_: Person
) -> None:
    number = await olivia.makes_group("Sales")
    await olivia.changes_group(number, "members", member_id=max_.id, present=True)
    written = await olivia.within(number).says("/digest now")
    await max_.starts()
    await new_updates(bot)
    first = await max_.forwards(written)
    second = await max_.within(number).forwards(first)
    updates = [update.message for update in await new_updates(bot)]
    for message in updates:
        assert message is not None
        assert message.from_user is not None
        assert isinstance(message.forward_origin, MessageOriginUser)
        assert (message.from_user.id, message.forward_origin.sender_user.id) == (max_.id, OLIVIA)
        assert message.text == "/digest now"
    assert [message.chat.id for message in updates if message] == [max_.id, number]
    assert second.raw["entities"] == written.raw["entities"]


async def test_a_hidden_author_is_stated_by_name_only(bot: Bot, olivia: Person) -> None:
    await olivia.forwards(await olivia.says("/start"), hidden=True)
    message = (await new_updates(bot))[-1].message
    assert message is not None
    assert isinstance(message.forward_origin, MessageOriginHiddenUser)
    assert message.forward_origin.sender_user_name == "Olivia Owner"


async def test_a_forwarded_message_of_the_bot_keeps_no_button_that_would_call_it_back(bot: Bot, friend: Person) -> None:
    def keyboard(**kind: str) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup([[InlineKeyboardButton("Go", **kind)]])  # type: ignore[arg-type]  # one of its kinds

    await bot.send_message(friend.id, "Tap", reply_markup=keyboard(callback_data="x"))
    await bot.send_message(friend.id, "Open", reply_markup=keyboard(url="https://example.org"))
    shown = [message for message in await friend.messages() if message.by_bot]
    assert [(await friend.forwards(message)).labels for message in shown] == [(), ("Go",)]


async def test_an_edited_message_comes_as_such_with_its_new_text(bot: Bot, friend: Person) -> None:
    written = await friend.says("/profile 1")
    await new_updates(bot)
    edited = await friend.edits(written, "/pause 1")
    (update,) = await new_updates(bot)
    assert update.message is None
    assert update.edited_message is not None
    assert (update.edited_message.message_id, update.edited_message.text) == (written.id, "/pause 1")
    assert update.edited_message.edit_date is not None
    assert edited.text == "/pause 1"


@pytest.mark.parametrize("text", ["/profile 1", " "])
async def test_an_edit_needs_another_text(friend: Person, text: str) -> None:
    written = await friend.says("/profile 1")
    with pytest.raises(AssertionError, match="edits refused"):
        await friend.edits(written, text)


async def test_only_ones_own_words_can_be_edited(bot: Bot, friend: Person) -> None:
    sent = await bot.send_message(friend.id, "Hello")
    (shown,) = [message for message in await friend.messages() if message.id == sent.message_id]
    for message in (shown, await friend.forwards(shown), await friend.says_in_name_of("other_bot", "/help")):
        with pytest.raises(AssertionError, match="you wrote yourself"):
            await friend.edits(message, "/digest now")


async def test_an_edit_in_a_group_reaches_the_bot_if_the_text_is_for_it(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales")
    written = await olivia.within(number).says("hello")
    await new_updates(bot)
    await olivia.within(number).edits(written, "hello, all")
    assert not await new_updates(bot)
    await olivia.within(number).edits(written, "/digest now")
    assert [bool(update.edited_message) for update in await new_updates(bot)] == [True]


async def test_another_bots_words_say_so(bot: Bot, friend: Person) -> None:
    await new_updates(bot)
    await friend.says_in_name_of("other_bot", "/digest now")
    (update,) = await new_updates(bot)
    assert update.message is not None
    assert update.message.via_bot is not None
    assert update.message.via_bot.username == "other_inline_bot"
    assert update.effective_user is not None
    assert update.effective_user.id == friend.id


@pytest.mark.parametrize(
    ("name", "sender", "chat_type"),
    [
        ("group", "GroupAnonymousBot", "supergroup"),
        ("channel", "Channel_Bot", "channel"),
        ("linked_channel", None, "channel"),
    ],
)
async def test_who_writes_in_a_chats_name_is_not_named(
    bot: Bot, olivia: Person, name: str, sender: str | None, chat_type: str
) -> None:
    number = await olivia.makes_group("Sales")
    await new_updates(bot)
    await olivia.within(number).says_in_name_of(name, "/digest now")
    (update,) = await new_updates(bot)
    message = update.message
    assert message is not None
    assert message.from_user is not None
    assert message.sender_chat is not None
    assert (message.from_user.username, message.sender_chat.type) == (sender, chat_type)
    assert message.from_user.id != olivia.id
    assert bool(message.is_automatic_forward) == (name == "linked_channel")


async def test_a_forwarded_message_in_a_chats_name_states_the_chat(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales")
    await olivia.starts()
    for name, kind in (("group", MessageOriginChat), ("channel", MessageOriginChannel)):
        await olivia.forwards(await olivia.within(number).says_in_name_of(name, "/digest now"))
        message = (await new_updates(bot))[-1].message
        assert message is not None
        assert isinstance(message.forward_origin, kind)


async def test_only_administrators_of_a_supergroup_write_in_its_name(olivia: Person, sandbox: Sandbox) -> None:
    number = await olivia.makes_group("Sales")
    await olivia.changes_group(number, "members", member_id=NINA, present=True)
    nina = olivia.__class__(olivia._session, sandbox.url, NINA, chat_id=number)  # noqa: SLF001 - the same connection
    with pytest.raises(AssertionError, match="Only administrators"):
        await nina.says_in_name_of("group", "/digest now")
    with pytest.raises(AssertionError, match="supergroups only"):
        await olivia.says_in_name_of("channel", "/digest now")
    with pytest.raises(AssertionError, match="in_name_of must be"):
        await olivia.says_in_name_of("nobody", "/digest now")


async def test_a_channels_post_has_no_sender(bot: Bot, sandbox: Sandbox, http: ClientSession) -> None:
    async with http.post(f"{sandbox.url}/api/channel", json={"text": "/digest now"}) as response:
        assert response.status == 201
    (update,) = await new_updates(bot)
    assert update.channel_post is not None
    assert update.channel_post.from_user is None
    assert update.channel_post.sender_chat is not None


async def test_what_is_not_there_can_be_neither_forwarded_nor_edited(olivia: Person) -> None:
    written = await olivia.says("/start")
    gone = type(written)(**{**vars(written), "id": 99})
    with pytest.raises(AssertionError, match="no such message"):
        await olivia.forwards(gone)
    with pytest.raises(AssertionError, match="no such message"):
        await olivia.edits(gone, "/help")
