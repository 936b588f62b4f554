"""Digests that were refused or are unconfirmed: their reader sees them, and sends each again, once."""

from zoneinfo import ZoneInfo

import pytest

from core.domain.cadence import parse_cadence
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import DepartmentGone, DigestGone
from core.services import (
    digest_cards,
    digest_editing,
    digest_resuming,
    digests,
    home,
    outbox,
    unconfirmed,
    undelivered_digests,
)
from core.services.missed_digests import LISTED_FOR, Missed
from core.storage import people
from core.storage.tables import OutboxMessage
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.concurrent_engines import at_once
from tests.support.digests import tick
from tests.support.outbox_messages import claim, start
from tests.support.rows import a_manager, department_id

DAILY = parse_cadence("daily 18:00")
REFUSAL = "Bad Request: can't parse entities"


@pytest.fixture
async def manager(office: Office) -> int:
    manager = await a_manager(office.engine, "Sales", telegram_id=1002)
    await office.engine.write(digests.subscribe, manager, DAILY, 1002, office.engine.now())
    return manager


async def sending(engine: Engine, manager: int) -> tuple[int, int]:
    """Ask for a digest and begin to send it; return the message's number and the run's."""
    await engine.write(digests.request, manager, 1002, engine.now())
    [message] = [each for each in await claim(engine) if each.kind is Kind.DIGEST]
    await start(engine, message)
    return message.message_id, message.subject_id


async def refused(engine: Engine, manager: int) -> int:
    """Let Telegram refuse a digest for its content; return the run's number."""
    message, run = await sending(engine, manager)
    await engine.write(outbox.refuse, message, "one", engine.now(), reason=REFUSAL)
    return run


async def refused_with_news(office: Office, manager: int, clock: Clock) -> int:
    """Let Telegram refuse a digest in which somebody joined; return the run's number, a minute later."""
    await office.sign_up((await office.profile()).token)
    run = await refused(office.engine, manager)
    clock.advance(minutes=1)
    return run


async def blocked(engine: Engine, manager: int) -> int:
    """Let Telegram refuse a digest because its reader blocked the bot, so that it stops; return the run's number."""
    message, run = await sending(engine, manager)
    await engine.write(outbox.fail, message, "one", engine.now())
    return run


async def send_again(engine: Engine, reader: int, run: int) -> bool:
    return await engine.write(undelivered_digests.send_again, reader, run, engine.now())


async def arrived(engine: Engine, reader: int, chat_id: int = 1002) -> Missed | None:
    """Let a digest arrive in a chat; return what it says didn't arrive there before."""
    await engine.write(digests.request, reader, chat_id, engine.now())
    [message] = [each for each in await claim(engine) if each.kind is Kind.DIGEST]
    told = await engine.read(digests.summary, reader, message.subject_id, chat_id=chat_id)
    await start(engine, message)
    await engine.write(outbox.finish, message.message_id, "one", engine.now())
    return told.missed


async def listed(engine: Engine, reader: int) -> list[tuple[int, str | None]]:
    found = await engine.read(undelivered_digests.listing, reader, engine.now())
    return [(each.run_id, each.refusal) for each in found]


async def test_a_refused_digest_is_listed_with_the_reason_for_its_reader_alone(
    engine: Engine, office: Office, manager: int
) -> None:
    run = await refused(engine, manager)
    assert await listed(engine, manager) == [(run, REFUSAL)]
    assert await listed(engine, office.owner_id) == []


async def test_what_telegram_refused_is_in_the_log_of_what_did_not_arrive(
    engine: Engine, office: Office, manager: int
) -> None:
    await refused(engine, manager)
    found = await engine.read(unconfirmed.listing, office.owner_id, engine.now())
    assert [(each.kind, each.refusal) for each in found.newest] == [(Kind.DIGEST, REFUSAL)]
    assert found.zone == ZoneInfo("UTC")


async def test_an_undelivered_digest_is_sent_again_once_whoever_taps_first(engine: Engine, manager: int) -> None:
    run = await refused(engine, manager)
    outcomes = await at_once(send_again(engine, manager, run) for _ in range(4))
    assert sorted(map(bool, outcomes)) == [False, False, False, True]
    [again] = await claim(engine)
    assert (again.kind, again.subject_id, again.again) == (Kind.DIGEST, run, False)
    assert await listed(engine, manager) == []


async def test_an_earlier_digest_that_arrived_hides_no_later_one(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    for email in ("anna@example.com", "ben@example.com"):
        await office.sign_up((await office.profile()).token, email)
        message, _ = await sending(engine, manager)
        await engine.write(outbox.finish, message, "one", engine.now())
        clock.advance(minutes=1)
        run = await refused(engine, manager)  # in which nobody joined
        assert await listed(engine, manager) == [(run, REFUSAL)]
        assert await send_again(engine, manager, run)
        [again] = await claim(engine)
        await start(engine, again)
        await engine.write(outbox.finish, again.message_id, "one", engine.now())
        clock.advance(minutes=1)


async def test_what_the_next_digest_covers_is_neither_listed_nor_sent_again(engine: Engine, manager: int) -> None:
    run = await blocked(engine, manager)
    assert await listed(engine, manager) == []
    assert not await send_again(engine, manager, run)
    await engine.write(digests.subscribe, manager, DAILY, 1002, engine.now())
    assert await listed(engine, manager) == []
    assert not await send_again(engine, manager, run)


async def test_a_digest_that_is_resumed_tells_what_was_listed_once(engine: Engine, manager: int) -> None:
    run = await blocked(engine, manager)
    await engine.write(digest_resuming.resume, manager, engine.now())
    assert not await send_again(engine, manager, run)
    assert await tick(engine) == 1
    assert await listed(engine, manager) == []
    assert not await send_again(engine, manager, run)


async def test_of_digests_that_cover_the_same_the_last_is_listed(engine: Engine, manager: int, clock: Clock) -> None:
    await blocked(engine, manager)
    await engine.write(digests.subscribe, manager, DAILY, 1002, engine.now())
    clock.advance(minutes=1)
    run = await refused(engine, manager)
    assert await listed(engine, manager) == [(run, REFUSAL)]


async def test_what_was_refused_without_a_schedule_is_sent_again_once_in_another_chat(
    engine: Engine, manager: int
) -> None:
    await engine.write(digests.unsubscribe, manager, engine.now())
    message, run = await sending(engine, manager)
    await engine.write(lambda session: setattr(session.get_one(OutboxMessage, message), "chat_id", -5))
    await engine.write(outbox.refuse, message, "one", engine.now(), reason=REFUSAL)
    assert await send_again(engine, manager, run)
    assert not await send_again(engine, manager, run)
    assert [each.chat_id for each in await claim(engine)] == [1002]
    assert await listed(engine, manager) == []


async def test_only_ones_own_digest_is_sent_again(engine: Engine, office: Office, manager: int) -> None:
    run = await refused(engine, manager)
    with pytest.raises(DigestGone):
        await engine.write(undelivered_digests.send_again, office.owner_id, run, engine.now())


async def test_what_is_long_past_is_not_listed(engine: Engine, manager: int, clock: Clock) -> None:
    await refused(engine, manager)
    clock.at += LISTED_FOR * 1.01
    assert await listed(engine, manager) == []


async def test_a_digest_about_a_department_that_is_lost_is_not_sent_again(engine: Engine, manager: int) -> None:
    run = await refused(engine, manager)
    [digest] = (await engine.read(digest_cards.listing, manager)).cards
    sales = await engine.read(department_id, "Sales")
    await engine.write(digest_editing.choose_department, manager, digest.named.digest_id, sales)
    await engine.write(people.set_managed, manager, [])
    with pytest.raises(DepartmentGone):
        await send_again(engine, manager, run)


async def test_the_next_digest_that_arrives_says_once_what_did_not(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    for email in ("anna@example.com", "ben@example.com"):
        await office.sign_up((await office.profile()).token, email)
        clock.advance(minutes=1)
        await refused(engine, manager)
        at = engine.now()
    clock.advance(minutes=1)
    assert await arrived(engine, manager) == Missed(number=2, last_at=at, certain=True)
    clock.advance(minutes=1)
    assert await arrived(engine, manager) is None


async def test_a_digest_that_is_read_again_says_what_it_said(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    lost = await refused_with_news(office, manager, clock)
    told = await arrived(engine, manager)
    again = await engine.read(digests.again, manager, lost + 1, chat_id=1002)
    assert again is not None
    assert told is not None
    assert again.missed == told


async def test_what_was_sent_again_is_not_said_to_be_missing(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    run = await refused_with_news(office, manager, clock)
    assert await send_again(engine, manager, run)
    [again] = [each for each in await claim(engine) if each.kind is Kind.DIGEST]
    await start(engine, again)
    await engine.write(outbox.finish, again.message_id, "one", engine.now())
    clock.advance(minutes=1)
    assert await arrived(engine, manager) is None


async def test_a_digest_in_another_chat_does_not_say_it(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    await refused_with_news(office, manager, clock)
    assert await arrived(engine, manager, chat_id=-5) is None
    assert await arrived(engine, manager) is not None


async def test_a_digest_of_somebody_else_does_not_say_it(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    await refused_with_news(office, manager, clock)
    assert await arrived(engine, office.owner_id) is None


async def test_a_weekly_digest_says_that_the_one_before_did_not_arrive(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    await refused_with_news(office, manager, clock)
    clock.advance(days=7, hours=1)
    assert await arrived(engine, manager) is not None


async def test_what_telegram_did_not_confirm_may_have_arrived(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    await office.sign_up((await office.profile()).token)
    message, _ = await sending(engine, manager)
    await engine.write(outbox.refuse, message, "one", engine.now())
    clock.advance(minutes=1)
    found = await arrived(engine, manager)
    assert found is not None
    assert not found.certain


async def test_the_first_screen_counts_what_can_be_sent_again(engine: Engine, office: Office, manager: int) -> None:
    run = await refused(engine, manager)
    found = (await engine.read(home.show, manager, engine.now())).missed_digests
    assert found == Missed(number=1, last_at=engine.now(), certain=True)
    assert (await engine.read(home.show, office.owner_id, engine.now())).missed_digests is None
    assert await send_again(engine, manager, run)
    assert (await engine.read(home.show, manager, engine.now())).missed_digests is None
