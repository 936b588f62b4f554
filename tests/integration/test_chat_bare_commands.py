"""A command alone opens the screen that it works on, for every role: it is read, and it leads on.

A new command is covered by being declared.
"""

import re
from collections.abc import Sequence

import pytest

from bot.menu.command import Command
from bot.receiving.routes import BY_NAME, COMMANDS
from bot.screens.screen import Screen
from bot.sending.replies import NewMessage, Reply, ScreenChange
from tests.support.permission_matrix import KNOWN, Role, betrayed
from tests.support.settled_fixture import PreparedDatabase, a_copy

# What a report misses is a number; what a line misses is a name.
NOT_READ = re.compile(r"I can't read that line|It should look like this|Missing: (?!\d)|needs a value after it")
OUTDATED = ("older version", "answered already")
MOST_LINES, MOST_ROWS, MOST_STEPS = 20, 8, 8
PICK = re.compile(r"'callback_data': '(pick:\d+:\d+)'")


def screens(replies: Sequence[Reply]) -> list[Screen]:
    return [reply.screen for reply in replies if isinstance(reply, NewMessage | ScreenChange)]


@pytest.mark.deep
@pytest.mark.parametrize("name", sorted(BY_NAME))
async def test_a_command_alone_is_read_and_leads_on(name: str, settled: PreparedDatabase) -> None:
    counter = a_copy(settled)
    for role in sorted(KNOWN):
        [screen, *_] = screens(await counter.typed(role, f"/{name}"))
        assert not NOT_READ.search(screen.text), (role, screen.text)
        assert 0 < len(screen.rows) <= MOST_ROWS, (role, screen)
        assert len(screen.text.splitlines()) <= MOST_LINES, (role, screen.text)
        assert not betrayed(str(screen), role, f"/{name}"), (role, screen)


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.asked], ids=lambda command: command.name)
async def test_whoever_taps_on_and_types_what_is_asked_for_carries_the_command_out(
    command: Command, settled: PreparedDatabase
) -> None:
    counter = a_copy(settled)
    heard, steps = await counter.line(Role.OWNER, f"/{command.name}"), 0
    while "pick-back:" in heard or PICK.search(heard):
        steps += 1
        assert steps <= MOST_STEPS, heard
        if found := PICK.search(heard):
            heard = await counter.tap(Role.OWNER, found[1])
        else:
            heard = await counter.line(Role.OWNER, _typed(heard))
        assert not NOT_READ.search(heard), heard
        assert not any(said in heard for said in OUTDATED), heard


def _typed(heard: str) -> str:
    """Return what an example has for the part that is asked for, or a word."""
    example = re.search(r"for example <code>(.*?)</code>", heard)
    return example[1] if example else "Merlin"
