"""Delivers updates to the bot's webhook: in order within a chat, chats in parallel, with retries."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.sandbox.world.webhook_settings import DeliveryOptions, WebhookSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.world.store import Store
    from bot.sandbox.world.update_queue import UpdateQueue


_LONGEST_DELAY = 60.0
_KIND, _KEY = "setting", "webhook"
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_TELEGRAM_IP = "149.154.167.220"
_SUCCESS = range(200, 300)
_UNREACHABLE = "Failed to resolve host: Name or service not known"
_REFUSED = "Connection refused"
_TIMEOUT = "Read timeout expired"


class Webhook:
    """Posts the pending updates, with one worker for each chat."""

    def __init__(
        self, updates: UpdateQueue, store: Store, clock: Callable[[], float], delivery: DeliveryOptions
    ) -> None:
        self._updates = updates
        self._store = store
        self._clock = clock
        self._delivery = delivery
        self._settings = WebhookSettings(**(store.get(_KIND, _KEY) or {}))
        self._error: dict[str, Any] = {}
        self._workers: dict[int, asyncio.Task[None]] = {}
        self._session: ClientSession | None = None
        self._connections = asyncio.Semaphore(self._settings.max_connections)

    @property
    def is_set(self) -> bool:
        """Whether updates go to a webhook rather than to getUpdates."""
        return bool(self._settings.url)

    def info(self) -> dict[str, Any]:
        """Return Telegram's WebhookInfo, without the fields about the queue."""
        about = {"url": self._settings.url, "has_custom_certificate": False}
        return about | ({"max_connections": self._settings.max_connections, **self._error} if self.is_set else {})

    async def change(self, **settings: Any) -> None:  # noqa: ANN401 - fields of WebhookSettings
        """Change the settings; without any, delete the webhook."""
        await self._stop_workers()
        self._settings = replace(WebhookSettings(), **settings)
        self._error = {}
        self._connections = asyncio.Semaphore(self._settings.max_connections)
        with self._store.transaction():
            self._store.put(_KIND, _KEY, asdict(self._settings))
        self.start_workers()

    def start(self) -> None:
        """Start to deliver, with the pending updates first."""
        self._session = ClientSession()
        self._updates.on_added = self.start_workers
        self.start_workers()

    async def stop(self) -> None:
        """Stop delivering; pending updates stay in the store."""
        self._updates.on_added = _nothing
        session, self._session = self._session, None
        await self._stop_workers()
        if session:
            await session.close()

    async def _stop_workers(self) -> None:
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        self._workers.clear()

    def start_workers(self) -> None:
        """Start a worker for every chat with pending updates that has none."""
        if not self.is_set or self._session is None:
            return
        for update in self._updates.pending():
            chat = chat_of(update)
            if chat not in self._workers:
                self._workers[chat] = asyncio.create_task(self._deliver_chat(chat, self._session))

    async def _deliver_chat(self, chat: int, session: ClientSession) -> None:
        delay = self._delivery.first_delay
        while (update := self._next(chat)) is not None:
            async with self._connections:
                error = await self._post(update, session)
            if error is None:
                self._updates.confirm_one(update["update_id"])
                delay = self._delivery.first_delay
                continue
            self._error = {"last_error_date": int(self._clock()), "last_error_message": error}
            await asyncio.sleep(delay)
            delay = min(2 * delay, _LONGEST_DELAY)
        del self._workers[chat]

    def _next(self, chat: int) -> dict[str, Any] | None:
        return next((update for update in self._updates.pending() if chat_of(update) == chat), None)

    async def _post(self, update: dict[str, Any], session: ClientSession) -> str | None:
        """Post an update; return the error, None if it was accepted."""
        url, headers = self._target()
        if not url:
            return _UNREACHABLE
        timeout = ClientTimeout(total=self._delivery.answer_seconds)
        try:
            async with session.post(
                url, json=update, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                if response.status in _SUCCESS:
                    return None
                return f"Wrong response from the webhook: {response.status} {response.reason}"
        except TimeoutError:
            return _TIMEOUT
        except ClientError:
            return _REFUSED

    def _target(self) -> tuple[str, dict[str, str]]:
        """Return the URL and headers to post with, as a reverse proxy would; an empty URL if there is no route."""
        parts = urlsplit(self._settings.url)
        headers = {_SECRET_HEADER: self._settings.secret_token} if self._settings.secret_token else {}
        if parts.scheme == "http":
            return self._settings.url, headers
        inside = self._delivery.routes.get(f"https://{parts.netloc}")
        rest = self._settings.url.removeprefix(f"https://{parts.netloc}")
        proxied = {"Host": parts.netloc, "X-Forwarded-Proto": "https", "X-Forwarded-For": _TELEGRAM_IP}
        return (f"{inside}{rest}", headers | proxied) if inside else ("", {})


def chat_of(update: dict[str, Any]) -> int:
    """Return the chat of an update, or the user if it has no chat."""
    body = next(value for name, value in update.items() if name != "update_id")
    about = body.get("message") or body
    return int((about.get("chat") or body["from"])["id"])


def _nothing() -> None:
    """Do nothing: no webhook is running."""
