"""Groups, topics and inline mode, as an unmodified python-telegram-bot sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
    BotCommandScopeDefault,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputMediaDocument,
    InputTextMessageContent,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.sandbox import SANDBOX_TOKEN, Sandbox
from tests.support.chat import Person

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

OLIVIA, MAX, NINA = 1001, 1002, 1003
_TAP = InlineKeyboardMarkup([[InlineKeyboardButton("Tap", callback_data="tap")]])


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    started = Sandbox(port=0)
    await started.start()
    yield started
    await started.stop()


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with Bot(SANDBOX_TOKEN, base_url=f"{sandbox.url}/bot") as connected:
        yield connected


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
def olivia(sandbox: Sandbox, session: ClientSession) -> Person:
    return Person(session, sandbox.url, OLIVIA)


@pytest.fixture
def max_(sandbox: Sandbox, session: ClientSession) -> Person:
    return Person(session, sandbox.url, MAX)


async def _new(bot: Bot) -> tuple[Update, ...]:
    """Take the updates that wait, and confirm them."""
    updates = await bot.get_updates()
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


async def _heard(bot: Bot) -> list[str | None]:
    return [update.message.text for update in await _new(bot) if update.message]


async def test_the_bot_learns_that_it_was_added(bot: Bot, olivia: Person) -> None:
    group = await olivia.makes_group("Sales")
    added, service = await _new(bot)
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
    await _new(bot)
    mine = await bot.send_message(number, "Digest")
    (seen,) = [message for message in await group.messages() if message.id == mine.message_id]
    for text in ("hello all", "/digest", "/digest@other_bot", "/digest@gangway_sandbox_bot", "@gangway_sandbox_bot?"):
        await group.says(text)
    await group.says("thanks", reply_to=seen)
    assert await _heard(bot) == ["/digest", "/digest@gangway_sandbox_bot", "@gangway_sandbox_bot?", "thanks"]


async def test_an_administrator_hears_everything(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales")
    await olivia.changes_group(number, "bot", status="administrator")
    await _new(bot)
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
    with pytest.raises(AssertionError, match=r"Only members write in a group"):
        await max_.within(number).says("still here")
    with pytest.raises(BadRequest, match=r"(?i)participant_id_invalid"):
        await bot.get_chat_member(number, 99)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("kicked", "bot was kicked from the supergroup chat"),
        ("left", "bot is not a member of the supergroup chat"),
    ],
)
async def test_who_put_the_bot_out_gets_nothing(bot: Bot, olivia: Person, status: str, words: str) -> None:
    number = await olivia.makes_group("Sales")
    await _new(bot)
    await olivia.changes_group(number, "bot", status=status)
    (told,) = [update.my_chat_member for update in await _new(bot) if update.my_chat_member]
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


async def test_topics_keep_their_own_messages(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales", topics=True)
    thread = (await olivia.changes_group(number, "topics", name="Digests"))["message_thread_id"]
    sent = await bot.send_message(number, "In the topic", message_thread_id=thread)
    assert (sent.message_thread_id, sent.is_topic_message, sent.chat.is_forum) == (thread, True, True)
    await _new(bot)
    await olivia.within(number, topic=thread).says("/digest")
    (update,) = await _new(bot)
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


async def test_a_group_that_became_a_supergroup_names_its_new_number(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales", supergroup=False)
    await _new(bot)
    after = (await olivia.changes_group(number, "migrate"))["id"]
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(number, "x")
    assert moved.value.new_chat_id == after
    old, new = [update.message for update in await _new(bot) if update.message]
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
    await _new(bot)
    group = olivia.within(number)
    await group.taps("Tap")
    (update,) = await _new(bot)
    assert update.callback_query
    assert update.callback_query.message
    assert update.callback_query.message.chat.id == number
    await bot.answer_callback_query(update.callback_query.id, "Done", url="https://t.me/gangway_sandbox_bot?start=x")
    assert (await group.is_told()).text == "Done"
    with pytest.raises(BadRequest, match=r"Query is too old"):
        await bot.answer_callback_query(update.callback_query.id)
    with pytest.raises(BadRequest, match=r"(?i)url_invalid"):
        await bot.answer_callback_query(update.callback_query.id, url="https://example.org/")


def _article(number: str, **more: Any) -> InlineQueryResultArticle:  # noqa: ANN401 - fields of the article
    content = InputTextMessageContent(f"<b>Card {number}</b>", parse_mode="HTML")
    return InlineQueryResultArticle(number, f"Card {number}", content, **more)


async def _ask(olivia: Person, session: ClientSession, sandbox: Sandbox, words: str) -> str:
    async with session.post(f"{sandbox.url}/api/people/{olivia.id}/queries", json={"text": words}) as response:
        query_id: str = (await response.json())["query_id"]
        return query_id


async def test_a_result_is_offered_chosen_and_edited(bot: Bot, olivia: Person, sandbox: Sandbox) -> None:
    number = await olivia.makes_group("Sales")
    await _new(bot)
    group = olivia.within(number)
    async with ClientSession() as session:
        query_id = await _ask(olivia, session, sandbox, "autumn")
    (update,) = await _new(bot)
    assert update.inline_query
    assert (update.inline_query.query, update.inline_query.id) == ("autumn", query_id)
    await bot.answer_inline_query(query_id, [_article("1", reply_markup=_TAP, description="20 of 50")], cache_time=60)
    (result,) = await group.queries("autumn")  # from the cache: the bot isn't asked again
    assert (result.title, result.description) == ("Card 1", "20 of 50")
    sent = await group.chooses(result)
    message, chosen = await _new(bot)
    assert message.message
    assert message.message.via_bot
    assert chosen.chosen_inline_result
    assert (sent.text, sent.labels) == ("Card 1", ("Tap",))
    inline_id = chosen.chosen_inline_result.inline_message_id
    assert await bot.edit_message_text("Changed", inline_message_id=inline_id) is True
    assert (await group.messages())[-1].text == "Changed"


async def test_a_tap_under_an_inline_message_names_it(bot: Bot, olivia: Person, sandbox: Sandbox) -> None:
    async with ClientSession() as session:
        await bot.answer_inline_query(await _ask(olivia, session, sandbox, ""), [_article("1", reply_markup=_TAP)])
    await olivia.chooses((await olivia.queries(""))[0])
    await olivia.taps("Tap")
    query = (await _new(bot))[-1].callback_query
    assert query
    assert (query.message, bool(query.inline_message_id)) == (None, True)


@pytest.mark.parametrize(
    ("results", "button", "words"),
    [
        ([_article(str(number)) for number in range(51)], None, "RESULTS_TOO_MUCH"),
        ([_article("1"), _article("1")], None, "RESULT_ID_DUPLICATE"),
        ([_article("x" * 65)], None, "RESULT_ID_INVALID"),
        ([], InlineQueryResultsButton("Sign up", start_parameter="no spaces"), "START_PARAM_INVALID"),
        ([], InlineQueryResultsButton("Sign up"), "exactly one of web_app and start_parameter"),
    ],
)
async def test_wrong_results_are_refused(
    bot: Bot, olivia: Person, sandbox: Sandbox, results: list[Any], button: InlineQueryResultsButton | None, words: str
) -> None:
    async with ClientSession() as session:
        query_id = await _ask(olivia, session, sandbox, "x")
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.answer_inline_query(query_id, results, button=button)


async def test_a_query_is_answered_once(bot: Bot, olivia: Person, sandbox: Sandbox) -> None:
    async with ClientSession() as session:
        query_id = await _ask(olivia, session, sandbox, "x")
    await bot.answer_inline_query(query_id, [])
    with pytest.raises(BadRequest, match=r"Query is too old and response timeout expired or query id is invalid"):
        await bot.answer_inline_query(query_id, [])


async def test_a_document_is_replaced(bot: Bot, olivia: Person) -> None:
    await olivia.starts("inv_42")
    sent = await bot.send_document(OLIVIA, b"old", filename="old.txt")
    await bot.edit_message_media(InputMediaDocument(b"new", filename="new.txt", caption="Newer"), OLIVIA, sent.id)
    shown = (await olivia.messages())[-1]
    assert (shown.raw["document"]["file_name"], shown.text, await olivia.downloads(shown)) == (
        "new.txt",
        "Newer",
        b"new",
    )


@pytest.mark.parametrize("code", ["no spaces", "x" * 65])
async def test_a_wrong_start_code_is_no_deep_link(olivia: Person, code: str) -> None:
    with pytest.raises(AssertionError, match=r"A start code is 1-64"):
        await olivia.starts(code)


async def test_the_narrowest_commands_win(bot: Bot, olivia: Person, sandbox: Sandbox) -> None:
    await olivia.says("/start")
    number = await olivia.makes_group("Sales")
    await olivia.changes_group(number, "members", member_id=NINA)
    scopes: list[BotCommandScope] = [
        BotCommandScopeDefault(),
        BotCommandScopeAllPrivateChats(),
        BotCommandScopeAllGroupChats(),
        BotCommandScopeAllChatAdministrators(),
        BotCommandScopeChat(number),
        BotCommandScopeChatAdministrators(number),
        BotCommandScopeChatMember(number, NINA),
        BotCommandScopeChat(OLIVIA),
    ]
    seen = []
    async with ClientSession() as session:
        for scope in scopes:
            await bot.set_my_commands([BotCommand("help", type(scope).__name__)], scope=scope)
            for person, chat in ((OLIVIA, OLIVIA), (OLIVIA, number), (NINA, number)):
                params = {"person": person, "chat_id": chat}
                async with session.get(f"{sandbox.url}/api/commands", params=params) as response:
                    seen.append((await response.json())["commands"][0]["description"].removeprefix("BotCommandScope"))
    assert [seen[at : at + 3] for at in range(0, len(seen), 3)] == [
        ["Default", "Default", "Default"],
        ["AllPrivateChats", "Default", "Default"],
        ["AllPrivateChats", "AllGroupChats", "AllGroupChats"],
        ["AllPrivateChats", "AllChatAdministrators", "AllGroupChats"],
        ["AllPrivateChats", "Chat", "Chat"],
        ["AllPrivateChats", "ChatAdministrators", "Chat"],
        ["AllPrivateChats", "ChatAdministrators", "ChatMember"],
        ["Chat", "ChatAdministrators", "ChatMember"],
    ]


async def test_commands_of_a_chat_that_is_not_there_are_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"Chat not found"):
        await bot.set_my_commands([BotCommand("help", "x")], scope=BotCommandScopeChat(77))
    with pytest.raises(BadRequest, match=r"Invalid language code specified"):
        await bot.set_my_commands([BotCommand("help", "x")], language_code="eng")


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
    sandbox: Sandbox, session: ClientSession, olivia: Person, path: str, body: dict[str, Any], status: int
) -> None:
    group = await olivia.makes_group("Sales")
    body = {name: group if value == "{group}" else value for name, value in body.items()}
    async with session.post(f"{sandbox.url}/api/{path.format(group=group)}", json=body) as response:
        assert (response.status, "error" in await response.json()) == (status, True)


async def test_what_is_so_already_tells_the_bot_nothing(bot: Bot, olivia: Person) -> None:
    number = await olivia.makes_group("Sales")
    await _new(bot)
    await olivia.changes_group(number, "members")
    await olivia.changes_group(number, "members", member_id=MAX, present=False)
    await olivia.changes_group(number, "bot", status="member")
    assert await _new(bot) == ()


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


async def test_somebody_outside_a_group_taps_nothing_there(bot: Bot, olivia: Person, max_: Person) -> None:
    number = await olivia.makes_group("Sales")
    await bot.send_message(number, "Card", reply_markup=_TAP)
    with pytest.raises(AssertionError, match=r"Only members write in a group"):
        await max_.within(number).taps("Tap")


async def test_a_file_sent_into_a_group_stays_unheard_unless_it_concerns_the_bot(bot: Bot, olivia: Person) -> None:
    group = olivia.within(await olivia.makes_group("Sales"))
    await _new(bot)
    await group.sends("people.csv", b"a@example.org")
    await group.sends("again.csv", b"a@example.org", caption="/import")
    assert [update.message.caption for update in await _new(bot) if update.message] == ["/import"]


async def test_a_private_chat_has_members_but_no_administrators(bot: Bot, olivia: Person) -> None:
    await olivia.says("/start")
    assert await bot.get_chat_member_count(OLIVIA) == 2
    assert (await bot.get_chat_member(OLIVIA, MAX)).status == "left"
    with pytest.raises(BadRequest, match=r"There are no administrators in the private chat"):
        await bot.get_chat_administrators(OLIVIA)
    with pytest.raises(BadRequest, match=r"Chat member status can't be changed in private chats"):
        await bot.leave_chat(OLIVIA)


async def test_an_inline_message_that_is_not_there_is_not_edited(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)message_id_invalid"):
        await bot.edit_message_text("x", inline_message_id="?")


async def test_commands_are_taken_back(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("help", "x")])
    assert [command.command for command in await bot.get_my_commands()] == ["help"]
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
