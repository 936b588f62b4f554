"""Digests that can't be delivered: they stop once, whom it concerns hears, and they go on with one message at most."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from core.domain.access import Role
from core.domain.cadence import parse_cadence
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import DigestGone, NotAllowed, UserNotFound
from core.services import (
    digest_cards,
    digest_editing,
    digest_resuming,
    digests,
    group_digests,
    outbox,
    people,
    personal_data,
    roles,
)
from core.services.digest_resuming import LostGroup, Resumed
from core.services.group_digests import Group
from core.services.outbox import Message
from core.storage.people import set_managed
from core.storage.tables import Question, User
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.digests import queued, summary, tick, waiting
from tests.support.outbox_messages import claim, start
from tests.support.rows import a_manager, a_user, demote, department_id

DAILY = parse_cadence("daily 18:00")
CHAT = 1002
CREW = Group(chat_id=-5, thread_id=None, title="Crew")
TOPIC = 40


@pytest.fixture
async def manager(office: Office) -> int:
    """A manager of Sales with a daily digest, and another one about Sales / EMEA."""
    engine = office.engine
    manager = await a_manager(engine, "Sales", telegram_id=CHAT)
    await engine.write(digests.subscribe, manager, DAILY, CHAT, engine.now())
    newest = (await engine.read(digest_cards.listing, manager)).newest
    emea = await engine.read(department_id, "Sales / EMEA")
    added = await engine.write(digest_editing.add, manager, emea, CHAT, engine.now(), newest=newest)
    await engine.write(digest_editing.reschedule, manager, added.named.digest_id, DAILY, engine.now())
    return manager


async def dues(engine: Engine, manager: int) -> list[datetime | None]:
    return [card.subscription.next_due for card in (await engine.read(digest_cards.listing, manager)).cards]


async def stopped(engine: Engine, manager: int) -> int:
    return len(await engine.read(digest_resuming.stopped, manager))


async def resume(engine: Engine, manager: int) -> Resumed:
    return await engine.write(digest_resuming.resume, manager, engine.now())


async def told(engine: Engine) -> list[tuple[Kind, int]]:
    return [(each.kind, each.user_id) for each in await waiting(engine)]


async def connect(engine: Engine, manager: int) -> None:
    """Let the main digest go to the group."""
    question = await ask(engine, manager, CREW)
    await engine.write(group_digests.confirm, manager, question, engine.now())


async def ask(engine: Engine, manager: int, group: Group) -> int:
    """Ask in a group whether it gets a digest; return the question."""
    await engine.write(group_digests.order, manager, group, DAILY, engine.now())
    return await engine.read(lambda session: max(session.scalars(select(Question.id))))


async def arrive(engine: Engine) -> None:
    """Let everything that waits arrive."""
    while found := await claim(engine):
        for each in found:
            await start(engine, each)
            await engine.write(outbox.finish, each.message_id, "one", engine.now())


async def refuse_one(engine: Engine) -> Message:
    """Let Telegram refuse the next digest, because its recipient blocked the bot."""
    [message] = [each for each in await claim(engine) if each.kind is Kind.DIGEST]
    await start(engine, message)
    await engine.write(outbox.fail, message.message_id, "one", engine.now())
    return message


async def test_who_blocked_the_bot_keeps_what_stopped(engine: Engine, manager: int) -> None:
    before = (await engine.read(digest_cards.listing, manager)).cards
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    assert await dues(engine, manager) == [None, None]
    after = await engine.read(digest_resuming.stopped, manager)
    assert [card.subscription.cadence for card in after] == [DAILY, DAILY]
    assert [card.named for card in after] == [card.named for card in before]


async def test_the_owner_hears_how_many_digests_have_stopped_if_nobody_else_manages_the_person(
    engine: Engine, office: Office, manager: int
) -> None:
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    assert await told(engine) == [(Kind.UNREACHABLE, office.owner_id)]
    found = await engine.read(digest_resuming.stopped_of, office.owner_id, manager)
    assert found
    assert found.number == 2


async def test_the_administrators_of_their_department_hear_and_not_the_owner(engine: Engine, manager: int) -> None:
    above = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales", telegram_id=1003)
    await a_user(engine, Role.ADMINISTRATOR, telegram_id=1004)
    sales = await engine.read(department_id, "Sales")
    await engine.write(lambda session: setattr(session.get_one(User, manager), "department_id", sales))
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    assert await told(engine) == [(Kind.UNREACHABLE, above)]


async def test_who_lost_the_right_has_all_digests_stopped_and_it_is_told(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    await demote(engine, manager)
    clock.advance(days=1)
    await tick(engine)
    for message in await queued(engine):
        await engine.write(digests.give_up, manager, message.subject_id, engine.now())
    assert await told(engine) == [(Kind.DIGEST_RIGHT_LOST, office.owner_id)]


async def test_who_got_the_right_back_is_told_of_the_stopped_digests(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    await demote(engine, manager)
    clock.advance(days=1)
    await tick(engine)
    [message, *_] = await queued(engine)
    await engine.write(digests.give_up, manager, message.subject_id, engine.now())
    with pytest.raises(NotAllowed):
        await stopped(engine, manager)
    await engine.write(roles.assign, office.owner_id, manager, "department administrator", ["Sales"], engine.now())
    assert (Kind.RIGHTS_CHANGED, manager) in await told(engine)
    assert await stopped(engine, manager) == 2


async def test_who_is_active_again_is_told_which_digests_have_stopped_and_of_no_rights(
    engine: Engine, office: Office, manager: int
) -> None:
    await engine.write(people.deactivate, office.owner_id, manager, engine.now())
    await engine.write(people.activate, office.owner_id, manager, engine.now())
    assert await told(engine) == []
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    await waiting(engine)
    await engine.write(people.deactivate, office.owner_id, manager, engine.now())
    await engine.write(people.activate, office.owner_id, manager, engine.now())
    assert await told(engine) == [(Kind.DIGESTS_RESUMABLE, manager)]


async def test_who_is_active_again_as_a_learner_or_has_lost_the_department_is_told_of_no_digest(
    engine: Engine, office: Office, manager: int
) -> None:
    await engine.write(digests.unsubscribe, manager, engine.now())
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    await waiting(engine)
    for losing in (engine.write(set_managed, manager, []), demote(engine, manager)):
        await losing
        await engine.write(people.deactivate, office.owner_id, manager, engine.now())
        await engine.write(people.activate, office.owner_id, manager, engine.now())
        assert await told(engine) == []


async def test_resumed_digests_catch_up_once_with_what_did_not_arrive(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    profile = await office.profile(window="now - +2 months")
    for day in range(3):
        await office.sign_up(profile.token, f"learner{day}@example.com")
        clock.advance(days=1)
        await tick(engine)
        if not day:
            await refuse_one(engine)
    await waiting(engine)
    assert await resume(engine, manager) == Resumed(resumed=2, staying=0)
    assert await tick(engine) == 2
    caught_up = [await summary(engine, message) for message in await queued(engine)]
    assert [each.shown for each in caught_up if not each.of_department] == [3]
    assert await tick(engine) == 0
    assert all(due and due > engine.now() + digests.REST for due in await dues(engine, manager))


async def test_digests_that_have_missed_nothing_come_at_their_time(engine: Engine, manager: int, clock: Clock) -> None:
    due = await dues(engine, manager)
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    clock.advance(hours=1)
    await resume(engine, manager)
    assert await dues(engine, manager) == due
    assert await tick(engine) == 0


async def test_a_digest_that_was_on_its_way_is_not_sent_behind_the_one_that_catches_up(
    engine: Engine, manager: int, clock: Clock
) -> None:
    clock.advance(days=1)
    assert await tick(engine) == 2
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    await resume(engine, manager)
    await tick(engine)
    assert len(await queued(engine)) == 2


async def test_a_digest_stays_stopped_while_its_department_is_not_the_persons(engine: Engine, manager: int) -> None:
    emea = await engine.read(department_id, "Sales / EMEA")
    await engine.write(digests.unsubscribe, manager, engine.now())
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    await engine.write(set_managed, manager, [])
    assert await resume(engine, manager) == Resumed(resumed=0, staying=1)
    await engine.write(set_managed, manager, [emea])
    assert await resume(engine, manager) == Resumed(resumed=1, staying=0)


async def test_one_of_them_is_resumed_alone(engine: Engine, manager: int) -> None:
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    first, second = await engine.read(digest_resuming.stopped, manager)
    number = second.named.digest_id
    resumed = await engine.write(digest_resuming.resume, manager, engine.now(), digest_id=number)
    assert resumed == Resumed(resumed=1, staying=0)
    assert [card.named for card in await engine.read(digest_resuming.stopped, manager)] == [first.named]


async def test_nobody_resumes_the_digest_of_another(engine: Engine, office: Office, manager: int) -> None:
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    number = (await engine.read(digest_resuming.stopped, manager))[0].named.digest_id
    resumed = await engine.write(digest_resuming.resume, office.owner_id, engine.now(), digest_id=number)
    assert resumed == Resumed(resumed=0, staying=0)
    assert await stopped(engine, manager) == 2


async def test_only_who_may_receive_digests_resumes_them(engine: Engine, manager: int) -> None:
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    await demote(engine, manager)
    with pytest.raises(NotAllowed):
        await resume(engine, manager)


async def test_a_new_schedule_resumes_a_digest_and_turning_it_off_ends_it(engine: Engine, manager: int) -> None:
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    await engine.write(digests.subscribe, manager, DAILY, CHAT, engine.now())
    assert await stopped(engine, manager) == 1
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    await engine.write(digests.unsubscribe, manager, engine.now())
    assert await stopped(engine, manager) == 1


async def test_who_manages_somebody_else_reads_nothing_of_stopped_digests(engine: Engine, manager: int) -> None:
    other = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales / EMEA", telegram_id=1005)
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    with pytest.raises(UserNotFound):
        await engine.read(digest_resuming.stopped_of, other, manager)


async def test_nothing_is_told_of_digests_that_go_on_again(engine: Engine, office: Office, manager: int) -> None:
    await engine.write(outbox.chat_lost, CHAT, engine.now())
    await resume(engine, manager)
    assert await engine.read(digest_resuming.stopped_of, office.owner_id, manager) is None


async def test_digests_stop_and_go_on_once_whoever_notices_first(engine: Engine, manager: int, clock: Clock) -> None:
    await asyncio.gather(*(engine.write(outbox.chat_lost, CHAT, engine.now()) for _ in range(4)))
    assert len(await told(engine)) == 1
    clock.advance(days=2)
    resumed = await asyncio.gather(*(resume(engine, manager) for _ in range(4)))
    assert sorted(each.resumed for each in resumed) == [0, 0, 0, 2]
    assert sum(await asyncio.gather(*(tick(engine) for _ in range(4)))) == 2
    assert len(await queued(engine)) == 2


async def test_what_a_group_got_of_a_digest_that_came_to_the_private_chat_before_is_not_told_again(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    await office.sign_up((await office.profile()).token, "anna@example.com")
    await engine.write(digests.request, manager, CHAT, engine.now())
    await refuse_one(engine)
    await connect(engine, manager)
    clock.advance(minutes=1)
    await engine.write(group_digests.order, manager, CREW, None, engine.now())
    await arrive(engine)
    [due, _] = await dues(engine, manager)
    await engine.write(outbox.chat_lost, CREW.chat_id, engine.now())
    clock.advance(minutes=1)
    await resume(engine, manager)
    assert (await dues(engine, manager))[0] == due
    await engine.write(digests.request, manager, CHAT, engine.now())
    assert (await summary(engine, (await queued(engine))[-1])).shown == 0


async def test_a_copy_for_oneself_is_no_news_to_the_group(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    await connect(engine, manager)
    await arrive(engine)
    await office.sign_up((await office.profile()).token, "anna@example.com")
    await engine.write(group_digests.order, manager, CREW, None, engine.now())
    clock.advance(minutes=1)
    [to_group] = [each for each in await claim(engine) if each.chat_id == CREW.chat_id]
    await engine.write(digests.request, manager, CHAT, engine.now())
    await arrive(engine)
    await start(engine, to_group)
    await engine.write(outbox.fail, to_group.message_id, "one", engine.now())
    await resume(engine, manager)
    await tick(engine)
    assert [(await summary(engine, each)).shown for each in await queued(engine)] == [1]


async def lose_the_group(engine: Engine, manager: int) -> LostGroup:
    """Let the main digest go to the group, and the bot be removed there; return what the notice is about."""
    await connect(engine, manager)
    await arrive(engine)
    return await removed_from(engine, manager, CREW.chat_id)


async def lose_two_topics(engine: Engine, manager: int) -> tuple[LostGroup, list[int]]:
    """Let both digests go to topics of the group, and the bot be removed there; return the digests, too."""
    numbers = [card.named.digest_id for card in (await engine.read(digest_cards.listing, manager)).cards]
    questions = [await ask(engine, manager, replace(CREW, thread_id=TOPIC + topic)) for topic in range(2)]
    for number, question in zip(numbers, questions, strict=True):
        await engine.write(group_digests.confirm, manager, question, engine.now(), digest_id=number)
    await arrive(engine)
    return await removed_from(engine, manager, CREW.chat_id), numbers


async def removed_from(engine: Engine, manager: int, chat_id: int) -> LostGroup:
    await engine.write(outbox.chat_lost, chat_id, engine.now())
    group = await lost_group(engine, manager)
    assert group
    return group


async def lost_group(engine: Engine, manager: int) -> LostGroup | None:
    """Return what the only notice about a lost group is about now."""
    [notice] = [each for each in await waiting(engine) if each.kind is Kind.GROUP_LOST]
    return await engine.read(digest_resuming.lost_group, manager, notice.subject_id)


async def test_a_digest_whose_group_is_back_goes_on_there_with_one_message_for_what_was_missed(
    engine: Engine, manager: int, clock: Clock
) -> None:
    group = await lose_the_group(engine, manager)
    assert (group.chat_id, group.threads, group.title, group.number) == (CREW.chat_id, (None,), "Crew", 1)
    [card] = await engine.read(digest_resuming.stopped, manager)
    assert (card.lost_group, card.subscription.group_title) == ("Crew", None)
    await engine.write(digest_editing.send_spreadsheet, manager, group.digest_id, on=True, seen=0)
    clock.advance(days=3)
    await tick(engine)
    await arrive(engine)
    assert await resume_there(engine, manager, group) == Resumed(resumed=1, staying=0)
    card = await engine.read(digest_cards.card, manager, group.digest_id)
    assert (card.subscription.group_title, card.lost_group, card.spreadsheet) == ("Crew", None, False)
    await tick(engine)
    assert [(each.kind, each.chat_id) for each in await claim(engine)] == [(Kind.DIGEST, CREW.chat_id)]
    assert await engine.read(digest_resuming.lost_group_of, manager, group.digest_id) is None
    assert await resume_there(engine, manager, group) == Resumed(resumed=0, staying=0)


async def resume_there(engine: Engine, manager: int, group: LostGroup) -> Resumed:
    """Let digests go on in each topic of a group that is back."""
    chats = dict.fromkeys(group.threads, CREW.chat_id)
    return await engine.write(digest_resuming.resume_there, manager, group.chat_id, chats, engine.now())


async def test_who_loses_a_group_of_several_topics_is_told_once_of_all_digests_there(
    engine: Engine, manager: int
) -> None:
    group, _ = await lose_two_topics(engine, manager)
    assert (group.number, group.threads) == (2, (TOPIC, TOPIC + 1))


async def test_digests_of_a_lost_group_are_told_of_though_the_first_of_them_goes_on_or_is_deleted(
    engine: Engine, manager: int
) -> None:
    group, [first, second] = await lose_two_topics(engine, manager)
    await engine.write(digest_resuming.resume, manager, engine.now(), digest_id=first)
    rest = await engine.read(digest_resuming.lost_group, manager, group.chat_id)
    assert rest
    assert (rest.number, rest.threads, rest.digest_id) == (1, (TOPIC + 1,), second)
    await engine.write(digest_editing.remove, manager, second, engine.now())
    assert await engine.read(digest_resuming.lost_group, manager, group.chat_id) is None


async def test_digests_of_each_topic_go_on_in_it_and_those_of_a_closed_topic_stay(engine: Engine, manager: int) -> None:
    group, [first, second] = await lose_two_topics(engine, manager)
    chats: dict[int | None, int] = {TOPIC + 1: CREW.chat_id}
    done = await engine.write(digest_resuming.resume_there, manager, group.chat_id, chats, engine.now())
    assert done == Resumed(resumed=1, staying=0)
    assert await engine.read(digest_resuming.lost_group_of, manager, second) is None
    rest = await engine.read(digest_resuming.lost_group_of, manager, first)
    assert rest
    assert rest.threads == (TOPIC,)


async def test_a_notice_about_a_lost_group_of_before_is_about_none(engine: Engine, manager: int) -> None:
    group = await lose_the_group(engine, manager)
    for subject in (manager, group.digest_id):
        assert await engine.read(digest_resuming.lost_group, manager, subject) is None


async def test_a_digest_that_is_resumed_in_private_forgets_the_group_that_it_lost(engine: Engine, manager: int) -> None:
    number = (await lose_the_group(engine, manager)).digest_id
    await resume(engine, manager)
    assert await engine.read(digest_resuming.lost_group_of, manager, number) is None
    assert (await engine.read(digest_cards.card, manager, number)).subscription.chat_id == CHAT


async def test_a_lost_group_that_becomes_a_supergroup_is_known_by_its_new_number(engine: Engine, manager: int) -> None:
    await connect(engine, manager)
    await arrive(engine)
    await engine.write(outbox.chat_lost, CREW.chat_id, engine.now())
    await engine.write(outbox.chat_moved, CREW.chat_id, -1005)
    group = await lost_group(engine, manager)
    assert group
    assert group.chat_id == -1005


async def test_only_ones_own_digests_go_on_in_a_group_and_those_whose_department_is_ones_own(
    engine: Engine, office: Office, manager: int
) -> None:
    group = await lose_the_group(engine, manager)
    with pytest.raises(DigestGone):
        await engine.read(digest_resuming.lost_group_of, office.owner_id, group.digest_id)
    assert await resume_there(engine, office.owner_id, group) == Resumed(resumed=0, staying=0)
    emea = await engine.read(department_id, "Sales / EMEA")
    await engine.write(digest_editing.choose_department, manager, group.digest_id, emea)
    await engine.write(set_managed, manager, [])
    assert await resume_there(engine, manager, group) == Resumed(resumed=0, staying=1)


async def test_a_persons_data_name_the_group_that_a_digest_has_lost(
    engine: Engine, office: Office, manager: int
) -> None:
    await lose_the_group(engine, manager)
    data = await engine.write(personal_data.export, office.owner_id, manager, engine.now())
    assert "Crew" in str(data)


async def test_all_that_have_stopped_for_a_group_go_on_in_private_and_no_other(engine: Engine, manager: int) -> None:
    group, numbers = await lose_two_topics(engine, manager)
    for number in numbers:
        found = await engine.read(digest_resuming.stopped_with, manager, number)
        assert [card.named.digest_id for card in found] == numbers
    resumed = await engine.write(digest_resuming.resume, manager, engine.now(), lost_chat_id=-9)
    assert resumed == Resumed(resumed=0, staying=0)
    resumed = await engine.write(digest_resuming.resume, manager, engine.now(), lost_chat_id=group.chat_id)
    assert resumed == Resumed(resumed=2, staying=0)
    assert await engine.read(digest_resuming.stopped_with, manager, numbers[0]) == ()
