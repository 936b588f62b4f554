"""The bot, wired: python-telegram-bot for the protocol, the desk for the answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    BaseUpdateProcessor,
    CallbackQueryHandler,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot.desk import Desk

AT_ONCE = 64
Bot = Application[Any, Any, Any, Any, Any, Any]


def build_application(desk: Desk, *, token: str, api_url: str, on_poll: Callable[[], Awaitable[None]]) -> Bot:
    """Build the bot for a token at a Bot API server; `on_poll` is awaited after each poll that was answered."""
    application: Bot = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .get_updates_request(_WatchedRequest(on_poll))
        .concurrent_updates(_InOrderPerChat(AT_ONCE))
        .job_queue(None)
        .build()
    )
    application.add_handler(MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE, desk.on_message))
    application.add_handler(CallbackQueryHandler(desk.on_tap))
    application.add_error_handler(desk.on_error)
    return application


class _WatchedRequest(HTTPXRequest):
    """Tells of every answered poll: `Updater.running` stays true even when polling has ended for good."""

    def __init__(self, on_poll: Callable[[], Awaitable[None]]) -> None:
        super().__init__(connection_pool_size=2)
        self._on_poll = on_poll

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 - handed through
        status, body = await super().do_request(*args, **kwargs)
        if status == 200:  # noqa: PLR2004 - HTTP's OK
            await self._on_poll()
        return status, body


class _InOrderPerChat(BaseUpdateProcessor):
    """Handles chats side by side, and the updates of one chat one after another."""

    def __init__(self, at_once: int) -> None:
        super().__init__(at_once)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        chat = update.effective_chat if isinstance(update, Update) else None
        lock = self._locks.setdefault(chat.id if chat else 0, asyncio.Lock())
        async with lock:
            await coroutine

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""
