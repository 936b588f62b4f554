"""The Bot API half: one table of methods, through which every call goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import refusals
from bot.sandbox.bot_messages import BotMessages
from bot.sandbox.bot_profile import BotProfile
from bot.sandbox.contract import bot_api
from bot.sandbox.refusals import ApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.calls import Call
    from bot.sandbox.world import World

_POLL_LIMIT = 100
_POLL_SECONDS = 50


class BotApi:
    """Answers the bot's calls."""

    def __init__(self, world: World) -> None:
        self._world = world
        messages, profile = BotMessages(world), BotProfile(world)
        polling: dict[str, Callable[[Call], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "getWebhookInfo": self._get_webhook_info,
            "deleteWebhook": self._delete_webhook,
        }
        self._methods = {
            name.lower(): method for name, method in (polling | messages.methods() | profile.methods()).items()
        }

    async def answer(self, call: Call, notes: list[str]) -> Any:  # noqa: ANN401 - each method has its own kind of result
        """Return a call's result, or refuse it with Telegram's words; note what a developer should know."""
        name = bot_api().name_of(call.method)
        if name is None:
            raise ApiError(refusals.NOT_FOUND)
        notes += bot_api().check(call)
        method = self._methods.get(name.lower())
        if method is None:
            notes.append(f"{name} is a method of the Bot API that the sandbox doesn't do")
            raise ApiError(refusals.not_done(name))
        return await method(call)

    async def _get_me(self, _: Call) -> dict[str, Any]:
        abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        return {**self._world.bot, **abilities}

    async def _get_updates(self, call: Call) -> list[dict[str, Any]]:
        updates = self._world.updates
        if "allowed_updates" in call.parameters:
            updates.allow([str(kind) for kind in call.listed("allowed_updates")])
        updates.confirm(call.integer("offset"))
        limit = min(max(call.integer("limit", _POLL_LIMIT), 1), _POLL_LIMIT)
        return await updates.take(limit=limit, seconds=min(call.integer("timeout"), _POLL_SECONDS))

    async def _get_webhook_info(self, _: Call) -> dict[str, Any]:
        updates = self._world.updates
        allowed = {"allowed_updates": updates.allowed} if updates.allowed else {}
        return {"url": "", "has_custom_certificate": False, "pending_update_count": updates.count, **allowed}

    async def _delete_webhook(self, call: Call) -> bool:
        if call.flag("drop_pending_updates"):
            self._world.updates.drop()
        return True
