"""Every command and every button through every door that isn't a person's own word: nothing done, nothing told."""

from collections.abc import AsyncIterator, Mapping
from itertools import cycle
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from bot.receiving.no_orders import SAID_ONCE_IN
from core.engine import Engine
from tests.integration import test_chat_matrix as matrix
from tests.support import permission_matrix
from tests.support.clock import Clock
from tests.support.permission_matrix import Role, betrayed, contents
from tests.support.router_fixture import BOT, GROUP, Counter
from tests.support.settled_fixture import PreparedDatabase

OTHER_BOT = {"id": 77, "is_bot": True, "first_name": "Helper", "username": "helper_bot"}
CHANNEL = {"id": -1009, "type": "channel", "title": "News"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
BY_OWNER = {"type": "user", "date": 1, "sender_user": {"id": Role.OWNER, "is_bot": False, "first_name": "Olivia"}}
DOORS: Mapping[str, Mapping[str, Any]] = {
    "forwarded": {"forward_origin": BY_OWNER},
    "forwarded from someone hidden": {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "x"}},
    "forwarded from a channel": {"forward_origin": {"type": "channel", "date": 1, "chat": CHANNEL, "message_id": 1}},
    "via another bot": {"via_bot": OTHER_BOT},
    "via this bot": {"via_bot": BOT},
    "of a connected business account": {"business_connection_id": "b", "sender_business_bot": OTHER_BOT},
    "for a guest": {"guest_query_id": "g", "guest_bot_caller_user": OTHER_BOT},
    "by a bot": {"from": OTHER_BOT},
    "in a channel's name": {"sender_chat": CHANNEL},
    "in a group, in a channel's name": {"chat": GROUP, "sender_chat": CHANNEL},
    "in a group, forwarded": {"chat": GROUP, "forward_origin": BY_OWNER},
    "in a group, via another bot": {"chat": GROUP, "via_bot": OTHER_BOT},
    "in a group, by an anonymous administrator": {"chat": GROUP, "sender_chat": GROUP, "from": ANONYMOUS},
    "in a group, from the linked channel": {"chat": GROUP, "sender_chat": CHANNEL, "is_automatic_forward": True},
    "in a channel": {"chat": CHANNEL, "sender_chat": CHANNEL, "author_signature": "Olivia"},
}


SENT = (*(line.sent for line in matrix.LINES), f"/start {permission_matrix.INVITATION_CODE}")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def untouched(settled: PreparedDatabase, tmp_path: Path, clock: Clock) -> AsyncIterator[Counter]:
    engine = Engine(f"sqlite:///{copy(settled.file, tmp_path)}", clock=clock)
    yield Counter(engine)
    await engine.close()


async def not_carried_out(counter: Counter, clock: Clock, role: Role, sent: str, door: str, *, edited: bool) -> None:
    """Send a line through a door, and check that the answer is the reason why not, or nothing."""
    clock.advance(seconds=SAID_ONCE_IN.total_seconds())
    fields = DOORS[door]
    heard = await counter.message(role, sent, fields, edited=edited)
    silent = edited or "chat" in fields or "from" in fields
    if role is Role.STRANGER:
        assert heard == "" if silent else matrix.UNKNOWN in heard, (door, sent, heard)
    else:
        assert heard == "" if silent or fields.get("via_bot") == BOT else "I don't act on" in heard, (door, sent, heard)
    assert not betrayed(heard, role, sent), heard


@pytest.mark.parametrize("role", [Role.OWNER, Role.STRANGER], ids=lambda role: role.name.lower())
async def test_no_command_is_carried_out_that_came_through_another_door(
    role: Role, untouched: Counter, clock: Clock
) -> None:
    """Each line comes through one of the doors, and each door gets some lines; all pairs are for the long runs."""
    before, doors = await contents(untouched.engine), cycle(DOORS)
    for sent in SENT:
        await not_carried_out(untouched, clock, role, sent, next(doors), edited=False)
    assert await contents(untouched.engine) == before


@pytest.mark.deep
@pytest.mark.parametrize("door", DOORS)
async def test_no_command_is_carried_out_through_any_door(door: str, untouched: Counter, clock: Clock) -> None:
    """Not even the owner's, who may everything; every other line comes edited."""
    before = await contents(untouched.engine)
    for number, sent in enumerate(SENT):
        await not_carried_out(untouched, clock, Role.OWNER, sent, door, edited=number % 2 == 1)
    assert await contents(untouched.engine) == before


@pytest.mark.deep
@pytest.mark.parametrize("chat", [None, GROUP], ids=["in private", "in a group"])
async def test_no_edited_line_is_carried_out(chat: Mapping[str, Any] | None, untouched: Counter) -> None:
    before = await contents(untouched.engine)
    for number, line in enumerate(matrix.LINES):
        for role in (Role.OWNER, Role.LEARNER, Role.STRANGER):
            fields = {"message_id": number, **({"chat": chat} if chat else {})}
            heard = await untouched.message(role, line.sent, fields, edited=True)
            assert bool(heard) == (role is not Role.STRANGER and chat is None), heard
            assert not heard or line.sent in heard
            assert not betrayed(heard, role, line.sent)
    assert await contents(untouched.engine) == before


@pytest.mark.deep
async def test_no_button_works_where_others_read(untouched: Counter, settled: PreparedDatabase) -> None:
    before = await contents(untouched.engine)
    for button in matrix.BUTTONS:
        for role in (Role.OWNER, Role.STRANGER):
            heard = await untouched.tap(role, settled.carried.get(button.sent, button.sent), chat=GROUP)
            assert heard == "Buttons work in our private chat only." or (
                role is Role.STRANGER and matrix.UNKNOWN in heard
            )
    assert await contents(untouched.engine) == before


async def test_a_person_who_forwards_several_messages_is_told_once(untouched: Counter, clock: Clock) -> None:
    forwarded = DOORS["forwarded"]
    assert "forwarded messages" in await untouched.message(Role.OWNER, "/digest now", forwarded)
    assert not await untouched.message(Role.OWNER, "Anna, Boris, Clara", forwarded)
    assert "another bot" in await untouched.message(Role.OWNER, "/digest now", DOORS["via another bot"])
    clock.advance(seconds=SAID_ONCE_IN.total_seconds())
    assert "forwarded messages" in await untouched.message(Role.OWNER, "/digest now", forwarded)


async def test_an_edit_of_a_message_that_is_not_known_is_answered_with_its_text_once(untouched: Counter) -> None:
    for text in ("/pause 1", "Thank you!"):
        once = await untouched.message(Role.OWNER, text, {"message_id": 5}, edited=True)
        assert "I read messages when they are sent." in once
        assert text in once
        assert not await untouched.message(Role.OWNER, text, {"message_id": 5}, edited=True)


async def test_what_changes_of_a_message_but_its_text_is_answered_with_silence(untouched: Counter) -> None:
    assert not await untouched.message(Role.OWNER, "/pause 1", {"edit_date": None}, edited=True)
    place = {"text": None, "location": {"latitude": 1.0, "longitude": 1.0}}
    assert not await untouched.message(Role.OWNER, "", place, edited=True)
