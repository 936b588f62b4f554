"""Inline mode, as an unmodified python-telegram-bot sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.error import BadRequest

from tests.support.sandbox_fixture import new_updates

if TYPE_CHECKING:
    from aiohttp import ClientSession

    from bot.sandbox import Sandbox
    from tests.support.chat import Person

_TAP = InlineKeyboardMarkup([[InlineKeyboardButton("Tap", callback_data="tap")]])


def _article(number: str, **more: Any) -> InlineQueryResultArticle:  # noqa: ANN401 - fields of the article
    content = InputTextMessageContent(f"<b>Card {number}</b>", parse_mode="HTML")
    return InlineQueryResultArticle(number, f"Card {number}", content, **more)


async def _ask(olivia: Person, http: ClientSession, sandbox: Sandbox, words: str) -> str:
    async with http.post(f"{sandbox.url}/api/people/{olivia.id}/queries", json={"text": words}) as response:
        query_id: str = (await response.json())["query_id"]
        return query_id


async def test_a_result_is_offered_chosen_and_edited(
    bot: Bot, olivia: Person, sandbox: Sandbox, http: ClientSession
) -> None:
    number = await olivia.makes_group("Sales")
    await new_updates(bot)
    group = olivia.within(number)
    query_id = await _ask(olivia, http, sandbox, "autumn")
    (update,) = await new_updates(bot)
    assert update.inline_query
    assert (update.inline_query.query, update.inline_query.id) == ("autumn", query_id)
    await bot.answer_inline_query(query_id, [_article("1", reply_markup=_TAP, description="20 of 50")], cache_time=60)
    (result,) = await group.queries("autumn")  # from the cache: the bot isn't asked again
    assert (result.title, result.description) == ("Card 1", "20 of 50")
    sent = await group.chooses(result)
    message, chosen = await new_updates(bot)
    assert message.message
    assert message.message.via_bot
    assert chosen.chosen_inline_result
    assert (sent.text, sent.labels) == ("Card 1", ("Tap",))
    inline_id = chosen.chosen_inline_result.inline_message_id
    assert await bot.edit_message_text("Changed", inline_message_id=inline_id) is True
    assert (await group.messages())[-1].text == "Changed"


async def test_a_tap_under_an_inline_message_names_it(
    bot: Bot, olivia: Person, sandbox: Sandbox, http: ClientSession
) -> None:
    await bot.answer_inline_query(await _ask(olivia, http, sandbox, ""), [_article("1", reply_markup=_TAP)])
    await olivia.chooses((await olivia.queries(""))[0])
    await olivia.taps("Tap")
    query = (await new_updates(bot))[-1].callback_query
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
    bot: Bot,
    olivia: Person,
    sandbox: Sandbox,
    http: ClientSession,
    results: list[Any],
    button: InlineQueryResultsButton | None,
    words: str,
) -> None:
    query_id = await _ask(olivia, http, sandbox, "x")
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.answer_inline_query(query_id, results, button=button)


async def test_a_query_is_answered_once(bot: Bot, olivia: Person, sandbox: Sandbox, http: ClientSession) -> None:
    query_id = await _ask(olivia, http, sandbox, "x")
    await bot.answer_inline_query(query_id, [])
    with pytest.raises(BadRequest, match=r"Query is too old and response timeout expired or query id is invalid"):
        await bot.answer_inline_query(query_id, [])


async def test_an_inline_message_that_is_not_there_is_not_edited(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)message_id_invalid"):
        await bot.edit_message_text("x", inline_message_id="?")
