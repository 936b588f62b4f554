"""Whoever waits long for an answer sees that it is being made."""

import asyncio

import pytest
from telegram import Bot

from bot.sandbox import Sandbox
from bot.sending import typing_indicator
from tests.support.bot_fixture import OWNER
from tests.support.patience import PATIENCE


def shown(sandbox: Sandbox) -> int:
    return sum(call.method == "sendChatAction" for call in sandbox.calls)


async def test_what_takes_long_is_shown_as_being_made_again_and_again(sandbox: Sandbox, bot: Bot) -> None:
    async with asyncio.timeout(PATIENCE), typing_indicator.shown(bot, OWNER, at_first_after=0.01, again_after=0.01):
        while shown(sandbox) < 3:
            await asyncio.sleep(0.01)


async def test_nothing_is_shown_of_what_is_there_at_once_and_nothing_goes_on(sandbox: Sandbox, bot: Bot) -> None:
    before = asyncio.all_tasks()
    async with typing_indicator.shown(bot, OWNER, at_first_after=0.05, again_after=0.01):
        pass
    assert asyncio.all_tasks() == before
    assert shown(sandbox) == 0


async def test_work_goes_on_where_it_cannot_be_shown(sandbox: Sandbox, bot: Bot) -> None:
    async with typing_indicator.shown(bot, 4321, at_first_after=0.0, again_after=0.01):
        async with asyncio.timeout(PATIENCE):
            while shown(sandbox) < 2:
                await asyncio.sleep(0.01)
    async with typing_indicator.shown(bot, None, at_first_after=0.0, again_after=0.01):
        pass


async def test_what_fails_fails_as_it_would_without(bot: Bot) -> None:
    with pytest.raises(ConnectionError):
        async with typing_indicator.shown(bot, OWNER, at_first_after=0.0, again_after=0.01):
            raise ConnectionError
