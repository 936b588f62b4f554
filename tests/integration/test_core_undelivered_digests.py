"""Digests that were refused or are unconfirmed: their reader sees them, and sends each again, once."""

import pytest

from core.domain.cadence import parse_cadence
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import DigestGone
from core.services import digests, outbox, unconfirmed, undelivered_digests
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.concurrent_engines import at_once
from tests.support.outbox_messages import claim, start
from tests.support.rows import a_manager

BLOCKED = "Forbidden: bot was blocked by the user"


@pytest.fixture
async def manager(office: Office) -> int:
    manager = await a_manager(office.engine, "Sales", telegram_id=1002)
    await office.engine.write(digests.subscribe, manager, parse_cadence("daily 18:00"), 1002, office.engine.now())
    return manager


async def sending(engine: Engine, manager: int) -> tuple[int, int]:
    """Ask for a digest and begin to send it; return the message's number and the run's."""
    await engine.write(digests.request, manager, 1002, engine.now())
    [message] = [each for each in await claim(engine) if each.kind is Kind.DIGEST]
    await start(engine, message)
    return message.message_id, message.subject_id


async def listed(engine: Engine, reader: int) -> list[tuple[int, str | None]]:
    found = await engine.read(undelivered_digests.listing, reader, engine.now())
    return [(each.run_id, each.refusal) for each in found]


async def test_a_refused_digest_is_listed_with_the_reason_for_its_reader_alone(
    engine: Engine, office: Office, manager: int
) -> None:
    message, run = await sending(engine, manager)
    await engine.write(outbox.fail, message, "one", engine.now(), reason=BLOCKED)
    assert await listed(engine, manager) == [(run, BLOCKED)]
    assert await listed(engine, office.owner_id) == []


async def test_what_telegram_refused_is_in_the_log_of_what_did_not_arrive(
    engine: Engine, office: Office, manager: int
) -> None:
    message, _ = await sending(engine, manager)
    await engine.write(outbox.refuse, message, "one", engine.now(), reason="Bad Request")
    found = await engine.read(unconfirmed.listing, office.owner_id, engine.now())
    assert [(each.kind, each.refusal) for each in found.newest] == [(Kind.DIGEST, "Bad Request")]


async def test_an_undelivered_digest_is_sent_again_once_whoever_taps_first(engine: Engine, manager: int) -> None:
    message, run = await sending(engine, manager)
    await engine.write(outbox.refuse, message, "one", engine.now(), reason="Bad Request")
    outcomes = await at_once(engine.write(undelivered_digests.send_again, manager, run, engine.now()) for _ in range(4))
    assert sorted(map(bool, outcomes)) == [False, False, False, True]
    [again] = await claim(engine)
    assert (again.kind, again.subject_id, again.again) == (Kind.DIGEST, run, False)
    assert await listed(engine, manager) == []


async def test_what_a_later_digest_has_told_too_is_not_listed(engine: Engine, manager: int) -> None:
    message, run = await sending(engine, manager)
    await engine.write(outbox.fail, message, "one", engine.now(), reason=BLOCKED)
    await engine.write(digests.subscribe, manager, parse_cadence("daily 18:00"), 1002, engine.now())
    assert await listed(engine, manager) == [(run, BLOCKED)]
    later, _ = await sending(engine, manager)
    await engine.write(outbox.finish, later, "one", engine.now())
    assert await listed(engine, manager) == []


async def test_only_ones_own_digest_is_sent_again(engine: Engine, office: Office, manager: int) -> None:
    message, run = await sending(engine, manager)
    await engine.write(outbox.fail, message, "one", engine.now(), reason=BLOCKED)
    with pytest.raises(DigestGone):
        await engine.write(undelivered_digests.send_again, office.owner_id, run, engine.now())


async def test_what_is_long_past_is_not_listed(engine: Engine, manager: int, clock: Clock) -> None:
    message, _ = await sending(engine, manager)
    await engine.write(outbox.fail, message, "one", engine.now(), reason=BLOCKED)
    clock.at += undelivered_digests.LISTED_FOR * 1.01
    assert await listed(engine, manager) == []
