"""What became of the earlier versions of an edited message."""

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from core.domain.inbox import Standing
from core.domain.updates import read_update
from core.engine import Engine
from core.services import departments, edited_messages, inbox
from core.services.audit_log import Action
from core.services.edited_messages import Earlier
from core.services.inbox import Capacity, Claim
from core.storage import inbox as stored
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_manager

OWNER = 1001
NUMBERS = count(1)
ONE = Capacity(holder="a test", at_most=1, strangers_at_most=1)


def body_of(number: int, kind: str, message_id: int) -> dict[str, Any]:
    person = {"id": OWNER, "is_bot": False, "first_name": "Olivia"}
    message = {"message_id": message_id, "chat": {"id": OWNER, "type": "private"}, "from": person}
    return {"update_id": number, kind: message}


async def received(engine: Engine, kind: str, message_id: int = 7) -> Claim:
    """Receive a message of the owner's, and claim it."""
    await receive(engine, kind, message_id)
    return await claimed(engine)


async def receive(engine: Engine, kind: str, *message_ids: int) -> None:
    """Receive messages of the owner's in one batch, so at one moment."""
    updates = [read_update(body_of(next(NUMBERS), kind, each)) for each in message_ids]
    await engine.write(stored.add, [(update, Standing.KNOWN) for update in updates], engine.now())


async def claimed(engine: Engine) -> Claim:
    """Claim the first message that waits."""
    [claim] = await engine.write(inbox.claim, ONE, engine.now())
    return claim


async def finished(engine: Engine, claim: Claim) -> None:
    await engine.write(inbox.finish, [claim])


async def add(engine: Engine, office: Office, claim: Claim, name: str) -> None:
    """Let a message have an effect."""
    await engine.write(
        inbox.carry_out, claim, lambda session: departments.add(session, office.owner_id, name, engine.now())
    )
    await finished(engine, claim)


async def earlier(engine: Engine, claim: Claim) -> Earlier | None:
    return await engine.read(edited_messages.earlier, claim)


async def done_by(engine: Engine, office: Office, message_id: int) -> list[tuple[Action, str]]:
    """What the log says that a message did, when it is edited."""
    edit = await received(engine, "edited_message", message_id)
    found = await earlier(engine, edit)
    await finished(engine, edit)
    assert found is not None
    assert found.was_done
    done = await engine.read(edited_messages.done_by, office.owner_id, found.entries)
    return [(each.action, each.subject) for each in done]


async def test_a_message_without_an_effect_had_none_and_is_the_newest(engine: Engine) -> None:
    await finished(engine, await received(engine, "message"))
    assert await earlier(engine, await received(engine, "edited_message")) == Earlier(
        was_done=False, entries=(), is_newest=True
    )


async def test_what_was_sent_since_is_known(engine: Engine) -> None:
    for message_id in (7, 8):
        await finished(engine, await received(engine, "message", message_id))
    assert await earlier(engine, await received(engine, "edited_message")) == Earlier(
        was_done=False, entries=(), is_newest=False
    )


@pytest.mark.parametrize("kind", ["message", "edited_message"])
async def test_each_version_that_had_an_effect_counts(engine: Engine, office: Office, kind: str) -> None:
    claim = await received(engine, "message")
    if kind == "edited_message":
        await finished(engine, claim)
        claim = await received(engine, kind)
    await add(engine, office, claim, "Support")
    assert await done_by(engine, office, 7) == [(Action.DEPARTMENT_ADDED, "Support")]


async def test_of_messages_of_one_batch_each_names_only_what_it_did_itself(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await receive(engine, "message", 7, 8)
    for name in ("Support", "Legal"):
        clock.advance(minutes=1)
        await add(engine, office, await claimed(engine), name)
    assert await done_by(engine, office, 7) == [(Action.DEPARTMENT_ADDED, "Support")]
    assert await done_by(engine, office, 8) == [(Action.DEPARTMENT_ADDED, "Legal")]


async def test_what_else_a_person_did_at_that_moment_is_not_named(engine: Engine, office: Office) -> None:
    claim = await received(engine, "message")
    await engine.write(departments.add, office.owner_id, "Before", engine.now())
    await add(engine, office, claim, "Support")
    await engine.write(departments.add, office.owner_id, "After", engine.now())
    assert await done_by(engine, office, 7) == [(Action.DEPARTMENT_ADDED, "Support")]


async def test_a_message_whose_effect_the_log_does_not_have_was_done_nevertheless(engine: Engine) -> None:
    claim = await received(engine, "message")
    await engine.write(inbox.carry_out, claim, lambda _: None)
    await finished(engine, claim)
    found = await earlier(engine, await received(engine, "edited_message"))
    assert found == Earlier(was_done=True, entries=(), is_newest=True)


async def test_what_others_did_is_not_named(engine: Engine, office: Office) -> None:
    manager = await a_manager(engine)
    claim = await received(engine, "message")
    await add(engine, office, claim, "Support")
    found = await earlier(engine, await received(engine, "edited_message"))
    assert found is not None
    assert await engine.read(edited_messages.done_by, manager, found.entries) == []


async def test_of_a_message_that_is_not_kept_nothing_is_known_whatever_its_edits_did(engine: Engine) -> None:
    await finished(engine, await received(engine, "edited_message"))
    assert await earlier(engine, await received(engine, "edited_message")) is None


async def test_of_a_message_that_is_still_being_handled_nothing_is_known(engine: Engine) -> None:
    first, number = await received(engine, "message"), next(NUMBERS)
    edit = replace(first, update_id=number, body=body_of(number, "edited_message", 7))
    assert await earlier(engine, edit) is None
