"""The message that tells who waits grows as long as nobody is answered, for a day at most."""

import pytest

from core.domain.access import Role
from core.services import growing_notices, outbox, pending_sign_ups
from core.services.growing_notices import LASTS
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_request, a_user, demote

HOLDER, MESSAGE = "a sender", 77


async def told(office: Office) -> int:
    """Let a person wait, and a message tell the owner; return the person's number."""
    engine = office.engine
    made = await office.sign_up((await office.profile()).token)
    for sent in await engine.write(outbox.claim, HOLDER, engine.now()):
        assert await engine.write(outbox.start, sent.message_id, HOLDER, engine.now())
        await engine.write(outbox.finish, sent.message_id, HOLDER, engine.now(), grows_in=MESSAGE)
    return made.user_id


async def growing(office: Office) -> int | None:
    return await office.engine.read(growing_notices.message_of, office.owner_id, office.engine.now())


async def test_it_grows_for_a_day(approving: Office, clock: Clock) -> None:
    assert await growing(approving) is None
    await told(approving)
    assert await growing(approving) == MESSAGE
    clock.advance(seconds=LASTS.total_seconds())
    assert await growing(approving) == MESSAGE
    clock.advance(seconds=1)
    assert await growing(approving) is None


@pytest.mark.parametrize("answer", ["approve", "decline", "look"])
async def test_it_ends_when_its_reader_answers_somebody(approving: Office, answer: str) -> None:
    engine, owner, waits = approving.engine, approving.owner_id, await told(approving)
    await a_request(engine, (await approving.profile()).token, "Zola")  # somebody is left
    if answer == "approve":
        await engine.write(pending_sign_ups.approve, owner, waits, engine.now())
    elif answer == "decline":
        await engine.write(pending_sign_ups.decline, owner, waits, "", engine.now())
    else:
        await engine.write(growing_notices.end, owner)
    assert await growing(approving) is None


async def test_it_ends_when_others_have_answered_all_of_whom_it_tells(approving: Office, clock: Clock) -> None:
    engine, waits = approving.engine, await told(approving)
    helper = await a_user(engine, Role.ADMINISTRATOR)
    clock.advance(minutes=1)
    await a_request(engine, (await approving.profile()).token, "Zola")
    assert await growing(approving) == MESSAGE
    await engine.write(pending_sign_ups.approve, helper, waits, engine.now())
    assert await growing(approving) is None


async def test_it_ends_for_who_has_lost_the_right(approving: Office) -> None:
    await told(approving)
    await demote(approving.engine, approving.owner_id)
    assert await growing(approving) is None
