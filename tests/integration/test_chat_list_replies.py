"""Replies to the questions for lists of people: each is for the question it replies to."""

from collections.abc import AsyncIterator

import pytest

from core.engine import Engine
from tests.support.account import Office
from tests.support.bot_fixture import OWNER, Town, open_town
from tests.support.clock import Clock
from tests.support.router_fixture import BOT, Counter


@pytest.fixture
async def town(engine: Engine, office: Office) -> AsyncIterator[Town]:  # noqa: ARG001 - its account is what the owner opens
    async with open_town(engine) as running:
        await running.owner.asks("/start")
        yield running


def question_of_bot(text: str, *data: str) -> dict[str, object]:
    """A screen of the bot as Telegram quotes it in a reply, with buttons that carry the data."""
    own = {"id": OWNER, "type": "private", "first_name": "Olivia"}
    keyboard = {"inline_keyboard": [[{"text": "A button", "callback_data": each}] for each in data]}
    screen = {"message_id": 7, "date": 1_700_000_000, "chat": own, "from": BOT, "text": text}
    return {**screen, "reply_markup": keyboard}


async def test_a_reply_to_a_question_is_the_list_of_that_question_and_not_of_the_newest(
    town: Town, office: Office
) -> None:
    await office.profile()
    await office.profile(name="Second")
    first = await town.owner.asks("/expect 1")
    await town.owner.asks("/expect 2")
    said = await town.owner.says("Anna Berzina, anna@example.com", reply_to=first)
    await town.owner.reads("For Autumn sales. Nothing is kept yet.", after=said)


async def test_a_reply_to_the_question_of_a_department_is_its_list(town: Town, office: Office) -> None:
    await office.profile()
    await town.owner.asks("/adddepartment Sales")
    first = await town.owner.asks("/expect Sales")
    await town.owner.asks("/expect 1")
    said = await town.owner.says("Anna Berzina, anna@example.com", reply_to=first)
    await town.owner.reads("For Sales. Nothing is kept yet.", after=said)


async def test_a_reply_to_a_question_that_was_asked_too_long_ago_is_nobodys_list(
    town: Town, office: Office, clock: Clock
) -> None:
    await office.profile()
    await office.profile(name="Second")
    first = await town.owner.asks("/expect 1")
    clock.advance(hours=2)
    await town.owner.asks("/expect 2")
    said = await town.owner.says("Anna Berzina, anna@example.com", reply_to=first)
    await town.owner.reads("I can't tell any more whose list that is.", after=said)


async def test_a_reply_to_a_question_whose_buttons_are_not_known_is_nobodys_list(office: Office) -> None:
    await office.profile()
    counter = Counter(office.engine)
    question = await counter.line(OWNER, "/expect 1")
    screen = question_of_bot(question)
    answer = await counter.message(OWNER, "Anna Berzina, anna@example.com", {"reply_to_message": screen})
    assert answer.startswith("I can't tell any more whose list that is.")


async def test_a_reply_to_the_question_is_a_list_although_another_screen_came_between(office: Office) -> None:
    await office.profile()
    counter = Counter(office.engine)
    question = await counter.line(OWNER, "/expect 1")
    await counter.line(OWNER, "/menu")
    screen = question_of_bot(question, "profile:1")
    text = "Anna Berzina, anna@example.com"
    assert "Nothing is kept yet." in await counter.message(OWNER, text, {"reply_to_message": screen})


@pytest.mark.parametrize(("line", "other"), [("/send 1", "/expect 1"), ("/expect 1", "/send 1")])
async def test_a_reply_tells_the_people_of_a_link_from_those_who_are_expected(
    office: Office, line: str, other: str
) -> None:
    await office.profile()
    counter = Counter(office.engine)
    screen = question_of_bot(await counter.line(OWNER, line), "profile:1")
    await counter.line(OWNER, other)
    answer = await counter.message(OWNER, "Anna Berzina, anna@example.com", {"reply_to_message": screen})
    assert f"Nothing is {'sent' if line == '/send 1' else 'kept'} yet." in answer


async def test_a_reply_that_names_nobody_is_no_list(office: Office) -> None:
    await office.profile()
    counter = Counter(office.engine)
    screen = question_of_bot(await counter.line(OWNER, "/expect 1"), "profile:1")
    await counter.line(OWNER, "/menu")
    assert "Nothing is kept yet." not in await counter.message(OWNER, "thanks", {"reply_to_message": screen})
