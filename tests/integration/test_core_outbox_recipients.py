"""What becomes of the digests of those whom messages do not reach."""

from core.domain.cadence import parse_cadence
from core.domain.outbox import Kind
from core.engine import Engine
from core.services import digests, outbox
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.outbox_messages import claim, counts, queue, start
from tests.support.rows import a_manager


async def test_who_loses_the_group_of_a_digest_is_told_in_their_own_chat(engine: Engine, office: Office) -> None:
    await engine.write(digests.subscribe, office.owner_id, parse_cadence("daily 18:00"), -5, engine.now())
    await engine.write(outbox.chat_lost, -5, engine.now())
    assert (await engine.read(digests.subscription, office.owner_id)).next_due is None
    assert [(told.kind, told.chat_id) for told in await claim(engine)] == [(Kind.GROUP_LOST, 1001)]


async def test_who_has_no_telegram_account_gets_no_notice(engine: Engine, office: Office) -> None:
    manager = await a_manager(engine, "Sales")
    for user_id in (manager, office.owner_id):
        await engine.write(outbox.notify, user_id, Kind.FIRST_LEARNER, 1, engine.now())
    assert [(message.user_id, message.chat_id) for message in await claim(engine)] == [(office.owner_id, 1001)]


async def fail_for(office: Office, user_id: int) -> None:
    """Let a digest fail because its recipient can't be reached."""
    engine = office.engine
    await engine.write(digests.subscribe, user_id, parse_cadence("daily 18:00"), 1002, engine.now())
    await engine.write(digests.request, user_id, 1002, engine.now())
    [message] = await claim(engine)
    await start(engine, message)
    await engine.write(outbox.fail, message.message_id, "one", engine.now())


async def test_the_digests_of_who_cannot_be_reached_stop_and_the_owner_is_told(engine: Engine, office: Office) -> None:
    manager = await a_manager(engine, "Sales", telegram_id=1002)
    await fail_for(office, manager)
    assert (await engine.read(digests.subscription, manager)).next_due is None
    [told] = await claim(engine)
    assert (told.kind, told.user_id, told.subject_id) == (Kind.UNREACHABLE, office.owner_id, manager)
    assert (await counts(engine))["failed"] == 1


async def test_an_owner_who_cannot_be_reached_is_not_told_so(engine: Engine, office: Office) -> None:
    await fail_for(office, office.owner_id)
    assert await claim(engine) == []


async def test_who_gets_no_digests_has_none_to_stop(engine: Engine, office: Office) -> None:
    manager = await a_manager(engine, "Sales", telegram_id=1002)
    await queue(office, user_id=manager, chat_id=1002)
    [message] = await claim(engine)
    await start(engine, message)
    await engine.write(outbox.fail, message.message_id, "one", engine.now())
    assert await claim(engine) == []


async def test_a_groups_digest_goes_on_when_its_owner_blocks_the_bot(engine: Engine, office: Office) -> None:
    manager = await a_manager(engine, "Sales", telegram_id=1002)
    await engine.write(digests.subscribe, manager, parse_cadence("daily 18:00"), -5, engine.now())
    await queue(office, user_id=manager, chat_id=1002)
    [message] = await claim(engine)
    await start(engine, message)
    await engine.write(outbox.fail, message.message_id, "one", engine.now())
    assert (await engine.read(digests.subscription, manager)).next_due
    assert await claim(engine) == []


async def test_a_notice_of_its_kind_is_queued_once_an_hour(engine: Engine, office: Office, clock: Clock) -> None:
    async def notified() -> int:
        await engine.write(outbox.notify_once, office.owner_id, Kind.NO_SEAT_LEFT, office.owner_id, clock())
        return sum((await counts(engine)).values())

    assert [await notified(), await notified()] == [1, 1]
    clock.advance(seconds=outbox.ONCE_IN.total_seconds() + 1)
    assert await notified() == 2
