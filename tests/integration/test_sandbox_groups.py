"""Groups and their topics, as an unmodified python-telegram-bot sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.support.sandbox_fixture import MAX, OLIVIA, new_updates

if TYPE_CHECKING:
    from aiohttp import ClientSession

    from bot.sandbox import Sandbox
    from tests.support.chat import Person

_TAP = InlineKeyboardMarkup([[InlineKeyboardButton("Tap", callback_data="tap")]])


async def _heard(bot: Bot) -> list[str | None]:
    return [update.message.text for update in await new_updates(bot) if update.message]


async def test_the_bot_learns_that_it_was_added(bot: Bot, olivia: Person) -> None:
    group = await olivia.makes_group("Sales")
    added, service = await new_updates(bot)
    assert added.my_chat_member
    assert service.message
    change = added.my_chat_member
    assert (change.chat.id, change.chat.type, change.chat.title) == (group, "supergroup", "Sales")
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("left", "member")
    assert [user.id for user in service.message.new_chat_members] == [bot.id]
    assert str(group).startswith("-100")


async def test_in_a_group_the_bot_hears_what_concerns_it(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales")
    group = olivia.within(number)
    await new_updates(bot)
    mine = await bot.send_message(number, "Digest")
    (seen,) = [message for message in await group.messages() if message.id == mine.message_id]
    for text in ("hello all", "/digest", "/digest@other_bot", "/digest@gangway_sandbox_bot", "@gangway_sandbox_bot?"):
        await group.says(text)
    await group.says("thanks", reply_to=seen)
    assert await _heard(bot) == ["/digest", "/digest@gangway_sandbox_bot", "@gangway_sandbox_bot?", "thanks"]


async def test_a_file_sent_into_a_group_stays_unheard_unless_it_concerns_the_bot(bot: Bot, olivia: Person) -> None:
    group = olivia.within(await olivia.makes_group("Sales"))
    await new_updates(bot)
    await group.sends("people.csv", b"a@example.org")
    await group.sends("again.csv", b"a@example.org", caption="/import")
    assert [update.message.caption for update in await new_updates(bot) if update.message] == ["/import"]


async def test_an_administrator_hears_everything(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales")
    await olivia.changes_group(number, "bot", status="administrator")
    await new_updates(bot)
    await olivia.within(number).says("hello all")
    assert await _heard(bot) == ["hello all"]
    administrators = await bot.get_chat_administrators(number)
    assert [(member.user.id, member.status) for member in administrators] == [
        (OLIVIA, "creator"),
        (bot.id, "administrator"),
    ]


async def test_an_administrator_that_asks_is_told_who_comes(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales")
    await olivia.changes_group(number, "bot", status="administrator")
    await bot.get_updates(offset=-1, allowed_updates=["chat_member"])
    await olivia.changes_group(number, "members", member_id=MAX)
    told = (await bot.get_updates())[-1].chat_member
    assert told
    assert (told.new_chat_member.user.id, told.new_chat_member.status) == (MAX, "member")


async def test_people_come_and_go(bot: Bot, olivia: Person, max_: Person) -> None:
    number = await olivia.makes_group("Sales")
    await olivia.changes_group(number, "members", member_id=MAX)
    assert await bot.get_chat_member_count(number) == 3
    assert (await bot.get_chat_member(number, MAX)).status == "member"
    await max_.within(number).says("/start")
    await olivia.changes_group(number, "members", member_id=MAX, present=False)
    assert (await bot.get_chat_member(number, MAX)).status == "left"
    with pytest.raises(AssertionError, match=r"Only members can write in a group"):
        await max_.within(number).says("still here")
    with pytest.raises(BadRequest, match=r"(?i)participant_id_invalid"):
        await bot.get_chat_member(number, 99)


async def test_what_is_so_already_tells_the_bot_nothing(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales")
    await new_updates(bot)
    await olivia.changes_group(number, "members")
    await olivia.changes_group(number, "members", member_id=MAX, present=False)
    await olivia.changes_group(number, "bot", status="member")
    assert await new_updates(bot) == ()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("kicked", "bot was kicked from the supergroup chat"),
        ("left", "bot is not a member of the supergroup chat"),
    ],
)
async def test_who_put_the_bot_out_gets_nothing(bot: Bot, olivia: Person, status: str, words: str) -> None:
    number = await olivia.makes_group("Sales")
    await new_updates(bot)
    await olivia.changes_group(number, "bot", status=status)
    (told,) = [update.my_chat_member for update in await new_updates(bot) if update.my_chat_member]
    assert told.new_chat_member.status == status
    with pytest.raises(Forbidden, match=words):
        await bot.send_message(number, "x")


async def test_a_group_without_the_bot_is_not_found(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales", bot=False)
    with pytest.raises(BadRequest, match=r"Chat not found"):
        await bot.send_message(number, "x")


async def test_the_bot_leaves(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales")
    assert (await bot.get_chat(number)).title == "Sales"
    await bot.leave_chat(number)
    with pytest.raises(Forbidden, match=r"bot is not a member"):
        await bot.get_chat(number)


async def test_a_private_chat_has_members_but_no_administrators(bot: Bot, olivia: Person) -> None:
    await olivia.says("/start")
    assert await bot.get_chat_member_count(OLIVIA) == 2
    assert (await bot.get_chat_member(OLIVIA, MAX)).status == "left"
    with pytest.raises(BadRequest, match=r"There are no administrators in the private chat"):
        await bot.get_chat_administrators(OLIVIA)
    with pytest.raises(BadRequest, match=r"Chat member status can't be changed in private chats"):
        await bot.leave_chat(OLIVIA)


async def test_topics_keep_their_own_messages(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales", topics=True)
    thread = (await olivia.changes_group(number, "topics", name="Digests"))["message_thread_id"]
    sent = await bot.send_message(number, "In the topic", message_thread_id=thread)
    assert (sent.message_thread_id, sent.is_topic_message, sent.chat.is_forum) == (thread, True, True)
    await new_updates(bot)
    await olivia.within(number, topic=thread).says("/digest")
    (update,) = await new_updates(bot)
    assert update.message
    assert update.message.message_thread_id == thread
    with pytest.raises(BadRequest, match=r"Message thread not found"):
        await bot.send_message(number, "x", message_thread_id=999)


async def test_a_closed_topic_takes_messages_of_administrators_only(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales", topics=True)
    thread = (await olivia.changes_group(number, "topics", name="Digests"))["message_thread_id"]
    await olivia.changes_group(number, "topics", message_thread_id=thread, closed=True)
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await bot.send_message(number, "x", message_thread_id=thread)
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await bot.send_message(number, "x", reply_to_message_id=thread)
    await olivia.changes_group(number, "bot", status="administrator")
    await bot.send_message(number, "x", message_thread_id=thread)


async def test_a_closed_topic_and_a_group_that_moved_on_take_no_words_of_members(olivia: Person, max_: Person) -> None:
    number = await olivia.makes_group("Sales", topics=True)
    await olivia.changes_group(number, "members", member_id=MAX)
    thread = (await olivia.changes_group(number, "topics", name="Digests"))["message_thread_id"]
    await olivia.changes_group(number, "topics", message_thread_id=thread, closed=True)
    with pytest.raises(AssertionError, match=r"This topic is closed"):
        await max_.within(number, topic=thread).says("x")
    basic = await olivia.makes_group("Basic", supergroup=False)
    await olivia.changes_group(basic, "migrate")
    with pytest.raises(AssertionError, match=r"This group is a supergroup now"):
        await olivia.within(basic).says("x")


async def test_a_group_that_became_a_supergroup_names_its_new_number(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales", supergroup=False)
    await new_updates(bot)
    after = (await olivia.changes_group(number, "migrate"))["id"]
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(number, "x")
    assert moved.value.new_chat_id == after
    old, new = [update.message for update in await new_updates(bot) if update.message]
    assert (old.migrate_to_chat_id, new.migrate_from_chat_id) == (after, number)
    assert (await bot.send_message(after, "x")).chat.type == "supergroup"


async def test_a_group_may_become_a_supergroup_under_a_call(sandbox: Sandbox, bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales", supergroup=False)
    sandbox.faults.arm("migrate", chat_id=number)
    with pytest.raises(ChatMigrated):
        await bot.send_message(number, "x")


async def test_what_others_wrote_in_a_group_is_not_the_bots_to_delete(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales")
    message = await olivia.within(number).says("/mine")
    with pytest.raises(BadRequest, match=r"Message can't be deleted"):
        await bot.delete_message(number, message.id)


async def test_a_tap_in_a_group_is_answered(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales")
    await bot.send_message(number, "Card", reply_markup=_TAP)
    await new_updates(bot)
    group = olivia.within(number)
    await group.taps("Tap")
    (update,) = await new_updates(bot)
    assert update.callback_query
    assert update.callback_query.message
    assert update.callback_query.message.chat.id == number
    await bot.answer_callback_query(update.callback_query.id, "Done", url="https://t.me/gangway_sandbox_bot?start=x")
    assert (await group.is_told()).text == "Done"
    with pytest.raises(BadRequest, match=r"Query is too old"):
        await bot.answer_callback_query(update.callback_query.id)
    with pytest.raises(BadRequest, match=r"(?i)url_invalid"):
        await bot.answer_callback_query(update.callback_query.id, url="https://example.org/")


async def test_somebody_outside_a_group_taps_nothing_there(bot: Bot, olivia: Person, max_: Person) -> None:
    number = await olivia.makes_group("Sales")
    await bot.send_message(number, "Card", reply_markup=_TAP)
    with pytest.raises(AssertionError, match=r"Only members can write in a group"):
        await max_.within(number).taps("Tap")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("groups", {"person_id": OLIVIA, "title": " "}, 400),
        ("groups", {"person_id": 99, "title": "Sales"}, 404),
        ("groups/-1/migrate", {}, 404),
        ("groups/{group}/bot", {"person_id": OLIVIA, "status": "king"}, 400),
        ("groups/{group}/migrate", {}, 409),
        ("groups/{group}/topics", {"person_id": OLIVIA, "name": "Digests"}, 409),
        ("groups/{group}/topics", {"person_id": OLIVIA, "message_thread_id": 77}, 409),
        ("people/1001/messages", {"text": "x", "chat_id": MAX}, 404),
        ("people/1001/messages", {"text": "x", "chat_id": 77}, 404),
        ("people/1001/messages", {"text": "x", "reply_to_message_id": 77}, 404),
        ("people/1001/messages", {"text": "x", "chat_id": "{group}", "message_thread_id": 77}, 409),
        ("people/1001/choices", {"query_id": "1", "result_id": "1"}, 409),
    ],
)
async def test_a_wrong_act_of_the_page_is_refused(
    sandbox: Sandbox, http: ClientSession, olivia: Person, path: str, body: dict[str, Any], status: int
) -> None:
    group = await olivia.makes_group("Sales")
    body = {name: group if value == "{group}" else value for name, value in body.items()}
    async with http.post(f"{sandbox.url}/api/{path.format(group=group)}", json=body) as response:
        assert (response.status, "error" in await response.json()) == (status, True)
