"""What became of the earlier versions of an edited message."""

from dataclasses import replace
from datetime import timedelta
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

OWNER = 1001
NUMBERS = count(1)
ONE = Capacity(holder="a test", at_most=1, strangers_at_most=1)
MINUTE = timedelta(minutes=1)


def body_of(number: int, kind: str, message_id: int) -> dict[str, Any]:
    person = {"id": OWNER, "is_bot": False, "first_name": "Olivia"}
    message = {"message_id": message_id, "chat": {"id": OWNER, "type": "private"}, "from": person}
    return {"update_id": number, kind: message}


async def received(engine: Engine, kind: str, message_id: int = 7) -> Claim:
    """Receive a message of the owner's, and claim it."""
    update = read_update(body_of(next(NUMBERS), kind, message_id))
    await engine.write(stored.add, [(update, Standing.KNOWN)], engine.now())
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
    return await engine.read(edited_messages.earlier, claim, MINUTE, engine.now())


async def test_a_message_without_an_effect_had_none_and_is_the_newest(engine: Engine) -> None:
    await finished(engine, await received(engine, "message"))
    assert await earlier(engine, await received(engine, "edited_message")) == Earlier(effected=None, is_newest=True)


async def test_what_was_sent_since_is_known(engine: Engine) -> None:
    for message_id in (7, 8):
        await finished(engine, await received(engine, "message", message_id))
    assert await earlier(engine, await received(engine, "edited_message")) == Earlier(effected=None, is_newest=False)


@pytest.mark.parametrize("kind", ["message", "edited_message"])
async def test_each_version_that_had_an_effect_counts(engine: Engine, office: Office, clock: Clock, kind: str) -> None:
    claim = await received(engine, "message")
    if kind == "edited_message":
        await finished(engine, claim)
        claim = await received(engine, kind)
    since = engine.now()
    await add(engine, office, claim, "Support")
    clock.advance(seconds=1)
    found = await earlier(engine, await received(engine, "edited_message"))
    assert found is not None
    assert found.effected == (since, engine.now())
    done = await engine.read(edited_messages.done_by, office.owner_id, *found.effected)
    assert (Action.DEPARTMENT_ADDED, "Support") in [(each.action, each.subject) for each in done]


async def test_of_a_message_that_is_not_kept_nothing_is_known_whatever_its_edits_did(engine: Engine) -> None:
    await finished(engine, await received(engine, "edited_message"))
    assert await earlier(engine, await received(engine, "edited_message")) is None


async def test_of_a_message_that_is_still_being_handled_nothing_is_known(engine: Engine) -> None:
    first, number = await received(engine, "message"), next(NUMBERS)
    edit = replace(first, update_id=number, body=body_of(number, "edited_message", 7))
    assert await earlier(engine, edit) is None


async def test_what_was_done_at_another_time_is_not_named(engine: Engine, office: Office) -> None:
    now = engine.now()
    await engine.write(departments.add, office.owner_id, "Support", now)
    assert await engine.read(edited_messages.done_by, office.owner_id, now + MINUTE, now + 2 * MINUTE) == []
