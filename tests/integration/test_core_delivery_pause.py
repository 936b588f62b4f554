"""Several chats in a row that don't know the bot pause the delivery; nobody's digest ends because of a wrong bot."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

from core.domain.access import Role
from core.domain.cadence import parse_cadence
from core.domain.outbox import Kind
from core.engine import Engine
from core.services import delivery_pause, digests, outbox, people
from core.services.delivery_pause import LONGEST_RETRY, PROBE_EVERY, SEVERAL, Verdict
from core.services.outbox import Message
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.outbox_messages import claim, counts, finish, queue, start
from tests.support.rows import a_user

CHATS = (2001, 2002, 2003, 2004, 2005)


async def managers(office: Office, chats: Iterable[int] = CHATS) -> list[int]:
    """Add account administrators with a daily digest, and queue a message to each of them."""
    engine, found = office.engine, []
    for chat_id in chats:
        user_id = await a_user(engine, Role.ADMINISTRATOR, telegram_id=chat_id)
        await engine.write(digests.subscribe, user_id, parse_cadence("daily 18:00"), chat_id, engine.now())
        await queue(office, user_id=user_id, chat_id=chat_id)
        found.append(user_id)
    return found


async def refused(engine: Engine, message: Message) -> Verdict:
    assert await start(engine, message)
    return await engine.write(outbox.chat_unknown, message.message_id, "one", engine.now())


async def arrived(engine: Engine, message: Message) -> None:
    assert await start(engine, message)
    await finish(engine, message)


async def with_digests(engine: Engine, users: list[int]) -> list[int]:
    return [user for user in users if (await engine.read(digests.subscription, user)).next_due]


async def test_a_wrong_bot_ends_nobodys_digest_and_pauses_the_delivery(
    engine: Engine, office: Office, clock: Clock
) -> None:
    users = await managers(office)
    verdicts = [await refused(engine, message) for message in await claim(engine)]
    assert verdicts == [Verdict.KEPT, Verdict.KEPT, Verdict.PAUSES, Verdict.KEPT, Verdict.KEPT]
    assert await engine.read(delivery_pause.paused_since) == clock()
    for _ in range(60):
        clock.at += PROBE_EVERY
        for message in await claim(engine):
            assert await refused(engine, message) is Verdict.KEPT
    assert await with_digests(engine, users) == users
    assert await counts(engine) == {"waiting": len(CHATS)}


async def test_while_paused_one_message_at_a_time_probes(engine: Engine, office: Office, clock: Clock) -> None:
    await managers(office)
    for message in await claim(engine):
        await refused(engine, message)
    await queue(office, chat_id=3001)
    clock.at += PROBE_EVERY - timedelta(seconds=1)
    assert not await engine.read(outbox.anything_to_do, clock())
    assert await claim(engine) == []
    clock.advance(seconds=1)
    assert await engine.read(outbox.anything_to_do, clock())
    assert [message.chat_id for message in await claim(engine)] == [3001]  # first a chat that isn't suspected
    assert await claim(engine) == []


async def test_the_first_message_that_arrives_ends_the_pause_and_all_are_tried_at_once(
    engine: Engine, office: Office, clock: Clock
) -> None:
    users = await managers(office)
    for message in await claim(engine):
        await refused(engine, message)
    clock.at += PROBE_EVERY
    [probe] = await claim(engine)
    await arrived(engine, probe)
    assert await engine.read(delivery_pause.paused_since) is None
    rest = await claim(engine)
    assert len(rest) == len(CHATS) - 1
    for message in rest:
        await arrived(engine, message)
    assert await with_digests(engine, users) == users


async def test_a_pause_ends_if_no_message_to_an_unknown_chat_is_left(
    engine: Engine, office: Office, clock: Clock
) -> None:
    users = await managers(office, CHATS[:SEVERAL])
    for message in await claim(engine):
        await refused(engine, message)
    for user_id in users:
        await engine.write(people.delete, office.owner_id, user_id, engine.now())
    clock.at += PROBE_EVERY
    assert await engine.read(outbox.anything_to_do, clock())
    assert await claim(engine) == []
    assert await engine.read(delivery_pause.paused_since) is None


async def test_one_unknown_chat_counts_as_lost_after_others_were_reached(
    engine: Engine, office: Office, clock: Clock
) -> None:
    [user] = await managers(office, CHATS[:1])
    for minutes in (0, 1, 2, 30):  # nobody else is reached: that says nothing about this chat
        clock.advance(minutes=minutes)
        [message] = await claim(engine)
        assert await refused(engine, message) is Verdict.KEPT
    await queue(office)
    [other] = await claim(engine)
    await arrived(engine, other)
    clock.at += LONGEST_RETRY
    [message] = await claim(engine)
    assert await refused(engine, message) is Verdict.LOST
    assert await with_digests(engine, [user]) == []
    [told] = await claim(engine)
    assert (told.kind, told.user_id, told.subject_id) == (Kind.UNREACHABLE, office.owner_id, user)


async def test_a_few_unknown_chats_among_many_do_not_pause(engine: Engine, office: Office, clock: Clock) -> None:
    users = await managers(office, range(2001, 2011))
    *gone, late = users[:SEVERAL]
    claimed = {message.user_id: message for message in await claim(engine)}
    for user in (*gone, *users[SEVERAL:], late):
        await (arrived if user in users[SEVERAL:] else refused)(engine, claimed[user])
        clock.advance(seconds=1)
    assert await engine.read(delivery_pause.paused_since) is None
    clock.at += LONGEST_RETRY
    verdicts = [await refused(engine, message) for message in await claim(engine)]
    assert verdicts == [Verdict.LOST, Verdict.LOST, Verdict.KEPT]  # nobody was reached since the last was refused
    assert await with_digests(engine, users) == [late, *users[SEVERAL:]]


async def test_reaching_one_does_not_make_many_unknown_chats_lost(engine: Engine, office: Office, clock: Clock) -> None:
    users = await managers(office)
    for _ in range(5):
        await queue(office)
        for message in await claim(engine):
            if message.chat_id in CHATS:
                assert await refused(engine, message) is not Verdict.LOST
            else:
                await arrived(engine, message)
        clock.at += LONGEST_RETRY
    assert await with_digests(engine, users) == users


async def test_who_lost_the_message_changes_nothing(engine: Engine, office: Office) -> None:
    await managers(office, CHATS[:1])
    [message] = await claim(engine)
    await start(engine, message)
    verdict = await engine.write(outbox.chat_unknown, message.message_id, "two", engine.now())
    assert verdict is Verdict.NOT_OURS
    assert await counts(engine) == {"sending": 1}


async def test_refusals_at_the_same_time_pause_once(engine: Engine, office: Office) -> None:
    await managers(office)
    verdicts = await asyncio.gather(*(refused(engine, message) for message in await claim(engine)))
    assert sorted(verdict.name for verdict in verdicts) == 4 * ["KEPT"] + ["PAUSES"]
