"""Reminders that wait for their hour: listed to whoever sent them, and taken back until their sending begins."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.outbox import Kind, MessageState
from core.domain.reminders import Occasion
from core.engine import Engine
from core.errors import NotAllowed
from core.services import (
    audit_log,
    letters,
    mail_outbox,
    outbox,
    people,
    planned_reminders,
    reminder_letters,
    reminders,
    time_zone,
)
from core.services.audit_log import Action
from core.services.link_mails import Sending
from core.services.outbox import Message
from core.services.planned_reminders import Planned, TakenBack
from core.services.progress import Cohort, Which
from core.services.reminder_moving import Moved
from core.services.time_zone import Keep
from core.storage import mail_days
from core.storage.tables import OutboxMessage, OutgoingMail, Reminder
from core.storage.telegram_connections import connect
from tests.integration.test_core_group_digests import waiting_for
from tests.integration.test_core_link_mails import deliver, sent_to
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.concurrent_engines import at_once
from tests.support.mail_server import MailServer, open_mail_server
from tests.support.reminders import ANNA, JANIS, OLGA, expect
from tests.support.rosters import through
from tests.support.rows import a_manager, a_user, demote

SENDING = Sending(most=100, language="en")


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    async with open_mail_server() as server:
        yield server


@pytest.fixture
def evening(clock: Clock) -> datetime:
    """A moment at which nobody is written to: what is sent then comes in the morning."""
    return clock.advance(hours=10)  # 22:00


async def remind(engine: Engine, actor_id: int, profile_id: int) -> datetime:
    """Remind the missing of a profile; return when that was."""
    of, now = through(profile_id), engine.now()
    seen = (await engine.read(reminders.preview_missing, actor_id, of, profile_id, now, SENDING.most)).seen
    await engine.write(reminders.remind_missing, actor_id, of, profile_id, now, SENDING, seen=seen)
    return now


async def remind_behind(engine: Engine, actor_id: int) -> datetime:
    """Remind all who have not started; return when that was."""
    now, whose = engine.now(), (Cohort(), Which.NOT_STARTED)
    seen = (await engine.read(reminders.preview_behind, actor_id, *whose, now, SENDING.most)).seen
    await engine.write(reminders.remind_behind, actor_id, *whose, now, SENDING, seen=seen)
    return now


async def take_back(engine: Engine, actor_id: int, at: datetime, by_id: int | None = None) -> TakenBack:
    return await engine.write(planned_reminders.take_back, actor_id, by_id or actor_id, at, engine.now())


async def listing(engine: Engine, actor_id: int) -> tuple[Planned, ...]:
    return (await engine.read(planned_reminders.listing, actor_id, engine.now())).planned


def rows(session: Session) -> tuple[int, ...]:
    return tuple(session.scalars(select(func.count()).select_from(table)).one() for table in (Reminder, OutgoingMail))


@pytest.mark.usefixtures("evening")
async def test_what_is_taken_back_is_as_if_it_had_never_been(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA, JANIS)
    at = await remind(engine, office.owner_id, card.profile_id)
    [planned] = await listing(engine, office.owner_id)
    assert (planned.people, planned.profile_name, planned.occasion) == (2, "Autumn sales", Occasion.NOT_COME)
    assert await engine.read(mail_days.counted, planned.day) == 2
    assert await take_back(engine, office.owner_id, at) == TakenBack(people=2, sent=0)
    assert await engine.read(rows) == (0, 0)
    assert await engine.read(mail_days.counted, planned.day) == 0
    assert await listing(engine, office.owner_id) == ()
    entry = (await engine.read(audit_log.page, office.owner_id)).entries[0]
    assert (entry.action, entry.subject, entry.after) == (Action.REMINDERS_TAKEN_BACK, "Autumn sales", {"people": 2})
    await remind(engine, office.owner_id, card.profile_id)  # for the same day
    clock.advance(hours=11)
    await deliver(engine, mail_server)
    assert sorted(sent_to(mail_server)) == [ANNA, JANIS]


@pytest.mark.usefixtures("evening")
async def test_only_what_was_sent_together_is_taken_back(engine: Engine, office: Office, clock: Clock) -> None:
    card, other = await office.profile(), await office.profile(name="Interns")
    await expect(office, card.profile_id, ANNA)
    await expect(office, other.profile_id, JANIS)
    first = await remind(engine, office.owner_id, card.profile_id)
    clock.advance(minutes=1)
    await remind(engine, office.owner_id, other.profile_id)
    assert await take_back(engine, office.owner_id, first) == TakenBack(people=1, sent=0)
    assert [each.profile_name for each in await listing(engine, office.owner_id)] == ["Interns"]
    assert await take_back(engine, office.owner_id, first) == TakenBack(people=0, sent=0)
    assert (await engine.read(audit_log.page, office.owner_id)).entries[0].after == {"people": 1}
    assert await engine.read(rows) == (1, 1)


async def test_what_is_being_sent_and_what_may_have_been_sent_stays(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA, JANIS, OLGA)
    at = await remind(engine, office.owner_id, card.profile_id)
    first, second, third = await engine.write(mail_outbox.claim, "a holder", engine.now())
    assert await engine.write(letters.begin, first, "a holder", engine.now()) is not None
    assert await engine.write(letters.begin, second, "a holder", engine.now()) is not None
    await engine.write(mail_outbox.mark_unconfirmed, second, "a holder", engine.now())  # it is to be repeated
    assert await take_back(engine, office.owner_id, at) == TakenBack(people=1, sent=2)
    assert await engine.write(letters.begin, third, "a holder", engine.now()) is None
    assert await engine.read(mail_days.counted, at.date()) == 2
    assert await engine.read(rows) == (2, 3)


async def test_a_message_in_telegram_is_taken_back_until_its_sending_begins(engine: Engine, office: Office) -> None:
    card = await office.profile()
    for chat_id, email in ((77, ANNA), (78, JANIS)):
        user_id = (await office.sign_up(card.token, email)).user_id
        await engine.write(connect, user_id, chat_id, engine.now(), may_write=True)
    at = await remind_behind(engine, office.owner_id)
    claimed = await engine.write(outbox.claim, "a holder", engine.now())
    sending, waiting = [each for each in claimed if each.chat_id in (77, 78)]
    for message in (sending, waiting):  # both are written already
        assert await engine.write(reminder_letters.in_chat, message.subject_id, engine.now()) is not None
    assert await engine.write(outbox.start, sending.message_id, "a holder", engine.now())
    assert await take_back(engine, office.owner_id, at) == TakenBack(people=1, sent=1)
    assert not await engine.write(outbox.start, waiting.message_id, "a holder", engine.now())
    assert await engine.write(reminder_letters.in_chat, waiting.subject_id, engine.now()) is None
    entry = (await engine.read(audit_log.page, office.owner_id)).entries[0]
    assert (entry.action, entry.subject) == (Action.REMINDERS_TAKEN_BACK, "")


@pytest.mark.usefixtures("evening")
async def test_one_takes_back_ones_own_and_whoever_manages_the_account_those_of_all(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA, JANIS)
    manager, colleague = await a_manager(engine, "Sales"), await a_manager(engine, "Sales")
    support = await a_user(engine, Role.CUSTOM, "Sales", permissions=())
    at = await remind(engine, manager, card.profile_id)
    assert [each.by for each in await listing(engine, manager)] == [None]
    assert await listing(engine, colleague) == ()
    [seen] = await listing(engine, office.owner_id)
    assert (seen.by_id, seen.by, seen.at) == (manager, "Maris Meier", at)
    for actor in (colleague, support):
        with pytest.raises(NotAllowed):
            await take_back(engine, actor, at, by_id=manager)
    assert await take_back(engine, office.owner_id, at, by_id=manager) == TakenBack(people=2, sent=0)
    clock.advance(minutes=1)
    at = await remind(engine, manager, card.profile_id)
    await demote(engine, manager)
    with pytest.raises(NotAllowed):
        await take_back(engine, manager, at)


@pytest.mark.usefixtures("evening")
async def test_all_that_waits_is_listed_by_pages_and_beyond_the_last_one_that_is_shown(
    engine: Engine, office: Office, clock: Clock
) -> None:
    sent = list[str]()
    for name, email in (("Autumn", ANNA), ("Winter", JANIS), ("Spring", OLGA)):
        card = await office.profile(name=name)
        await expect(office, card.profile_id, email)
        await remind(engine, office.owner_id, card.profile_id)
        clock.advance(minutes=1)
        sent.append(name)

    async def page(number: int) -> tuple[list[str], int, int, int]:
        found = await engine.read(planned_reminders.listing, office.owner_id, engine.now(), page=number, size=2)
        return [each.profile_name for each in found.planned], found.page, found.pages, found.before

    assert await page(0) == (sent[:2], 0, 2, 0)
    assert await page(1) == await page(9) == (sent[2:], 1, 2, 2)


@pytest.mark.usefixtures("evening")
async def test_what_a_deleted_person_sent_has_their_name_and_not_that_of_ones_own(
    engine: Engine, office: Office
) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales")
    await expect(office, card.profile_id, ANNA)
    at = await remind(engine, manager, card.profile_id)
    await engine.write(people.delete, office.owner_id, manager, engine.now())
    [seen] = await listing(engine, office.owner_id)
    assert (seen.by_id, seen.by, seen.at) == (manager, "Maris Meier", at)


@pytest.mark.usefixtures("evening")
async def test_whoever_sent_what_another_person_takes_back_is_notified(engine: Engine, office: Office) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales", telegram_id=1002)
    await expect(office, card.profile_id, ANNA)
    at = await remind(engine, manager, card.profile_id)
    whose = office.owner_id, manager, at, engine.now()
    assert [each.people for each in await engine.read(planned_reminders.show, *whose)] == [1]
    await take_back(engine, office.owner_id, at, by_id=manager)
    await take_back(engine, office.owner_id, at, by_id=manager)  # nothing is left
    assert (await waiting_for(engine, 1002)).count(Kind.REMINDERS_TAKEN_BACK) == 1
    assert await engine.read(planned_reminders.show, *whose) == ()
    await take_back(engine, manager, await remind(engine, manager, card.profile_id))
    assert (await waiting_for(engine, 1002)).count(Kind.REMINDERS_TAKEN_BACK) == 1
    with pytest.raises(NotAllowed):
        await engine.read(planned_reminders.show, manager, office.owner_id, at, engine.now())


@pytest.mark.usefixtures("evening")
async def test_of_many_at_once_each_reminder_is_taken_back_once(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, *(f"person{number}@example.com" for number in range(20)))
    at = await remind(engine, office.owner_id, card.profile_id)
    done = await at_once(take_back(engine, office.owner_id, at) for _ in range(4))
    assert sum(each.people for each in done if isinstance(each, TakenBack)) == 20
    assert await engine.read(rows) == (0, 0)


async def test_what_is_sent_while_it_is_taken_back_is_either(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, *(f"person{number}@example.com" for number in range(20)))
    at = await remind(engine, office.owner_id, card.profile_id)
    _, done = await at_once((deliver(engine, mail_server), take_back(engine, office.owner_id, at)))
    await deliver(engine, mail_server)
    assert isinstance(done, TakenBack)
    assert len(mail_server.accepted) == 20 - done.people == done.sent
    assert await engine.read(mail_days.counted, at.date()) == done.sent


async def test_after_a_repetition_in_telegram_nothing_is_taken_back(engine: Engine, office: Office) -> None:
    card = await office.profile()
    user_id = (await office.sign_up(card.token, ANNA)).user_id
    await engine.write(connect, user_id, 77, engine.now(), may_write=True)
    at = await remind_behind(engine, office.owner_id)

    def lose(session: Session) -> None:
        of_anna = update(OutboxMessage).where(OutboxMessage.chat_id == 77)
        session.execute(of_anna.values(repetition=1, state=MessageState.WAITING))

    await engine.write(lose)
    assert await take_back(engine, office.owner_id, at) == TakenBack(people=0, sent=1)
    assert await listing(engine, office.owner_id) == ()


async def rezone(engine: Engine, office: Office, zone: str) -> Moved:
    """Change the zone; return what becomes of planned reminders, as the preview says it, too."""
    seen = await engine.read(time_zone.preview, office.owner_id, zone, engine.now())
    done = await engine.write(time_zone.change, office.owner_id, zone, Keep.MOMENTS, engine.now())
    assert seen.reminders == done.reminders
    return done.reminders


@pytest.mark.usefixtures("evening")
@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        pytest.param("Asia/Tokyo", 2, id="later on the same day there"),
        pytest.param("America/New_York", 16, id="on the next day there"),
        pytest.param("Pacific/Kiritimati", 0, id="at once: it is noon there"),
    ],
)
async def test_planned_reminders_go_out_at_nine_of_a_new_zone_and_not_before(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock, zone: str, hours: int
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA, JANIS)
    await remind(engine, office.owner_id, card.profile_id)
    first = clock() + timedelta(hours=hours)
    assert await rezone(engine, office, zone) == Moved(number=2, first=first)
    [planned] = await listing(engine, office.owner_id)
    assert (planned.day, planned.people) == (date(2026, 11, 24), 2)
    assert await engine.read(mail_days.counted, planned.day) == 2
    if hours:
        clock.advance(hours=hours, minutes=-1)
        await deliver(engine, mail_server)
        assert sent_to(mail_server) == []
        clock.advance(minutes=1)
    await deliver(engine, mail_server)
    assert sorted(sent_to(mail_server)) == [ANNA, JANIS]


async def test_what_would_go_out_at_night_of_a_new_zone_waits_for_the_next_day_there(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    await remind(engine, office.owner_id, card.profile_id)  # at noon, at once
    assert await rezone(engine, office, "Asia/Tokyo") == Moved(number=1, first=datetime(2026, 11, 24, tzinfo=UTC))
    await deliver(engine, mail_server)
    assert sent_to(mail_server) == []
    counted = [await engine.read(mail_days.counted, date(2026, 11, day)) for day in (23, 24)]
    assert counted == [0, 1]
    clock.advance(hours=12)
    await deliver(engine, mail_server)
    assert sent_to(mail_server) == [ANNA]


async def test_whoever_has_two_reminders_on_a_day_of_the_new_zone_gets_one(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    await remind(engine, office.owner_id, card.profile_id)  # at noon, but not sent
    clock.advance(hours=10)
    await remind(engine, office.owner_id, card.profile_id)  # for tomorrow
    done = await engine.write(time_zone.change, office.owner_id, "Europe/Riga", Keep.MOMENTS, clock())
    assert done.reminders.number == 1
    [planned] = await listing(engine, office.owner_id)
    assert (planned.people, await engine.read(mail_days.counted, planned.day)) == (1, 1)
    clock.advance(hours=9)
    await deliver(engine, mail_server)
    assert sent_to(mail_server) == [ANNA]


async def test_reminders_in_telegram_move_with_the_zone(engine: Engine, office: Office, clock: Clock) -> None:
    card = await office.profile()
    anna = (await office.sign_up(card.token)).user_id
    await engine.write(connect, anna, 77, engine.now(), may_write=True)
    clock.advance(hours=10)
    await remind_behind(engine, office.owner_id)
    first = datetime(2026, 11, 24, tzinfo=UTC)
    assert await rezone(engine, office, "Asia/Tokyo") == Moved(number=1, first=first)

    def due(session: Session) -> datetime:
        return session.scalars(select(OutboxMessage.not_before).where(OutboxMessage.kind == Kind.REMINDER)).one()

    assert await engine.read(due) == first


async def test_whoever_has_claimed_a_reminder_does_not_send_it_at_the_hour_of_the_zone_before(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    await remind(engine, office.owner_id, card.profile_id)  # at noon, which is in the night of Tokyo
    [claimed] = await engine.write(mail_outbox.claim, "a holder", engine.now())
    await rezone(engine, office, "Asia/Tokyo")
    assert await engine.write(letters.begin, claimed, "a holder", engine.now()) is None
    assert await engine.write(mail_outbox.claim, "another holder", engine.now()) == []
    clock.advance(hours=12)  # 09:00 there
    await deliver(engine, mail_server)
    assert sent_to(mail_server) == [ANNA]


async def test_whoever_has_claimed_a_reminder_in_telegram_does_not_send_it_at_the_hour_of_the_zone_before(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    anna = (await office.sign_up(card.token)).user_id
    await engine.write(connect, anna, 77, engine.now(), may_write=True)
    await remind_behind(engine, office.owner_id)
    [message] = await claimed_in_chat(engine, 77)
    await rezone(engine, office, "Asia/Tokyo")
    assert not await engine.write(outbox.start, message.message_id, "a holder", engine.now())
    assert await claimed_in_chat(engine, 77) == []
    clock.advance(hours=12)
    [again] = await claimed_in_chat(engine, 77)
    assert await engine.write(outbox.start, again.message_id, "a holder", engine.now())


async def claimed_in_chat(engine: Engine, chat_id: int) -> list[Message]:
    """Claim what is to be sent in Telegram; return what a chat gets."""
    claimed = await engine.write(outbox.claim, "a holder", engine.now())
    return [each for each in claimed if each.chat_id == chat_id]


async def test_what_was_missed_on_a_day_that_is_over_does_not_go_out_in_a_new_zone(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    await remind(engine, office.owner_id, card.profile_id)  # at noon, but not sent
    clock.advance(hours=24)
    assert await rezone(engine, office, "Asia/Tokyo") == Moved(number=0, first=None)
    await deliver(engine, mail_server)
    clock.advance(hours=12)
    await deliver(engine, mail_server)
    assert sent_to(mail_server) == []
