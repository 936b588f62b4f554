"""When digests are due, and that each is queued once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.domain.cadence import parse_cadence
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import NotSubscribed
from core.services import digest_stops, digests, time_zone
from core.services.time_zone import Keep
from core.storage import digests as stored
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.digests import ask, queued, subscribe, summary, tick
from tests.support.rows import a_manager, demote
from tests.support.transactions import under_way, until_somebody_waits


async def test_nobody_has_a_schedule_before_they_set_one(engine: Engine, office: Office) -> None:
    found = await engine.read(digests.subscription, office.owner_id)
    assert (found.cadence, found.next_due, found.zone.key) == (None, None, "UTC")


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("daily 18:00", datetime(2026, 11, 23, 18, tzinfo=UTC)),
        ("weekly mon 09:00", datetime(2026, 11, 30, 9, tzinfo=UTC)),
        ("monthly 31 09:05", datetime(2026, 11, 30, 9, 5, tzinfo=UTC)),
    ],
)
async def test_a_schedule_is_kept_as_it_was_set(engine: Engine, office: Office, text: str, due: datetime) -> None:
    subscribed = await subscribe(engine, office.owner_id, text)
    assert (subscribed.cadence, subscribed.next_due) == (parse_cadence(text), due)
    assert await engine.read(digests.subscription, office.owner_id) == subscribed


async def test_a_new_schedule_replaces_the_old_one(engine: Engine, office: Office) -> None:
    await subscribe(engine, office.owner_id, "weekly mon 09:00")
    subscribed = await subscribe(engine, office.owner_id)
    assert await engine.read(digests.subscription, office.owner_id) == subscribed


async def test_a_schedule_ends_once(engine: Engine, office: Office, clock: Clock) -> None:
    await subscribe(engine, office.owner_id)
    await engine.write(digests.unsubscribe, office.owner_id, engine.now())
    clock.advance(days=2)
    assert await tick(engine) == 0
    with pytest.raises(NotSubscribed):
        await engine.write(digests.unsubscribe, office.owner_id, engine.now())


async def test_there_is_no_schedule_to_end_for_who_only_asked(engine: Engine, office: Office) -> None:
    await ask(engine, office.owner_id)
    with pytest.raises(NotSubscribed):
        await engine.write(digests.unsubscribe, office.owner_id, engine.now())


@pytest.mark.usefixtures("office")
async def test_the_service_ends_the_schedule_of_who_lost_the_right(engine: Engine, clock: Clock) -> None:
    manager = await a_manager(engine, "Sales")
    await subscribe(engine, manager)
    await demote(engine, manager)
    await engine.write(digest_stops.stop_all, manager, Kind.DIGEST_RIGHT_LOST, engine.now())
    clock.advance(days=1)
    assert await tick(engine) == 0


async def test_a_digest_is_queued_at_its_moment_and_not_before(engine: Engine, office: Office, clock: Clock) -> None:
    await subscribe(engine, office.owner_id)
    clock.advance(hours=6, microseconds=-1)
    assert (await engine.read(digests.any_due, clock()), await tick(engine)) == (False, 0)
    clock.advance(microseconds=1)
    assert (await engine.read(digests.any_due, clock()), await tick(engine)) == (True, 1)
    [message] = await queued(engine)
    assert (message.user_id, message.chat_id) == (office.owner_id, 1001)
    assert await tick(engine) == 0


async def test_a_due_digest_and_one_asked_for_tell_everything_once(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    await subscribe(engine, office.owner_id)
    await office.sign_up(card.token)
    asked = await ask(engine, office.owner_id)
    clock.advance(hours=6)
    await tick(engine)
    [message] = await queued(engine)
    assert (asked.shown, (await summary(engine, message)).shown) == (1, 0)


async def test_what_was_missed_while_the_service_was_down_is_caught_up_in_one_digest(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await subscribe(engine, office.owner_id)
    clock.advance(days=5)
    assert await tick(engine) == 1
    assert await tick(engine) == 0
    assert len(await queued(engine)) == 1
    next_due = (await engine.read(digests.subscription, office.owner_id)).next_due
    assert next_due == datetime(2026, 11, 28, 18, tzinfo=UTC)


async def test_a_due_digest_is_queued_once_by_several_processes(
    engine: Engine, office: Office, database_url: str, clock: Clock
) -> None:
    for recipient in [office.owner_id, *[await a_manager(engine, "Sales") for _ in range(5)]]:
        await subscribe(engine, recipient)
    clock.advance(days=1)
    other = Engine(database_url, clock=clock)
    counts = await asyncio.gather(*(tick(one) for one in (engine, other) for _ in range(4)))
    await other.close()
    assert sum(counts) == 6
    assert len({message.user_id for message in await queued(engine)}) == 6


async def test_a_moment_is_not_due_again_by_a_clock_that_lags_behind(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await subscribe(engine, office.owner_id)
    clock.advance(hours=6)
    await tick(engine)
    clock.advance(seconds=-5)
    assert (await subscribe(engine, office.owner_id)).next_due == datetime(2026, 11, 24, 18, tzinfo=UTC)


async def test_a_digest_that_has_run_for_its_instant_already_holds_up_no_other_one(
    engine: Engine, office: Office, clock: Clock
) -> None:
    manager_id = await a_manager(engine)
    due = {(await subscribe(engine, user_id)).next_due for user_id in (office.owner_id, manager_id)}

    def run_by_hand(session: Session) -> None:
        digest = stored.lock(session, office.owner_id)
        assert digest is not None
        covers = {"covers_after": 0, "covers_through": 0, "covers_since": None, "covers_until": clock()}
        assert stored.add_run(session, digest_id=digest.id, due_at=digest.next_due, **covers)

    await engine.write(run_by_hand)
    clock.advance(days=1)
    assert await tick(engine) == 1
    assert await tick(engine) == 0
    assert [message.user_id for message in await queued(engine)] == [manager_id]
    assert (await engine.read(digests.subscription, office.owner_id)).next_due not in due


async def test_a_zone_that_changes_moves_the_next_digest(engine: Engine, office: Office, clock: Clock) -> None:
    await subscribe(engine, office.owner_id)
    await engine.write(time_zone.change, office.owner_id, "Europe/Riga", Keep.MOMENTS, clock())
    clock.advance(hours=4)
    assert await tick(engine) == 1
    assert (await engine.read(digests.subscription, office.owner_id)).next_due == clock() + timedelta(days=1)


async def test_a_first_digest_asked_for_twice_at_once_is_two_messages(engine: Engine, office: Office) -> None:
    requests = (engine.write(digests.request, office.owner_id, 1001, engine.now()) for _ in range(5))
    await asyncio.gather(*requests)
    assert len(await queued(engine)) == 5


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_zone_that_changes_while_a_digest_is_queued_counts_for_the_next(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await subscribe(engine, office.owner_id)
    clock.advance(hours=6)
    async with under_way(engine, lambda session: digests.queue_due(session, clock())) as queue:
        change = asyncio.create_task(
            engine.write(time_zone.change, office.owner_id, "Europe/Riga", Keep.MOMENTS, clock())
        )
        await until_somebody_waits(engine)
    await asyncio.gather(queue, change)
    next_due = (await engine.read(digests.subscription, office.owner_id)).next_due
    assert next_due == datetime(2026, 11, 24, 16, tzinfo=UTC)
