"""The methods that set, delete and describe the webhook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.sandbox.api.updates import set_allowed_updates
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.world.webhook_settings import DEFAULT_CONNECTIONS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.world import World

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_SECRET_LIMIT = 256
_CONNECTIONS_LIMIT = 100
_PORTS = frozenset({None, 80, 88, 443, 8443})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class WebhookMethods:
    """The methods of the webhook."""

    def __init__(self, world: World) -> None:
        self._updates = world.updates
        self._webhook = world.webhook

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return the methods by their names."""
        return {
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
        }

    async def _set_webhook(self, call: Call) -> bool:
        url, secret = _checked_url(call.text("url").strip()), _checked_secret(call)
        connections = min(max(call.integer("max_connections", DEFAULT_CONNECTIONS), 1), _CONNECTIONS_LIMIT)
        set_allowed_updates(self._updates, call)
        self._drop_pending(call)
        self._updates.end_poll(error_messages.POLL_ENDED_BY_WEBHOOK)
        await self._webhook.change(url=url, secret_token=secret, max_connections=connections)
        return True

    async def _delete_webhook(self, call: Call) -> bool:
        self._drop_pending(call)
        if self._webhook.is_set:
            await self._webhook.change()
        return True

    def _drop_pending(self, call: Call) -> None:
        if call.flag("drop_pending_updates"):
            self._updates.clear()

    async def _get_webhook_info(self, _: Call) -> dict[str, Any]:
        allowed = {"allowed_updates": self._updates.allowed} if self._updates.allowed else {}
        return {**self._webhook.info(), "pending_update_count": self._updates.count, **allowed}


def _checked_url(url: str) -> str:
    """Return a URL that updates can be posted to: https, or http on this computer as a local Bot API server allows."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ApiError(error_messages.bad_webhook("Wrong HTTP URL")) from None
    if parts.scheme == "http" and host in _LOOPBACK:
        return url
    if parts.scheme != "https":
        raise ApiError(error_messages.bad_webhook("An HTTPS URL must be provided for webhook"))
    if port not in _PORTS:
        raise ApiError(error_messages.bad_webhook("Webhook can be set up only on ports 80, 88, 443 or 8443"))
    return url


def _checked_secret(call: Call) -> str:
    secret = call.text("secret_token")
    if len(secret) > _SECRET_LIMIT:
        raise ApiError(error_messages.SECRET_TOO_LONG)
    if not _SECRET.fullmatch(secret):
        raise ApiError(error_messages.SECRET_CHARACTERS)
    return secret
