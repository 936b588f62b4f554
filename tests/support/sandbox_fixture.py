"""A sandbox of one's own: a bot and people who act in it, for tests of the sandbox itself.

In `town` the real bot is at work; here a test makes the bot's calls.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession
from telegram import Bot, Update
from telegram.ext import Application, ApplicationBuilder, BaseHandler

from bot.sandbox import SANDBOX_TOKEN, Sandbox
from bot.sending.http_client import http_client
from tests.support.chat import Person
from tests.support.patience import PATIENCE

OLIVIA, MAX, NINA = 1001, 1002, 1003


@asynccontextmanager
async def running(sandbox: Sandbox) -> AsyncIterator[Sandbox]:
    """Run a sandbox."""
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.stop()


@asynccontextmanager
async def bot_of(sandbox: Sandbox, token: str = SANDBOX_TOKEN) -> AsyncIterator[Bot]:
    """Connect an unmodified bot to a sandbox."""
    api, files = f"{sandbox.url}/bot", f"{sandbox.url}/file/bot"
    calls, polls = http_client(connections=256, read_timeout=PATIENCE), http_client()
    async with Bot(token, base_url=api, base_file_url=files, request=calls, get_updates_request=polls) as bot:
        yield bot


@asynccontextmanager
async def polling(sandbox: Sandbox, *handlers: BaseHandler[Any, Any, Any]) -> AsyncIterator[Bot]:
    """Run an unmodified bot that polls a sandbox and answers as these handlers do."""
    builder = ApplicationBuilder().token(SANDBOX_TOKEN)
    application: Application[Any, Any, Any, Any, Any, Any] = (
        builder.base_url(f"{sandbox.url}/bot").base_file_url(f"{sandbox.url}/file/bot").build()
    )
    application.add_handlers(handlers)
    async with application:
        assert application.updater
        await application.updater.start_polling()
        await application.start()
        try:
            yield application.bot
        finally:
            await application.updater.stop()
            await application.stop()


async def new_updates(bot: Bot) -> tuple[Update, ...]:
    """Take the updates that wait, and confirm them."""
    updates = await bot.get_updates()
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox with its three people, to whom nothing has happened yet."""
    async with running(Sandbox(port=0)) as sandbox:
        yield sandbox


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    """The sandbox's bot, which does only what a test makes it do."""
    async with bot_of(sandbox) as bot:
        yield bot


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    """What people and tests send their own requests with."""
    async with ClientSession() as http:
        yield http


@pytest.fixture
def olivia(sandbox: Sandbox, http: ClientSession) -> Person:
    """Olivia, who hasn't met the bot."""
    return Person(http, sandbox.url, OLIVIA)


@pytest.fixture
def max_(sandbox: Sandbox, http: ClientSession) -> Person:
    """Max, who hasn't met the bot."""
    return Person(http, sandbox.url, MAX)


@pytest.fixture
async def friend(olivia: Person) -> Person:
    """Olivia, who pressed Start."""
    await olivia.says("/start")
    return olivia
