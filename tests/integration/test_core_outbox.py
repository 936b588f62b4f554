"""Messages kept until they are sent, and sent once."""

import asyncio
from datetime import timedelta

import pytest

from core.domain.outbox import LEASE, SENDING, Kind
from core.engine import Engine
from core.services import outbox, unconfirmed
from core.services.outbox import KEPT, REPEATED_AFTER
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.outbox_messages import claim, counts, finish, queue, sending, start
from tests.support.transactions import under_way, until_somebody_waits


async def test_a_message_says_what_it_is_about_and_in_which_language(engine: Engine, office: Office) -> None:
    await queue(office, subject=12)
    [message] = await claim(engine)
    assert (message.kind, message.subject_id, message.user_id) == (Kind.FIRST_LEARNER, 12, office.owner_id)
    assert (message.chat_id, message.language, message.again) == (1001, "en", False)


async def test_a_message_is_sent_once(engine: Engine, office: Office, clock: Clock) -> None:
    message = await sending(office)
    await finish(engine, message)
    clock.advance(days=1)
    assert not await engine.read(outbox.anything_to_do, clock())
    assert await claim(engine) == []
    assert await counts(engine) == {"sent": 1}


async def test_messages_are_claimed_in_the_order_they_were_queued(engine: Engine, office: Office) -> None:
    for subject in range(60):
        await queue(office, subject=subject, chat_id=2000 + subject)
    assert [message.subject_id for message in await claim(engine)] == list(range(50))
    assert [message.subject_id for message in await claim(engine)] == list(range(50, 60))


async def test_a_chat_gets_its_messages_one_after_the_other(engine: Engine, office: Office) -> None:
    for subject in (1, 2):
        await queue(office, subject=subject)
    [first] = await claim(engine)
    await start(engine, first)
    assert await claim(engine, "two") == []
    await finish(engine, first)
    assert [message.subject_id for message in (first, *await claim(engine, "two"))] == [1, 2]


async def test_no_text_waits_for_a_file_to_the_same_chat(engine: Engine, office: Office) -> None:
    await queue(office, kind=Kind.DIGEST_PICTURE)
    await queue(office, kind=Kind.ACCESS_WANTED)
    assert [message.kind for message in await claim(engine)] == [Kind.ACCESS_WANTED, Kind.DIGEST_PICTURE]


async def test_a_file_comes_after_the_texts_that_were_queued_before_it(engine: Engine, office: Office) -> None:
    await queue(office, kind=Kind.DIGEST)
    await queue(office, kind=Kind.DIGEST_PICTURE)
    await queue(office, kind=Kind.DIGEST_SPREADSHEET)
    for kind in (Kind.DIGEST, Kind.DIGEST_PICTURE, Kind.DIGEST_SPREADSHEET):
        [message] = await claim(engine)
        assert message.kind == kind
        await start(engine, message)
        assert await claim(engine) == []
        await finish(engine, message)


async def test_only_so_many_files_are_claimed_beside_texts(engine: Engine, office: Office) -> None:
    for chat_id in range(2000, 2003):
        await queue(office, chat_id=chat_id, kind=Kind.DIGEST_SPREADSHEET)
        await queue(office, chat_id=chat_id)
    claimed = await engine.write(outbox.claim, "one", engine.now(), files_at_most=2)
    assert sum(message.kind is Kind.DIGEST_SPREADSHEET for message in claimed) == 2
    assert sum(message.kind is Kind.FIRST_LEARNER for message in claimed) == 3


async def test_what_was_meant_for_a_group_goes_to_the_supergroup_that_it_has_become(
    engine: Engine, office: Office
) -> None:
    await queue(office, chat_id=-5)
    await engine.write(outbox.chat_moved, -5, -1005)
    assert [message.chat_id for message in await claim(engine)] == [-1005]


async def test_a_message_is_claimed_by_one_holder(
    engine: Engine, office: Office, database_url: str, clock: Clock
) -> None:
    for subject in range(30):
        await queue(office, subject=subject, chat_id=2000 + subject)
    other = Engine(database_url, clock=clock)
    claims = (claim(one, holder) for one, holder in ((engine, "one"), (other, "two")) for _ in range(3))
    claimed = [message.subject_id for messages in await asyncio.gather(*claims) for message in messages]
    await other.close()
    assert sorted(claimed) == list(range(30))


async def test_a_claimed_message_is_nobody_elses_while_the_lease_runs(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await queue(office)
    [message] = await claim(engine)
    clock.at += LEASE - timedelta(microseconds=1)
    assert await claim(engine, "two") == []
    assert not await start(engine, message, "two")


async def test_a_lease_that_has_run_out_is_taken_over(engine: Engine, office: Office, clock: Clock) -> None:
    await queue(office)
    [message] = await claim(engine)
    clock.at += LEASE
    assert await engine.read(outbox.anything_to_do, clock())
    assert await claim(engine, "two") == [message]
    assert not await start(engine, message, "one")
    assert await start(engine, message, "two")


async def test_a_lease_is_renewed_as_long_as_its_holder_is_alive(engine: Engine, office: Office, clock: Clock) -> None:
    await queue(office)
    [message] = await claim(engine)
    for _ in range(3):
        clock.at += LEASE - timedelta(seconds=1)
        held = [message.message_id]
        assert await engine.write(outbox.claim, "one", clock(), in_hand=held) == []
        assert await claim(engine, "two") == []
    assert await start(engine, message)
    assert not await start(engine, message, "two")


async def test_who_lost_a_lease_cannot_renew_it(engine: Engine, office: Office, clock: Clock) -> None:
    await queue(office)
    [message] = await claim(engine)
    clock.at += LEASE
    assert await claim(engine, "two") == [message]
    assert await engine.write(outbox.claim, "one", clock(), in_hand=[message.message_id]) == []
    clock.at += LEASE
    assert await claim(engine) == [message]


async def test_a_message_is_not_sent_twice_by_its_holder(engine: Engine, office: Office) -> None:
    message = await sending(office)
    assert not await start(engine, message)


async def test_a_message_whose_sender_died_goes_out_again_and_says_so(
    engine: Engine, office: Office, clock: Clock
) -> None:
    first = await sending(office)
    clock.at += SENDING
    assert await engine.read(outbox.anything_to_do, clock())
    [second] = await claim(engine, "two")
    assert (second.again, second.kind, second.subject_id) == (True, first.kind, first.subject_id)
    assert await start(engine, second, "two")
    assert await counts(engine) == {"unknown": 1, "sending": 1}


async def test_a_sending_that_takes_its_time_is_not_stranded(engine: Engine, office: Office, clock: Clock) -> None:
    await sending(office)
    clock.at += SENDING - timedelta(microseconds=1)
    assert await claim(engine, "two") == []
    assert await counts(engine) == {"sending": 1}


async def test_an_unconfirmed_message_goes_out_again_after_growing_pauses_and_says_so(
    engine: Engine, office: Office, clock: Clock
) -> None:
    message = await sending(office)
    for pause in REPEATED_AFTER:
        await engine.write(outbox.mark_unconfirmed, message.message_id, "one", engine.now())
        if pause:
            clock.at += pause - timedelta(microseconds=1)
            assert await claim(engine) == []
            clock.at += timedelta(microseconds=1)
        [message] = await claim(engine)
        assert message.again
        await start(engine, message)
    await engine.write(outbox.mark_unconfirmed, message.message_id, "one", engine.now())
    clock.advance(days=1)
    assert await claim(engine) == []
    assert await counts(engine) == {"unknown": 1 + len(REPEATED_AFTER)}


async def test_a_report_from_who_lost_the_message_changes_nothing(engine: Engine, office: Office, clock: Clock) -> None:
    first = await sending(office)
    clock.at += SENDING
    [second] = await claim(engine, "two")
    await engine.write(outbox.mark_unconfirmed, first.message_id, "one", engine.now())
    assert await counts(engine) == {"unknown": 1, "claimed": 1}
    assert second.again


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_an_unconfirmed_message_while_another_process_takes_over_is_counted_once(
    engine: Engine, office: Office, clock: Clock
) -> None:
    first = await sending(office)
    clock.at += SENDING
    async with under_way(engine, lambda session: outbox.claim(session, "two", clock())) as take_over:
        reported = asyncio.create_task(engine.write(outbox.mark_unconfirmed, first.message_id, "one", clock()))
        await until_somebody_waits(engine)
    await asyncio.gather(take_over, reported)
    assert await counts(engine) == {"unknown": 1, "claimed": 1}


async def test_a_message_that_surely_did_not_arrive_is_put_back_for_a_while(
    engine: Engine, office: Office, clock: Clock
) -> None:
    message = await sending(office)
    later = clock() + timedelta(seconds=30)
    await engine.write(outbox.postpone, message.message_id, "one", later)
    assert await claim(engine) == []
    clock.at = later
    assert await claim(engine, "two") == [message]


async def test_a_message_that_has_nothing_to_say_any_more_is_dropped(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await queue(office)
    [message] = await claim(engine)
    await engine.write(outbox.drop, message.message_id, "one", clock())
    clock.advance(days=1)
    assert await claim(engine) == []
    assert await counts(engine) == {"failed": 1}


async def test_a_message_that_telegram_finds_fault_with_stays_for_a_person_to_see(
    engine: Engine, office: Office
) -> None:
    message = await sending(office)
    await engine.write(outbox.refuse, message.message_id, "one", engine.now())
    assert await claim(engine) == []
    found = await engine.read(unconfirmed.listing, office.owner_id, engine.now())
    assert [each.kind for each in found.newest] == [Kind.FIRST_LEARNER]


async def test_what_ended_long_ago_is_forgotten(engine: Engine, office: Office, clock: Clock) -> None:
    await finish(engine, await sending(office))
    clock.at += KEPT
    await queue(office)
    await engine.write(outbox.sweep, clock())
    assert await counts(engine) == {"sent": 1, "waiting": 1}
    clock.advance(seconds=1)
    await engine.write(outbox.sweep, clock())
    assert await counts(engine) == {"waiting": 1}


async def test_a_holder_that_ends_puts_back_what_it_has_not_begun_to_send(engine: Engine, office: Office) -> None:
    begun = await sending(office)
    await queue(office, chat_id=1002)
    [waiting] = await claim(engine)
    for message in (begun, waiting):
        await engine.write(outbox.put_back, message.message_id, "one")
    assert await claim(engine, "two") == [waiting]


async def test_who_lost_a_message_cannot_finish_postpone_or_drop_it(
    engine: Engine, office: Office, clock: Clock
) -> None:
    message = await sending(office)
    await finish(engine, message, "two")
    await engine.write(outbox.postpone, message.message_id, "two", clock())
    await engine.write(outbox.drop, message.message_id, "two", clock())
    await engine.write(outbox.fail, message.message_id, "two", clock())
    await engine.write(outbox.put_back, message.message_id, "two")
    assert await counts(engine) == {"sending": 1}


async def test_a_message_that_nobody_postponed_does_not_wait_for_the_clock(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await queue(office)
    clock.advance(hours=-1)
    assert await engine.read(outbox.anything_to_do, engine.now())
    assert len(await claim(engine)) == 1


async def test_a_message_claimed_before_the_clock_was_set_back_is_taken_over_by_others_only(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await queue(office)
    [message] = await claim(engine)
    clock.advance(hours=-1)
    assert await engine.read(outbox.anything_to_do, engine.now())
    assert await claim(engine) == []
    assert [taken.message_id for taken in await claim(engine, "two")] == [message.message_id]
    assert not await start(engine, message)


async def test_a_message_that_was_being_sent_before_the_clock_was_set_back_goes_out_again_and_says_so(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await sending(office)
    clock.advance(hours=-1)
    assert [taken.again for taken in await claim(engine, "two")] == [True]


async def test_what_waits_for_a_later_moment_can_be_sent_at_once(engine: Engine, office: Office, clock: Clock) -> None:
    message = await sending(office)
    await engine.write(outbox.postpone, message.message_id, "one", clock() + timedelta(hours=1))
    assert await claim(engine) == []
    await engine.write(outbox.hasten, clock())
    assert len(await claim(engine)) == 1
