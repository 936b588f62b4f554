"""How long callback queries, inline queries and their results are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.actions.buttons import tap_button
from bot.sandbox.actions.destination import Destination
from bot.sandbox.actions.inline import send_query
from bot.sandbox.actions.messages import send_text
from bot.sandbox.api.dispatcher import Dispatcher
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.call import Call
from bot.sandbox.rules.error_messages import QUERY_TOO_OLD
from bot.sandbox.world.callback_queries import CALLBACK_QUERY_SECONDS
from bot.sandbox.world.inline_queries import INLINE_QUERY_SECONDS
from bot.sandbox.world.store import Store
from bot.sandbox.world.webhook_settings import DeliveryOptions
from bot.sandbox.world.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def clock() -> list[float]:
    return [1_000_000.0]


@pytest.fixture
def world(clock: list[float]) -> Iterator[World]:
    bot = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "some_bot"}
    world = World(
        Store(None), bot=bot, owner_id=1001, clock=lambda: clock[0], repeats=lambda: False, delivery=DeliveryOptions()
    )
    yield world
    world.store.close()


async def _refused(world: World, method: str, **parameters: object) -> str:
    with pytest.raises(ApiError) as refusal:
        await Dispatcher(world).dispatch(Call(method=method, parameters=parameters), [])
    return refusal.value.description


async def test_a_late_answer_to_a_tap_is_refused(world: World, clock: list[float]) -> None:
    olivia = world.people[1001]
    query_id = tap_button(world, olivia, send_text(world, olivia, "/start"), "x")
    clock[0] += CALLBACK_QUERY_SECONDS + 1
    assert await _refused(world, "answerCallbackQuery", callback_query_id=query_id) == QUERY_TOO_OLD


async def test_a_late_answer_to_an_inline_query_is_refused(world: World, clock: list[float]) -> None:
    olivia = world.people[1001]
    query_id = send_query(world, olivia, Destination(chat=olivia), "autumn", "")
    clock[0] += INLINE_QUERY_SECONDS + 1
    assert await _refused(world, "answerInlineQuery", inline_query_id=query_id, results=[]) == QUERY_TOO_OLD


@pytest.mark.parametrize(("personal", "asked_again"), [(True, True), (False, False)])
async def test_results_are_kept_for_others_unless_they_are_personal(
    world: World, *, personal: bool, asked_again: bool
) -> None:
    olivia, other = world.people[1001], world.people[1002]
    answer = {
        "inline_query_id": send_query(world, olivia, Destination(chat=olivia), "x", ""),
        "results": [],
        "cache_time": 300,
    }
    await Dispatcher(world).dispatch(
        Call(method="answerInlineQuery", parameters={**answer, "is_personal": personal}), []
    )
    waiting = world.updates.count
    send_query(world, other, Destination(chat=other), "x", "")
    assert (world.updates.count > waiting) is asked_again


async def test_results_are_kept_for_their_time_only(world: World, clock: list[float]) -> None:
    olivia = world.people[1001]
    answer = {
        "inline_query_id": send_query(world, olivia, Destination(chat=olivia), "x", ""),
        "results": [],
        "cache_time": 300,
    }
    await Dispatcher(world).dispatch(Call(method="answerInlineQuery", parameters=answer), [])
    clock[0] += 301
    waiting = world.updates.count
    send_query(world, olivia, Destination(chat=olivia), "x", "")
    assert world.updates.count == waiting + 1
