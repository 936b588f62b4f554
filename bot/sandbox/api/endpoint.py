"""The HTTP endpoint of the Bot API: reads each call, applies faults, runs the method and records the outcome."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.actions.groups import migrate_to_supergroup
from bot.sandbox.api.dispatcher import Dispatcher
from bot.sandbox.api.request import read_call
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.call import Call

if TYPE_CHECKING:
    from bot.sandbox.api.call_log import CallLog
    from bot.sandbox.api.faults import Fault, Faults
    from bot.sandbox.world.world import World

_LIMITED_METHODS = ("sendmessage", "sendphoto", "senddocument")


class BotApiEndpoint:
    """Handles requests to /bot<token>/ and /file/bot<token>/."""

    def __init__(self, world: World, token: str, call_log: CallLog, faults: Faults) -> None:
        self._world = world
        self._token = token
        self._call_log = call_log
        self._faults = faults
        self._dispatcher = Dispatcher(world)

    async def call(self, request: web.Request) -> web.Response:
        """Answer a call, with the effect of a fault if one is armed for it."""
        call, begun = Call(method=request.match_info["method"]), time.perf_counter()
        notes: list[str] = []
        outcome: dict[str, Any] = {"at": time.time(), "fault": None}
        try:
            self._check_token(request)
            call = await read_call(request)
            fault = self._faults.take(call)
            outcome["fault"] = fault.kind if fault else None
            body: dict[str, Any] = {"ok": True, "result": await self._run(call, fault, notes)}
            outcome["result"] = body["result"]
        except ApiError as error:
            fault, body = None, error.as_json()
            if request.transport is None:  # a poll whose client had disconnected when a later poll ended it
                notes.append(f"the client had disconnected before this error: {error.description}")
            else:
                outcome["refusal"] = error.description
        outcome["milliseconds"] = round((time.perf_counter() - begun) * 1000, 1)
        self._call_log.add(call, notes=tuple(notes), **outcome)
        if fault:
            await _delay_or_drop(fault, request)
        return web.json_response(body, status=body.get("error_code", 200))

    async def _run(self, call: Call, fault: Fault | None, notes: list[str]) -> Any:  # noqa: ANN401 - see Dispatcher
        if fault:
            fault.raise_error()
        if fault and fault.kind == "hang":
            await self._faults.wait_for_release()
        if fault and fault.kind == "migrate":
            self._migrate(call.chat_id)
        if self._faults.flood.on and call.method.lower() in _LIMITED_METHODS and call.chat_id:
            self._faults.flood.count(call.chat_id)
        return await self._dispatcher.dispatch(call, notes)

    def _migrate(self, chat_id: int | None) -> None:
        group = self._world.groups.get(chat_id or 0)
        if group and not group.supergroup and group.migrated_to is None:
            migrate_to_supergroup(self._world, group)

    async def download(self, request: web.Request) -> web.Response:
        """Answer with the contents of a file."""
        try:
            self._check_token(request)
            return self._file(request.match_info["path"])
        except ApiError as error:
            return web.json_response(error.as_json(), status=error.error_code)

    def _check_token(self, request: web.Request) -> None:
        if request.match_info["token"] != self._token:
            raise ApiError(error_messages.UNAUTHORIZED)

    def _file(self, path: str) -> web.Response:
        file = next((file for file in self._world.files.values() if file.path == path), None)
        if file is None:
            raise ApiError(error_messages.NOT_FOUND)
        return web.Response(body=self._world.store.contents(file.file_id), content_type="application/octet-stream")


async def _delay_or_drop(fault: Fault, request: web.Request) -> None:
    """Delay the response or drop the connection, after the call had its effect."""
    if fault.kind == "late":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "lost" and request.transport:
        request.transport.close()
