"""Several digests of one person: each about its own part of what they see, on its own schedule, changed by itself."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import Permission, Role
from core.domain.cadence import parse_cadence
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import DepartmentGone, DigestGone, NotSubscribed, ProfileNotFound, TooManyDigests
from core.services import (
    department_removal,
    departments,
    digest_cards,
    digest_editing,
    digest_summaries,
    digests,
    group_digests,
    outbox,
)
from core.services.digest_cards import MOST, DigestCard
from core.services.digest_editing import RESTORABLE
from core.services.digest_summaries import Asked, Summary
from core.services.group_digests import Group
from core.storage import people
from core.storage.tables import DigestRun, Question
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.digests import queued, subscribe, summary, tick, waiting
from tests.support.rows import a_manager, a_user, department_id, transfer
from tests.support.statements import counted

CREW = Group(chat_id=-5, thread_id=None, title="Crew")
DAILY = parse_cadence("daily 18:00")


async def add(engine: Engine, actor_id: int, path: str | None = None) -> DigestCard:
    """Add a digest of the acting user about a department, or about all."""
    place = None if path is None else await engine.read(department_id, path)
    newest = (await engine.read(digest_cards.listing, actor_id)).newest
    return await engine.write(digest_editing.add, actor_id, place, 1001, engine.now(), newest=newest)


async def told(engine: Engine, actor_id: int, card: DigestCard) -> Summary:
    """Send a digest now, and read it."""
    await engine.write(digest_editing.send, actor_id, card.named.digest_id, engine.now())
    [message] = await queued(engine)
    return await summary(engine, message)


@pytest.fixture
async def support(engine: Engine, office: Office) -> None:
    """A department besides Sales."""
    await engine.write(departments.add, office.owner_id, "Support", engine.now())


@pytest.mark.usefixtures("support")
async def test_a_digest_of_a_department_tells_what_a_manager_of_it_is_told(engine: Engine, office: Office) -> None:
    sales, support = await office.profile(), await office.profile(name="Helpers", department="Support")
    for number, token in enumerate((sales.token, sales.token, support.token)):
        moved = await office.sign_up(token, f"learner{number}@example.com")
    await transfer(engine, moved.user_id, "Sales")
    owners = await told(engine, office.owner_id, await add(engine, office.owner_id, "Sales"))
    manager = await a_manager(engine, "Sales")
    managers = await told(engine, manager, await add(engine, manager))
    assert owners.news == managers.news
    assert (owners.shown, owners.overview.managed, owners.of_department) == (2, (("Sales",),), True)
    assert not managers.of_department


async def test_a_digest_of_profiles_is_about_them_alone(engine: Engine, office: Office) -> None:
    autumn, interns = await office.profile(), await office.profile(name="Interns")
    for number, token in enumerate((autumn.token, interns.token, interns.token)):
        await office.sign_up(token, f"learner{number}@example.com")
    card = await add(engine, office.owner_id)
    choosing = office.owner_id, card.named.digest_id, interns.profile_id
    await engine.write(digest_editing.choose_profile, *choosing, chosen=True)
    digest = await told(engine, office.owner_id, card)
    assert [(news.name, news.shown) for news in digest.news] == [("Interns", 2)]
    assert [each.name for each in digest.overview.standings] == ["Interns"]
    assert digest.overview.about == ("Interns",)
    await engine.write(digest_editing.choose_profile, *choosing, chosen=False)
    assert [each.name for each in (await told(engine, office.owner_id, card)).overview.standings] != ["Interns"]


async def test_each_has_its_own_schedule_and_covers_what_followed_its_own_last_one(
    engine: Engine, office: Office, clock: Clock
) -> None:
    profile = await office.profile(window="now - +2 months")
    await subscribe(engine, office.owner_id, "daily 18:00")
    weekly = await add(engine, office.owner_id)
    shown: dict[int, list[int]] = {}
    for day in range(8):
        await office.sign_up(profile.token, f"learner{day}@example.com")
        clock.advance(days=1)
        await tick(engine)
        for message in await queued(engine):
            digest_id = await engine.read(_digest_of, message.subject_id)
            shown.setdefault(digest_id, []).append((await summary(engine, message)).shown)
    [of_weekly] = shown.pop(weekly.named.digest_id)
    [of_daily] = shown.values()
    assert of_daily == [1] * 8
    assert of_weekly == 7, "on Monday at nine: all but the last"


def _digest_of(session: Session, run_id: int) -> int:
    return session.get_one(DigestRun, run_id).digest_id


async def test_two_processes_queue_each_of_several_digests_once(engine: Engine, office: Office, clock: Clock) -> None:
    await subscribe(engine, office.owner_id, "weekly mon 09:00")
    for _ in range(3):
        await add(engine, office.owner_id)
    clock.advance(days=8)
    queued_now = await asyncio.gather(*(tick(engine) for _ in range(4)))
    assert sum(queued_now) == 4
    assert len(await queued(engine)) == 4


@pytest.mark.usefixtures("support")
async def test_the_statements_of_one_moment_do_not_grow_with_a_persons_digests(
    engine: Engine, office: Office, clock: Clock
) -> None:
    interns = await office.profile(name="Interns")
    await office.sign_up(interns.token)
    for path in (None, "Support", "Sales", "Sales / EMEA"):
        card = await add(engine, office.owner_id, path)
        if path in {None, "Sales"}:
            args = office.owner_id, card.named.digest_id, interns.profile_id
            await engine.write(digest_editing.choose_profile, *args, chosen=True)
    clock.advance(days=8)
    assert await tick(engine) == 4
    asked = [Asked(recipient_id=office.owner_id, run_id=message.subject_id) for message in await queued(engine)]

    async def cost(number: int) -> int:
        with counted() as count:
            assert len(await engine.read(digest_summaries.summaries, asked[:number])) == number
        return count.cost.statements

    assert await cost(2) == await cost(4)


async def test_a_quiet_digest_is_silent_only_when_it_was_due_and_nobody_joined(
    engine: Engine, office: Office, clock: Clock
) -> None:
    profile, card = await office.profile(window="now - +2 months"), await add(engine, office.owner_id)
    args = office.owner_id, card.named.digest_id
    await engine.write(digest_editing.be_quiet, *args, on=True)
    await engine.write(digest_editing.reschedule, *args, DAILY, engine.now())

    async def silent() -> bool:
        clock.advance(days=1)
        assert await tick(engine) == 1
        [message] = await queued(engine)
        return (await summary(engine, message)).silent

    assert await silent()
    await office.sign_up(profile.token)
    assert not await silent()
    assert not (await told(engine, office.owner_id, card)).silent


async def test_typed_lines_are_about_the_main_digest_and_leave_the_others_alone(engine: Engine, office: Office) -> None:
    other = await add(engine, office.owner_id)
    await subscribe(engine, office.owner_id, "daily 18:00")
    await engine.write(digests.unsubscribe, office.owner_id, engine.now())
    with pytest.raises(NotSubscribed):
        await engine.write(digests.unsubscribe, office.owner_id, engine.now())
    mine = {card.named.digest_id: card for card in (await engine.read(digest_cards.listing, office.owner_id)).cards}
    assert mine.pop(other.named.digest_id) == other
    [main] = mine.values()
    assert (main.main, main.subscription.next_due) == (True, None)


async def test_a_group_can_get_another_digest_than_the_main_one(engine: Engine, office: Office) -> None:
    await subscribe(engine, office.owner_id, "daily 18:00")
    other = await add(engine, office.owner_id, "Sales")
    await engine.write(group_digests.order, office.owner_id, CREW, DAILY, engine.now())
    question = await engine.read(lambda session: max(session.scalars(select(Question.id))))
    asked = await engine.read(group_digests.wanted, office.owner_id, question, engine.now())
    assert asked.others == (other.named,)
    confirming = office.owner_id, question, engine.now()
    await engine.write(group_digests.confirm, *confirming, digest_id=other.named.digest_id)
    after = await engine.read(digest_cards.card, office.owner_id, other.named.digest_id)
    assert (after.subscription.chat_id, after.subscription.cadence) == (-5, DAILY)
    assert (await engine.read(digests.subscription, office.owner_id)).chat_id == 1001
    weekly = parse_cadence("weekly mon 09:00")
    await engine.write(group_digests.order, office.owner_id, CREW, weekly, engine.now())
    assert (await engine.read(digest_cards.card, office.owner_id, other.named.digest_id)).subscription.cadence == weekly
    await engine.write(digests.unsubscribe, office.owner_id, engine.now(), chat_id=-5)
    assert (await engine.read(digests.subscription, office.owner_id)).cadence == DAILY, "a line there ends that one"


async def test_a_tap_that_comes_twice_adds_one(engine: Engine, office: Office) -> None:
    adding = office.owner_id, None, 1001, engine.now()
    cards = await asyncio.gather(*(engine.write(digest_editing.add, *adding, newest=0) for _ in range(4)))
    assert len({card.named.digest_id for card in cards}) == 1
    assert len((await engine.read(digest_cards.listing, office.owner_id)).cards) == 1


async def test_nobody_has_more_than_a_screen_of_them(engine: Engine, office: Office) -> None:
    await subscribe(engine, office.owner_id)
    for _ in range(MOST):
        last = await add(engine, office.owner_id)
    with pytest.raises(TooManyDigests):
        await add(engine, office.owner_id)
    assert not (await engine.read(digest_cards.listing, office.owner_id)).may_add
    await engine.write(digest_editing.remove, office.owner_id, last.named.digest_id, engine.now())
    await add(engine, office.owner_id)
    with pytest.raises(TooManyDigests):
        await engine.write(digest_editing.restore, office.owner_id, last.named.digest_id, 1001, engine.now())


async def test_a_deleted_digest_is_silent_and_can_be_brought_back_for_a_day(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await add(engine, office.owner_id)
    number = card.named.digest_id
    await engine.write(digest_editing.send, office.owner_id, number, engine.now())
    [message] = await waiting(engine)
    await engine.write(digest_editing.remove, office.owner_id, number, engine.now())
    assert await engine.read(digest_summaries.summaries, [Asked(recipient_id=1, run_id=message.subject_id)]) == {}
    assert await engine.read(digests.again, office.owner_id, message.subject_id) is None
    with pytest.raises(DigestGone):
        await engine.read(digest_cards.card, office.owner_id, number)
    clock.advance(hours=23)
    assert await engine.write(digest_editing.restore, office.owner_id, number, 1001, engine.now()) == card
    await engine.write(digest_editing.remove, office.owner_id, number, engine.now())
    clock.at += RESTORABLE
    with pytest.raises(DigestGone):
        await engine.write(digest_editing.restore, office.owner_id, number, 1001, engine.now())
    clock.at += timedelta(seconds=1)
    await engine.write(digest_editing.sweep, engine.now())
    assert await engine.read(lambda session: list(session.scalars(select(DigestRun.id)))) == []


@pytest.mark.usefixtures("support")
async def test_a_digest_of_a_department_that_is_lost_stops_alone_and_its_reader_is_told(engine: Engine) -> None:
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales", "Support", telegram_id=1002)
    await subscribe(engine, manager)
    kept, lost = await add(engine, manager, "Sales"), await add(engine, manager, "Support")
    await engine.write(digest_editing.send, manager, lost.named.digest_id, engine.now())
    [message] = await queued(engine)
    sales = await engine.read(department_id, "Sales")
    await engine.write(people.set_managed, manager, [sales])
    assert await engine.read(digest_summaries.summaries, [Asked(recipient_id=manager, run_id=message.subject_id)]) == {}
    await engine.write(digests.give_up, manager, message.subject_id, engine.now())
    await engine.write(digests.give_up, manager, message.subject_id, engine.now())
    assert [each.kind for each in await waiting(engine)] == [Kind.DIGEST_STOPPED]
    mine = {card.named.digest_id: card for card in (await engine.read(digest_cards.listing, manager)).cards}
    assert mine.pop(kept.named.digest_id) == kept
    stopped = mine.pop(lost.named.digest_id)
    assert (stopped.named.lost, stopped.named.department, stopped.subscription.next_due) == (True, None, None)
    assert stopped.subscription.stopped_at
    assert [card.subscription.cadence for card in mine.values()] == [DAILY]
    for promising in (
        engine.write(digest_editing.send, manager, lost.named.digest_id, engine.now()),
        engine.write(digest_editing.reschedule, manager, lost.named.digest_id, DAILY, engine.now()),
    ):
        with pytest.raises(DepartmentGone):
            await promising
    [main] = mine
    support = await engine.read(department_id, "Support")
    await engine.write(people.set_managed, manager, [sales, support])
    await engine.write(digest_editing.choose_department, manager, main, support)
    await engine.write(people.set_managed, manager, [sales])
    for typed in (
        engine.write(digests.request, manager, 1002, engine.now()),
        engine.write(digests.subscribe, manager, DAILY, 1002, engine.now()),
    ):
        with pytest.raises(DepartmentGone):
            await typed
    assert await waiting(engine) == []


@pytest.mark.usefixtures("support")
async def test_a_digest_of_a_department_that_is_deleted_tells_nothing(engine: Engine, office: Office) -> None:
    card = await add(engine, office.owner_id, "Support")
    await engine.write(digest_editing.send, office.owner_id, card.named.digest_id, engine.now())
    [message] = await queued(engine)
    await engine.write(department_removal.remove, office.owner_id, "Support", engine.now())
    asked = Asked(recipient_id=office.owner_id, run_id=message.subject_id)
    assert await engine.read(digest_summaries.summaries, [asked]) == {}
    assert (await engine.read(digest_cards.card, office.owner_id, card.named.digest_id)).named.lost


@pytest.mark.usefixtures("support")
async def test_what_a_digest_can_be_about_is_within_ones_scope(engine: Engine, office: Office) -> None:
    theirs = await office.profile(name="Helpers", department="Support")
    mine = await office.profile()
    manager = await a_user(engine, Role.CUSTOM, "Sales", permissions=[Permission.RECEIVE_DIGESTS])
    card = await add(engine, manager)
    support = await engine.read(department_id, "Support")
    with pytest.raises(DepartmentGone):
        await engine.write(digest_editing.choose_department, manager, card.named.digest_id, support)
    with pytest.raises(DepartmentGone):
        await add(engine, manager, "Support")
    choosing = manager, card.named.digest_id, theirs.profile_id
    with pytest.raises(ProfileNotFound):
        await engine.write(digest_editing.choose_profile, *choosing, chosen=True)
    found = await engine.read(digest_cards.profile_choices, manager, card.named.digest_id, 0, engine.now())
    assert [(each.profile_id, each.chosen) for each in found.choices] == [(mine.profile_id, False)]
    choosing = manager, card.named.digest_id, mine.profile_id
    await engine.write(digest_editing.choose_profile, *choosing, chosen=True)
    found = await engine.read(digest_cards.profile_choices, manager, card.named.digest_id, 0, engine.now())
    assert [(each.profile_id, each.chosen) for each in found.choices] == [(mine.profile_id, True)]
    assert [name for _, name, _ in (await engine.read(digest_cards.branches, manager, None, 0)).children] == ["Sales"]


async def test_others_digests_are_not_there(engine: Engine, office: Office) -> None:
    card, manager = await add(engine, office.owner_id), await a_manager(engine, "Sales")
    number = card.named.digest_id
    for changing in (
        engine.write(digest_editing.send, manager, number, engine.now()),
        engine.write(digest_editing.remove, manager, number, engine.now()),
        engine.write(digest_editing.be_quiet, manager, number, on=True),
        engine.write(digest_editing.reschedule, manager, number, DAILY, engine.now()),
        engine.read(digest_cards.card, manager, number),
    ):
        with pytest.raises(DigestGone):
            await changing
    assert await engine.read(digest_cards.card, office.owner_id, number) == card


@pytest.mark.usefixtures("office")
async def test_all_digests_of_a_chat_that_is_lost_stop_and_one_notice_tells_of_it(engine: Engine) -> None:
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales", telegram_id=1002)
    await engine.write(digests.subscribe, manager, DAILY, 1002, engine.now())
    await engine.write(digest_editing.add, manager, None, 1002, engine.now(), newest=10**6)
    await engine.write(outbox.chat_lost, 1002, engine.now())
    assert [each.kind for each in await waiting(engine)] == [Kind.UNREACHABLE]
    cards = (await engine.read(digest_cards.listing, manager)).cards
    assert [card.subscription.next_due for card in cards] == [None, None]
    assert all(card.subscription.stopped_at for card in cards)
