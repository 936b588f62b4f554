"""The format of commands and of the start parameter in deep links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError

if TYPE_CHECKING:
    from bot.sandbox.rules.call import Call


COMMANDS_LIMIT = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_COMMAND_DESCRIPTION = 256


def checked_commands(call: Call) -> list[dict[str, str]]:
    """Return the commands that a call sets, each in the format that Telegram requires."""
    commands = call.array("commands")
    if len(commands) > COMMANDS_LIMIT:
        raise ApiError(error_messages.COMMANDS_TOO_MANY)
    return [_checked_command(command) for command in commands]


def _checked_command(command: dict[str, str]) -> dict[str, str]:
    name, description = command["command"].removeprefix("/"), command["description"]
    if not _COMMAND.fullmatch(name):
        raise ApiError(error_messages.COMMAND_INVALID)
    if not 1 <= len(description) <= _COMMAND_DESCRIPTION:
        raise ApiError(error_messages.COMMAND_NO_DESCRIPTION)
    return {"command": name, "description": description}


START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
