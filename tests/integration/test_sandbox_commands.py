"""The bot's commands, by scope and language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
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
)
from telegram.error import BadRequest

from tests.support.sandbox_fixture import NINA, OLIVIA

if TYPE_CHECKING:
    from aiohttp import ClientSession

    from bot.sandbox import Sandbox
    from tests.support.chat import Person


async def test_commands_are_offered_by_language(sandbox: Sandbox, bot: Bot, http: ClientSession) -> None:
    await bot.set_my_commands([BotCommand("help", "What I can do")])
    await bot.set_my_commands([BotCommand("help", "Что я умею")], language_code="ru")
    body = {"name": "Рита Новая", "language_code": "ru"}
    async with http.post(f"{sandbox.url}/api/people", json=body) as response:
        rita = (await response.json())["id"]
    offered = {}
    for person in (OLIVIA, rita):
        async with http.get(f"{sandbox.url}/api/commands", params={"person": person}) as response:
            offered[person] = (await response.json())["commands"][0]["description"]
    assert offered == {OLIVIA: "What I can do", rita: "Что я умею"}


async def test_the_narrowest_commands_win(bot: Bot, olivia: Person, sandbox: Sandbox, http: ClientSession) -> None:
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
    for scope in scopes:
        await bot.set_my_commands([BotCommand("help", type(scope).__name__)], scope=scope)
        for person, chat in ((OLIVIA, OLIVIA), (OLIVIA, number), (NINA, number)):
            params = {"person": person, "chat_id": chat}
            async with http.get(f"{sandbox.url}/api/commands", params=params) as response:
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


async def test_commands_are_taken_back(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("help", "x")])
    assert [command.command for command in await bot.get_my_commands()] == ["help"]
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
