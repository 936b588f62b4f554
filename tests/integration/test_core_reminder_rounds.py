"""Reminders by rules: on the right days, three in a row, then a manager hears; by several processes, none twice."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.outbox import Kind
from core.domain.reminder_rules import Place
from core.domain.reminders import Occasion
from core.engine import Engine
from core.errors import DepartmentGone, NotAllowed, ProfileNotFound
from core.rosters.people_lists import ListedPerson
from core.services import (
    account,
    audit_log,
    courses,
    departments,
    profile_removal,
    reminder_rounds,
    reminder_rules,
    reminders_in_vain,
    rosters,
    time_zone,
)
from core.services.audit_log import Action
from core.services.reminder_rules import Rules
from core.services.time_zone import Keep
from core.storage import mail_days, reminder_candidates, reminders_to_expected
from core.storage.link_reach import EVERYWHERE
from core.storage.tables import Enrolment, OutboxMessage, OutgoingMail, Reminder, ReminderRound, User
from core.storage.telegram_connections import connect
from tests.integration.test_core_link_mails import deliver, sent_to
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.concurrent_engines import a_crowd, at_once
from tests.support.mail_server import open_mail_server
from tests.support.reminders import ANNA, JANIS, OLGA, expect
from tests.support.rosters import keep, listed, through, within
from tests.support.rows import a_manager, a_user, department_id
from tests.support.statements import counted
from tests.support.transactions import under_way, until_somebody_waits

MOST = 1000


async def turn(
    office: Office, place: Place, occasion: Occasion, *, on: bool | None = True, days: int | None = None
) -> Rules:
    return await office.engine.write(
        reminder_rules.change, office.owner_id, place, occasion, office.engine.now(), on=on, days=days
    )


async def a_round(engine: Engine, most: int | None = MOST) -> None:
    """Do what the schedule does at a moment."""
    if await engine.read(reminder_rounds.any_due, engine.now()):
        while await engine.write(reminder_rounds.advance, engine.now(), most):
            pass


async def reminded(engine: Engine) -> list[tuple[str, str]]:
    """Give the addresses and occasions of all reminders, oldest first."""

    def run(session: Session) -> list[tuple[str, str]]:
        query = select(OutgoingMail.address, Reminder.occasion).join(Reminder, Reminder.id == OutgoingMail.reminder_id)
        return [(address, occasion) for address, occasion in session.execute(query.order_by(Reminder.id))]

    return await engine.read(run)


async def reminded_learners(engine: Engine) -> list[int | None]:
    """Give the learners of all reminders, by e-mail or in Telegram, oldest first."""
    query = select(Reminder.user_id).where(Reminder.user_id.is_not(None)).order_by(Reminder.id)
    return await engine.read(lambda session: list(session.scalars(query)))


async def notices(engine: Engine) -> list[tuple[int, int]]:
    """Give the recipients and the days of the notices about reminders that were of no use."""

    def run(session: Session) -> list[tuple[int, int]]:
        query = select(OutboxMessage).where(OutboxMessage.kind == Kind.REMINDED_IN_VAIN).order_by(OutboxMessage.id)
        return [(each.user_id, each.subject_id) for each in session.scalars(query)]

    return await engine.read(run)


def morning(clock: Clock, days: int = 1) -> None:
    """Move to 09:00 of a later day."""
    clock.at = clock.at.replace(hour=9, minute=0) + timedelta(days=days)


async def test_nobody_is_reminded_until_a_rule_is_on(engine: Engine, office: Office, clock: Clock) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    await office.sign_up(card.token, JANIS)
    for _ in range(5):
        morning(clock)
        await a_round(engine)
    assert await reminded(engine) == []


async def test_who_has_not_come_is_reminded_three_times_and_then_their_manager_hears_once(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA, JANIS)
    await turn(office, Place(profile_id=card.profile_id), Occasion.NOT_COME, days=2)
    for day in range(10):  # Tuesday to the Thursday of the week after
        morning(clock)
        await a_round(engine)
        await a_round(engine)  # a second process finds nothing left
        if day == 1:
            assert await reminded(engine) == []
        if day == 2:
            await office.sign_up(card.token, JANIS)
    assert Counter(await reminded(engine)) == {(ANNA, "not come"): 3, (JANIS, "not come"): 1}
    told = date(2026, 12, 1)  # Tuesday: reminded on Thursday, Friday and Monday
    assert await notices(engine) == [(office.owner_id, told.toordinal())]
    found = await engine.read(reminders_in_vain.listing, office.owner_id, told.toordinal())
    assert [(each.email, each.profile_name) for each in found.expected] == [(ANNA, "Autumn sales")]
    await engine.write(
        rosters.take_off, office.owner_id, through(card.profile_id), found.expected[0].number, engine.now()
    )
    assert (await engine.read(reminders_in_vain.listing, office.owner_id, told.toordinal())).expected == ()
    assert (await engine.read(audit_log.page, office.owner_id)).entries[0].action is Action.EXPECTED_REMOVED


@pytest.mark.deep
async def test_a_list_that_is_replaced_begins_no_row_anew_and_puts_no_reminder_off(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card, sales = await office.profile(window="now - +8 weeks"), await within(engine, "Sales")
    await turn(office, Place(), Occasion.NOT_COME, days=7)
    for week in range(5):
        for of, people in ((through(card.profile_id), (ANNA, JANIS)), (sales, (OLGA, "dina@example.com"))):
            await keep(engine, office.owner_id, of, listed(people[0], f"{week}{people[1]}"), replaced=True)
        for _ in range(7):
            morning(clock)
            await a_round(engine)
    times = Counter(address for address, _ in await reminded(engine))
    assert (times[ANNA], times[OLGA]) == (3, 3)
    told = [day for _, day in await notices(engine)]
    assert len(told) == len(set(told)) == 1


@pytest.mark.deep
async def test_a_list_that_changes_an_address_begins_no_row_anew(engine: Engine, office: Office, clock: Clock) -> None:
    card, sales = await office.profile(window="now - +8 weeks"), await within(engine, "Sales")
    await turn(office, Place(), Occasion.NOT_COME, days=0)
    phones = {through(card.profile_id): "+37120000001", sales: "+37120000002"}
    for day in range(10):
        for of, phone in phones.items():
            person = ListedPerson(row=2, email=f"{day % 2}.{phone[1:]}@example.com", phone=phone)
            await keep(engine, office.owner_id, of, [person])
        morning(clock)
        await a_round(engine)
    assert len(await reminded(engine)) == 2 * 3


async def test_who_goes_on_is_reminded_anew_and_who_is_overdue_more_urgently(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await turn(office, Place(), Occasion.NOT_STARTED, days=1)
    await turn(office, Place(), Occasion.OVERDUE)
    card = await office.profile()
    anna = (await office.sign_up(card.token, ANNA)).user_id
    olga = (await office.sign_up(card.token, OLGA)).user_id
    for _ in range(10):
        morning(clock)
        await a_round(engine)
    assert await reminded(engine) == [(ANNA, "not started"), (OLGA, "not started")] * 3
    [course] = await engine.read(courses.mine, anna, engine.now())
    await engine.write(courses.begin, anna, course.course_id, engine.now())
    for _ in range(12):  # due on the 14th day
        morning(clock)
        await a_round(engine)
    assert (await reminded(engine))[6:] == [(ANNA, "overdue"), (OLGA, "overdue")] * 3
    assert len(await notices(engine)) == 2  # about the first row, and about the second one
    learners = (await engine.read(reminders_in_vain.listing, office.owner_id, (await notices(engine))[1][1])).learners
    assert [each.user_id for each in learners] == [anna, olga]


async def test_a_nearer_rule_holds_and_a_preview_counts_before_anything_is_on(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    await office.sign_up(card.token, ANNA)
    await expect(office, card.profile_id, JANIS, OLGA)
    department = Place(department_id=await engine.read(department_id, "Sales"))
    profile = Place(profile_id=card.profile_id)
    clock.advance(days=3)
    shown = await engine.read(reminder_rules.show, office.owner_id, department, engine.now())
    assert [(each.occasion, each.on, each.people) for each in shown.rules] == [
        (Occasion.NOT_COME, False, 2),
        (Occasion.NOT_STARTED, False, 1),
        (Occasion.DUE_SOON, False, 0),
        (Occasion.OVERDUE, False, 0),
    ]
    assert shown.at == clock.at.replace(hour=9) + timedelta(days=1)
    await turn(office, Place(), Occasion.NOT_STARTED)
    shown = await turn(office, department, Occasion.NOT_STARTED, on=False)
    assert (shown.of(Occasion.NOT_STARTED).own, shown.of(Occasion.NOT_STARTED).on) == (True, False)
    morning(clock)
    clock.advance(minutes=1)
    await turn(office, department, Occasion.NOT_STARTED, on=False)  # also if it is turned off when the round begins
    clock.advance(minutes=1)
    await a_round(engine)
    assert await reminded(engine) == []
    shown = await turn(office, profile, Occasion.NOT_STARTED, days=1)
    assert shown.of(Occasion.NOT_STARTED).people == 1
    assert shown.of(Occasion.NOT_COME).own is False
    morning(clock, 3)
    await a_round(engine)
    assert await reminded(engine) == [(ANNA, "not started")]
    await engine.write(reminder_rules.inherit, office.owner_id, profile, Occasion.NOT_STARTED, engine.now())
    morning(clock)
    await a_round(engine)
    assert len(await reminded(engine)) == 1  # the department's own rule is off


async def test_a_round_that_was_missed_is_made_up_for_on_its_day_only_and_in_the_accounts_zone(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await engine.write(time_zone.change, office.owner_id, "Australia/Lord_Howe", Keep.MOMENTS, engine.now())
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    await turn(office, Place(), Occasion.NOT_COME, days=1)
    clock.at = clock.at.replace(hour=9, minute=1)  # 20:01 there, on the day after tomorrow's eve
    clock.advance(days=1)
    await a_round(engine)
    assert await reminded(engine) == []
    clock.advance(hours=20)  # 16:01 there: nobody was at work at 09:00
    await a_round(engine)
    assert len(await reminded(engine)) == 1
    days = await engine.read(lambda session: session.scalars(select(ReminderRound.day)).all())
    assert days == [date(2026, 11, 25)]


async def test_the_people_of_a_departments_list_are_reminded_by_its_rule_with_a_link_that_leads_there(
    engine: Engine, office: Office, clock: Clock
) -> None:
    sales, emea = await within(engine, "Sales"), await within(engine, "Sales / EMEA")
    manager = await a_manager(engine, "Sales", telegram_id=77)
    await a_manager(engine, "Sales / EMEA", telegram_id=78)  # who can't see the list
    await keep(engine, office.owner_id, sales, listed(ANNA, JANIS, OLGA))
    await keep(engine, office.owner_id, emea, listed(JANIS))  # whom it leaves to the list further down
    await turn(office, Place(department_id=sales.department_id), Occasion.NOT_COME, days=2)
    await turn(office, Place(department_id=emea.department_id), Occasion.NOT_COME, on=False)
    for _ in range(3):
        morning(clock)
        await a_round(engine)
    assert await reminded(engine) == []  # no link leads there
    ending = await office.profile(name="Ends first", window="now - +5 weeks")
    card = await office.profile(name="Ends last", window="now - +6 weeks")
    shown = await engine.read(reminder_rules.show, manager, Place(department_id=sales.department_id), engine.now())
    assert shown.of(Occasion.NOT_COME).people == 0
    for day in range(7):
        morning(clock)
        await a_round(engine)
        if day == 3:
            await office.sign_up(ending.token, OLGA)  # by another link that leads there
    assert Counter(await reminded(engine)) == {(ANNA, "not come"): 3, (OLGA, "not come"): 1}
    numbers = await engine.read(lambda session: set(session.scalars(select(Reminder.profile_id))))
    assert numbers == {card.profile_id}
    [(told, day)] = await notices(engine)
    assert told == manager
    found = await engine.read(reminders_in_vain.listing, manager, day)
    assert [(each.email, each.of) for each in found.expected] == [(ANNA, sales)]


async def test_the_days_limit_ends_a_rounds_emails_but_no_message_in_telegram_and_the_next_round_goes_on(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    olga = (await office.sign_up(card.token, OLGA)).user_id
    await engine.write(connect, olga, 77, engine.now(), may_write=True)
    boris = (await office.sign_up(card.token, "boris@example.com")).user_id
    await expect(office, card.profile_id, ANNA, JANIS, "dina@example.com")
    for occasion in (Occasion.NOT_COME, Occasion.NOT_STARTED):
        await turn(office, Place(), occasion, days=0)
    for day, (mails, learners) in enumerate([(2, [olga]), (4, [olga, olga]), (6, [olga, olga, olga])], start=1):
        morning(clock)
        await a_round(engine, most=2)
        assert len(await reminded(engine)) == mails, day
        assert await reminded_learners(engine) == learners, day
    morning(clock)
    await a_round(engine)
    assert (await reminded_learners(engine))[3:] == [boris]  # who had to wait for an e-mail


async def test_without_a_mail_server_a_round_is_for_those_with_telegram_alone(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    anna, _ = [(await office.sign_up(card.token, email)).user_id for email in (ANNA, OLGA)]
    await expect(office, card.profile_id, JANIS)
    await engine.write(connect, anna, 77, engine.now(), may_write=True)
    for occasion in (Occasion.NOT_COME, Occasion.NOT_STARTED):
        shown = await turn(office, Place(), occasion, days=0)
    counts = {each.occasion: (each.people, each.mails) for each in shown.rules}
    assert (counts[Occasion.NOT_COME], counts[Occasion.NOT_STARTED]) == ((1, 1), (2, 1))
    for _ in range(4):
        morning(clock)
        await a_round(engine, most=None)
    assert await reminded_learners(engine) == [anna] * 3
    assert await reminded(engine) == []  # by e-mail
    assert len(await notices(engine)) == 1  # about Anna; the others were never written to


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_round_queues_no_more_than_what_others_leave_of_the_day(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA, JANIS, OLGA)
    await turn(office, Place(), Occasion.NOT_COME, days=0)
    morning(clock)
    day = clock.at.date()
    async with under_way(engine, lambda session: mail_days.count(session, day, 8, most=10)):
        round_ = asyncio.create_task(a_round(engine, most=10))  # it can't know yet of the eight
        await until_somebody_waits(engine)
    await round_
    assert await reminded(engine) == [(ANNA, "not come"), (JANIS, "not come")]
    assert await engine.read(mail_days.counted, day) == 10
    morning(clock)
    await a_round(engine, most=10)
    assert len(await reminded(engine)) == 5  # nobody is left out on the next day


async def test_managers_hear_on_the_next_round_if_no_process_ended_the_last_one(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    await turn(office, Place(), Occasion.NOT_COME, days=0)
    for _ in range(3):
        morning(clock)
        await a_round(engine)
    morning(clock)
    assert await engine.write(reminder_rounds.advance, engine.now(), MOST)
    told = clock.at.date().toordinal()
    assert await notices(engine) == []
    for _ in range(2):
        morning(clock, 4)  # Friday to Tuesday
        await a_round(engine)
        assert await notices(engine) == [(office.owner_id, told)]


async def test_a_round_looks_at_so_many_profiles_at_once_and_a_preview_says_if_there_are_more(
    engine: Engine, office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (reminder_rounds, reminder_rules):
        monkeypatch.setattr(module, "MOST_LISTS", 1)
    for email, days in ((ANNA, 30), (JANIS, 0)):
        card = await office.profile(name=email)
        await expect(office, card.profile_id, email)
        shown = await turn(office, Place(profile_id=card.profile_id), Occasion.NOT_COME, days=days)
    assert shown.of(Occasion.NOT_COME).more
    assert not shown.of(Occasion.OVERDUE).more
    morning(clock)
    assert await engine.write(reminder_rounds.advance, engine.now(), MOST)
    assert await reminded(engine) == []
    assert await engine.write(reminder_rounds.advance, engine.now(), MOST)
    assert await reminded(engine) == [(JANIS, "not come")]


async def test_while_sign_up_is_off_a_preview_and_a_round_leave_out_who_has_not_come(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, JANIS)
    await keep(engine, office.owner_id, await within(engine, "Sales"), listed(OLGA))
    await turn(office, Place(), Occasion.NOT_COME, days=0)
    for on, people in ((True, 2), (False, 0)):
        await engine.write(account.switch_sign_up, office.owner_id, engine.now(), on=on)
        shown = await engine.read(reminder_rules.show, office.owner_id, Place(), engine.now())
        assert (shown.sign_up_off, shown.of(Occasion.NOT_COME).people) == (not on, people)
    morning(clock)
    await a_round(engine)
    assert await reminded(engine) == []


async def test_the_rule_of_a_removed_profile_holds_for_nobody(engine: Engine, office: Office, clock: Clock) -> None:
    card = await office.profile()
    await office.sign_up(card.token, ANNA)
    await turn(office, Place(profile_id=card.profile_id), Occasion.NOT_STARTED, days=0)
    morning(clock)
    await a_round(engine)
    await engine.write(profile_removal.remove, office.owner_id, [card.profile_id], engine.now())
    morning(clock)
    await a_round(engine)
    assert len(await reminded(engine)) == 1


async def test_a_course_that_is_due_soon_is_a_reason_until_it_is_due_later(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    for email in (ANNA, JANIS):
        await office.sign_up(card.token, email)
    await turn(office, Place(), Occasion.DUE_SOON, days=2)
    morning(clock, 10)  # Thursday; due on Monday at midnight
    await a_round(engine)
    assert await reminded(engine) == []
    morning(clock)  # the next round is on Monday, two days before Wednesday
    await a_round(engine)
    assert await reminded(engine) == [(ANNA, "due soon"), (JANIS, "due soon")]

    def extend(session: Session) -> None:
        number = select(User.id).where(User.email == JANIS).scalar_subquery()
        later = {"due_at": clock.at + timedelta(days=30)}
        session.execute(update(Enrolment).where(Enrolment.user_id == number).values(later))

    await engine.write(extend)
    async with open_mail_server() as server:
        await deliver(engine, server)
        assert sent_to(server) == [ANNA]


@pytest.mark.deep
async def test_processes_that_share_a_round_remind_nobody_twice_and_miss_nobody(
    database_url: str, clock: Clock
) -> None:
    async with a_crowd(database_url, clock, engines=3) as crowd:
        office = crowd.office
        card = await office.profile()
        emails = [f"person{number}@example.com" for number in range(520)]
        await expect(office, card.profile_id, *emails)
        await turn(office, Place(), Occasion.NOT_COME, days=0)
        morning(clock)
        await at_once(crowd.write(reminder_rounds.advance, clock(), MOST) for _ in range(12))
        assert Counter(await reminded(office.engine)) == {(email, "not come"): 1 for email in emails}


@pytest.mark.deep
async def test_processes_that_are_killed_remind_nobody_twice_and_miss_nobody(database_url: str, clock: Clock) -> None:
    async with a_crowd(database_url, clock, engines=1) as crowd:
        office = crowd.office
        for number in range(12):  # each is a batch
            card = await office.profile(name=f"Profile {number}")
            await expect(office, card.profile_id, *(f"person{number}.{each}@example.com" for each in range(15)))
        await turn(office, Place(), Occasion.NOT_COME, days=0)
        morning(clock)
        await asyncio.gather(*(killed_after_a_batch(database_url, clock) for _ in range(2)))
        await a_round(office.engine)
        found = Counter(await reminded(office.engine))
        assert (len(found), set(found.values())) == (180, {1})


async def killed_after_a_batch(database_url: str, clock: Clock) -> None:
    """Let a process queue reminders, and kill it once its first batch is committed, unless it has done all."""
    command = (sys.executable, "-m", "tests.support.reminding_process", database_url, clock().isoformat())
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    assert process.stdout is not None
    await process.stdout.readline()
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def test_rules_are_changed_by_who_may_only(engine: Engine, office: Office) -> None:
    card = await office.profile()
    elsewhere, here = await a_manager(engine), await a_manager(engine, "Sales")
    support = await a_user(engine, Role.CUSTOM, "Sales", permissions=())
    profile = Place(profile_id=card.profile_id)
    department = Place(department_id=await engine.read(department_id, "Sales / EMEA"))
    for actor, place, refused in (
        (elsewhere, profile, ProfileNotFound),
        (elsewhere, department, DepartmentGone),
        (here, Place(), NotAllowed),
        (support, profile, NotAllowed),
    ):
        with pytest.raises(refused):
            await engine.write(reminder_rules.change, actor, place, Occasion.OVERDUE, engine.now(), on=True, days=None)
    for place in (profile, department):
        await engine.write(reminder_rules.change, here, place, Occasion.OVERDUE, engine.now(), on=True, days=None)
    entry = (await engine.read(audit_log.page, office.owner_id)).entries[0]
    assert (entry.action, entry.subject) == (Action.REMINDERS_CHANGED, "Sales / EMEA")
    assert entry.after == {"occasion": "overdue", "on": True, "after": 0}


async def test_choosing_the_days_turns_no_rule_on_or_off(office: Office) -> None:
    place = Place(profile_id=(await office.profile()).profile_id)
    chosen = (await turn(office, place, Occasion.NOT_COME, on=None, days=7)).of(Occasion.NOT_COME)
    assert (chosen.on, chosen.days) == (False, 7)
    await turn(office, place, Occasion.NOT_COME)
    chosen = (await turn(office, place, Occasion.NOT_COME, on=None, days=2)).of(Occasion.NOT_COME)
    assert (chosen.on, chosen.days) == (True, 2)


async def statements_of_a_row_in_vain(office: Office, clock: Clock, size: int) -> list[int]:
    """Let managers hear of so many people, profiles and departments; count the statements of it, and of a preview."""
    engine = office.engine
    for number in range(size):
        path = f"Sales / Branch {size}-{number}"
        await engine.write(departments.add, office.owner_id, path, engine.now())
        await a_manager(engine, path, telegram_id=1000 * size + number)
        card = await office.profile(name=path, department=path)
        await expect(office, card.profile_id, *(f"expected{size}.{number}.{each}@example.com" for each in range(size)))
        await office.sign_up(card.token, f"learner{size}.{number}@example.com")
    for _ in range(4):
        morning(clock)
        await a_round(engine)
    day = clock.at.date()
    morning(clock, 3)  # from Friday to Monday
    costs = []
    for counting in (
        engine.write(reminders_in_vain.tell, day, engine.now()),
        engine.read(reminder_rules.show, office.owner_id, Place(), engine.now()),
    ):
        with counted() as count:
            await counting
        costs.append(count.cost.statements)
    return costs


@pytest.mark.deep
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_managers_hear_by_as_many_statements_however_many_people_and_places_it_is_about(
    engine: Engine, office: Office, clock: Clock
) -> None:
    for occasion in (Occasion.NOT_COME, Occasion.NOT_STARTED):
        await turn(office, Place(), occasion, days=0)
    few = await statements_of_a_row_in_vain(office, clock, 1)
    heard = len(await notices(engine))
    many = await statements_of_a_row_in_vain(office, clock, 4)
    assert many == few
    assert len(await notices(engine)) - heard == 2 * 5  # managers and the owner, told by the round and by this test


@pytest.mark.deep
@pytest.mark.parametrize("only", [False, True], ids=["open lists", "closed lists"])
async def test_who_can_come_is_found_by_as_many_statements_however_many_lists_there_are(
    engine: Engine, office: Office, *, only: bool
) -> None:
    owner, now = office.owner_id, engine.now()
    await keep(engine, owner, await within(engine, "Sales"), listed(ANNA, JANIS), only=only)
    costs = []
    for size in (2, 12):
        for number in range(size):
            card = await office.profile(name=f"List {size}-{number}")
            await keep(engine, owner, through(card.profile_id), listed(ANNA, OLGA), only=only)
        with counted() as count:
            found = await engine.read(
                lambda session: reminder_candidates.expected(
                    session, reminder_candidates.expecting(session, now, after=0, at_most=100)
                )
            )
        costs.append(count.cost.statements)
        assert {each.recipient.email for each in found} == ({ANNA} if only else {ANNA, OLGA})
    assert costs == [costs[0]] * 2


async def test_no_list_is_asked_about_its_own_people(engine: Engine, office: Office) -> None:
    card = await office.profile()
    of = through(card.profile_id)
    await keep(engine, office.owner_id, of, listed(ANNA), only=True)
    with counted() as count:
        found = await engine.read(reminders_to_expected.parted, EVERYWHERE, of, card.profile_id)
    assert [each.email for _, each in found.can_come] == [ANNA]
    assert count.cost.statements == 2  # who hasn't come, and which lists are closed
