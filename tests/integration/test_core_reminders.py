"""Reminders by hand: who gets one, once a day, not at night, until they are stopped or their reason is gone."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.screens.notices import NoticeRenderer
from bot.service import LOCALES
from core.domain.contacts import Contact
from core.domain.left_out import Group, LeftOut
from core.engine import Engine
from core.errors import (
    DepartmentGone,
    LinkClosed,
    NobodyToRemind,
    NoMailServer,
    PreviewOutdated,
    ProfileNotFound,
    ReminderLinkGone,
    TooManyMails,
)
from core.language import Languages
from core.services import (
    audit_log,
    chat_languages,
    courses,
    departments,
    enrolling,
    link_mails,
    mail_outbox,
    outbox,
    own_details,
    person_erasure,
    policies,
    profile_editing,
    reminder_stops,
    reminders,
    roster_additions,
    rosters,
)
from core.services.audit_log import Action
from core.services.link_mails import Sending
from core.services.outbox import Message
from core.services.page_settings import PageSetting
from core.services.policies import Switch
from core.services.progress import Cohort, Which
from core.services.reminder_previews import Preview, Reminded
from core.storage import mail_days
from core.storage.tables import OutgoingMail, Reminder, ReminderStop
from core.storage.telegram_connections import connect
from tests.integration.test_core_link_mails import PAGES, deliver, personal_link_of, send, sent_to
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.concurrent_engines import at_once
from tests.support.mail_server import MailServer, open_mail_server, plain_text
from tests.support.reminders import ANNA, JANIS, OLGA, code_in, expect
from tests.support.rosters import keep, listed, through, within
from tests.support.rows import a_manager, department_id

MOST = 100


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    async with open_mail_server() as server:
        yield server


def group(*emails: str) -> Group:
    return Group(people=tuple(Contact(name="", email=each) for each in emails))


async def preview(engine: Engine, actor_id: int, profile_id: int) -> Preview:
    return await engine.read(reminders.preview_missing, actor_id, through(profile_id), profile_id, engine.now(), MOST)


async def remind(engine: Engine, actor_id: int, profile_id: int, *, most: int | None = MOST) -> Reminded:
    seen = (await preview(engine, actor_id, profile_id)).seen
    sending = Sending(most=most, language="en")
    return await engine.write(
        reminders.remind_missing, actor_id, through(profile_id), profile_id, engine.now(), sending, seen=seen
    )


async def remind_behind(office: Office, cohort: Cohort, which: Which) -> Reminded:
    engine, now = office.engine, office.engine.now()
    found = await engine.read(reminders.preview_behind, office.owner_id, cohort, which, now, MOST)
    sending = Sending(most=MOST, language="en")
    return await engine.write(reminders.remind_behind, office.owner_id, cohort, which, now, sending, seen=found.seen)


async def test_the_missing_are_reminded_with_the_link_once_a_day(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA, JANIS, OLGA, None)
    await office.sign_up(card.token, ANNA)
    await expect(office, card.profile_id, ANNA, JANIS, OLGA, None, "other@example.com")
    await office.sign_up((await office.profile(name="Interns")).token, "other@example.com")
    found = await preview(engine, office.owner_id, card.profile_id)
    assert (found.people, found.new, found.unreachable, found.at) == (4, 2, 2, engine.now())
    assert (await remind(engine, office.owner_id, card.profile_id)).people == 2
    await deliver(engine, mail_server)
    assert sorted(sent_to(mail_server)) == [JANIS, OLGA]
    assert mail_server.accepted[0]["Subject"] == "Reminder: please sign up for EMEA"
    text = plain_text(mail_server.accepted[0])
    assert "Olivia Owner expects you in EMEA. You haven't signed up yet." in text
    assert f"/s/{card.token}" in text
    with pytest.raises(NobodyToRemind):
        await remind(engine, office.owner_id, card.profile_id)
    assert (await preview(engine, office.owner_id, card.profile_id)).reminded == 2
    clock.advance(days=1)
    assert (await remind(engine, office.owner_id, card.profile_id)).people == 2
    entry = (await engine.read(audit_log.page, office.owner_id)).entries[0]
    assert (entry.action, entry.subject, entry.after) == (Action.PEOPLE_REMINDED, "Autumn sales", {"people": 2})


async def test_only_those_who_were_chosen_are_reminded_within_the_same_limits(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card, now = await office.profile(), engine.now()
    of, sending = through(card.profile_id), Sending(most=MOST, language="en")
    await expect(office, card.profile_id, ANNA, JANIS, OLGA, "other@example.com")
    await office.sign_up(card.token, "other@example.com")
    emails = [ANNA, JANIS, OLGA, "other@example.com", "unknown@example.com"]
    numbers = await engine.read(rosters.missing_with, office.owner_id, of, emails)
    assert set(numbers) == {ANNA, JANIS, OLGA}
    for asked, people, reminded in (([ANNA], [ANNA], 0), ([ANNA, OLGA], [OLGA], 1)):
        chosen = [numbers[each] for each in asked]
        about = office.owner_id, of, card.profile_id, now
        found = await engine.read(reminders.preview_missing, *about, MOST, chosen=chosen)
        assert (found.people, found.reminded, found.unreachable) == (len(asked), reminded, 0)
        assert [each.email for each in found.named] == people
        done = await engine.write(reminders.remind_missing, *about, sending, seen=found.seen, chosen=chosen)
        assert done.people == len(people)
    await deliver(engine, mail_server)
    assert sorted(sent_to(mail_server)) == [ANNA, OLGA]


async def test_who_would_be_refused_by_another_list_is_named_and_not_reminded(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card, owner, now = await office.profile(), office.owner_id, engine.now()
    sales, own = await within(engine, "Sales"), through(card.profile_id)
    await keep(engine, owner, sales, listed(ANNA, JANIS, OLGA), only=True)
    await keep(engine, owner, own, listed(ANNA, OLGA), only=True)
    about, sending = (owner, sales, card.profile_id, now), Sending(most=MOST, language="en")
    found = await engine.read(reminders.preview_missing, *about, MOST)
    assert (found.people, found.new, found.unreachable) == (3, 2, 0)
    assert found.left_out == {LeftOut.NOT_LISTED: group(JANIS)}
    await engine.write(reminders.remind_missing, *about, sending, seen=found.seen)
    await keep(engine, owner, own, listed(ANNA), replaced=True, only=True)
    await deliver(engine, mail_server)
    assert sent_to(mail_server) == [ANNA]


async def test_missing_people_whom_another_list_refuses_are_put_on_it(engine: Engine, office: Office) -> None:
    card, owner, now = await office.profile(), office.owner_id, engine.now()
    sales, own = await within(engine, "Sales"), through(card.profile_id)
    await keep(engine, owner, sales, listed(ANNA, JANIS, OLGA))
    await keep(engine, owner, own, listed(ANNA), only=True)
    about = owner, sales, card.profile_id, now
    [janis] = (await engine.read(rosters.missing_with, owner, sales, [JANIS])).values()
    chosen = await engine.read(reminders.preview_missing, *about, MOST, chosen=[janis])
    with pytest.raises(PreviewOutdated):
        await engine.write(roster_additions.add_missing, *about, seen=chosen.unlisted.seen)
    await engine.write(roster_additions.add_missing, *about, seen=chosen.unlisted.seen, chosen=[janis])
    found = await engine.read(reminders.preview_missing, *about, MOST)
    assert (found.new, found.left_out) == (2, {LeftOut.NOT_LISTED: group(OLGA)})
    assert (await engine.read(rosters.show, owner, own)).expected == 2
    await engine.write(roster_additions.add_missing, *about, seen=found.unlisted.seen)
    found = await engine.read(reminders.preview_missing, *about, MOST)
    assert (found.new, found.left_out, found.unlisted.seen) == (3, {}, "")


async def test_from_whom_the_link_was_withdrawn_is_named_and_not_reminded_until_it_is_sent_anew(
    engine: Engine, office: Office
) -> None:
    card, owner = await office.profile(), office.owner_id
    await expect(office, card.profile_id, ANNA, JANIS)
    await send(engine, owner, card.profile_id, ANNA)
    await engine.write(link_mails.withdraw, owner, card.profile_id, engine.now())
    found = await preview(engine, owner, card.profile_id)
    assert (found.new, found.unreachable, found.left_out) == (1, 0, {LeftOut.WITHDRAWN: group(ANNA)})
    await send(engine, owner, card.profile_id, ANNA)
    assert (await preview(engine, owner, card.profile_id)).new == 2


async def test_only_those_behind_who_were_chosen_are_reminded(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card, now = await office.profile(), engine.now()
    anna, _ = [(await office.sign_up(card.token, email)).user_id for email in (ANNA, JANIS)]
    about, sending = (office.owner_id, Cohort(), Which.NOT_STARTED, now), Sending(most=MOST, language="en")
    found = await engine.read(reminders.preview_behind, *about, MOST, chosen=[anna])
    assert (found.people, found.new, found.named) == (1, 1, (Contact(name="Anna Berzina", email=ANNA),))
    await engine.write(reminders.remind_behind, *about, sending, seen=found.seen, chosen=[anna])
    await deliver(engine, mail_server)
    assert sent_to(mail_server) == [ANNA]


async def test_by_hand_too_nobody_is_reminded_more_than_three_times_in_a_row(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card, of_department = await office.profile(), await within(engine, "Sales / EMEA")
    await expect(office, card.profile_id, ANNA)
    await keep(engine, office.owner_id, of_department, listed(JANIS))
    through_it = office.owner_id, of_department, card.profile_id
    sending = Sending(most=MOST, language="en")
    clock.advance(hours=1)
    for _ in range(3):
        await remind(engine, office.owner_id, card.profile_id)
        seen = (await engine.read(reminders.preview_missing, *through_it, engine.now(), MOST)).seen
        await engine.write(reminders.remind_missing, *through_it, engine.now(), sending, seen=seen)
        clock.advance(days=1)
    await keep(engine, office.owner_id, through(card.profile_id), listed(OLGA))
    found = await preview(engine, office.owner_id, card.profile_id)
    assert (found.people, found.new, found.enough, found.unreachable) == (2, 1, 1, 0)
    found = await engine.read(reminders.preview_missing, *through_it, engine.now(), MOST)
    assert (found.people, found.new, found.enough) == (1, 0, 1)
    with pytest.raises(NobodyToRemind):
        await engine.write(reminders.remind_missing, *through_it, engine.now(), sending, seen=found.seen)


async def test_by_hand_too_a_list_that_is_replaced_begins_no_row_anew(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    clock.advance(hours=1)
    for _ in range(3):
        await remind(engine, office.owner_id, card.profile_id)
        clock.advance(days=1)
    await expect(office, card.profile_id, OLGA, ANNA)
    found = await preview(engine, office.owner_id, card.profile_id)
    assert (found.people, found.new, found.enough) == (2, 1, 1)


async def test_a_learner_who_goes_on_can_be_reminded_again_after_three_times(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    user_id = (await office.sign_up(card.token, ANNA)).user_id
    cohort = Cohort(profile_id=card.profile_id)
    clock.advance(hours=1)
    for _ in range(3):
        await remind_behind(office, cohort, Which.NOT_STARTED)
        clock.advance(days=1)
    with pytest.raises(NobodyToRemind):
        await remind_behind(office, cohort, Which.NOT_STARTED)
    added = "First aid", "https://learn.example.com/aid", "5"
    await engine.write(courses.add, office.owner_id, *added, engine.now())
    course = (await engine.read(courses.catalogue, office.owner_id))[0]
    await engine.write(enrolling.give, office.owner_id, user_id, course.course_id, engine.now())
    clock.advance(hours=1)
    assert (await remind_behind(office, cohort, Which.NOT_STARTED)).people == 1


async def test_a_list_that_is_sent_again_reminds_nobody_twice_on_a_day(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    await remind(engine, office.owner_id, card.profile_id)
    await expect(office, card.profile_id, ANNA)
    other = await office.profile(name="Interns")
    await expect(office, other.profile_id, ANNA)
    for profile_id in (card.profile_id, other.profile_id):
        assert (await preview(engine, office.owner_id, profile_id)).reminded == 1


async def test_the_persons_own_language_goes_before_the_accounts(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    await office.set_page(PageSetting.LANGUAGE, "es")
    card = await office.profile()
    await expect(office, card.profile_id, ANNA, JANIS)
    made = await office.sign_up(card.token, ANNA)
    await engine.write(chat_languages.choose_language, made.user_id, "ru")
    await remind(engine, office.owner_id, card.profile_id)
    await remind_behind(office, Cohort(profile_id=card.profile_id), Which.NOT_STARTED)
    await deliver(engine, mail_server)
    assert {mail["To"]: mail["Subject"].split(":")[0] for mail in mail_server.accepted} == {
        JANIS: "Recordatorio",
        f"Anna Berzina <{ANNA}>": "Напоминание",
    }


async def test_those_behind_are_reminded_of_their_courses(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    await office.sign_up(card.token, ANNA)
    cohort = Cohort(profile_id=card.profile_id)
    assert (await remind_behind(office, cohort, Which.NOT_STARTED)).people == 1
    await deliver(engine, mail_server)
    assert mail_server.accepted[0]["Subject"] == "Reminder: Safety first"
    assert "• Safety first: not started, due 7 Dec 23:59 (UTC)" in plain_text(mail_server.accepted[0])
    with pytest.raises(NobodyToRemind):
        await remind_behind(office, Cohort(), Which.OVERDUE)
    clock.advance(days=15)
    assert (await remind_behind(office, Cohort(), Which.OVERDUE)).people == 1
    await deliver(engine, mail_server)
    assert "• Safety first: not started, was due 7 Dec 2026 23:59 (UTC)" in plain_text(mail_server.accepted[1])


async def test_at_night_it_waits_for_the_morning_and_is_dropped_when_the_day_is_over(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    evening = clock.advance(hours=10)  # 22:00
    done = await remind(engine, office.owner_id, card.profile_id)
    assert done.at == evening.replace(hour=9, day=evening.day + 1)
    await deliver(engine, mail_server)
    assert mail_server.accepted == []
    clock.advance(hours=22)  # nobody could be reached all day
    await deliver(engine, mail_server)
    assert mail_server.accepted == []
    assert await engine.read(rows) == (0, 0)  # it was never sent, so it doesn't count
    assert await engine.read(mail_days.counted, done.at.date()) == 0
    clock.advance(hours=13)
    await remind(engine, office.owner_id, card.profile_id)
    await deliver(engine, mail_server)
    assert sent_to(mail_server) == [ANNA]


def rows(session: Session) -> tuple[int, int]:
    counts = (session.scalars(select(func.count()).select_from(table)).one() for table in (Reminder, OutgoingMail))
    reminded, mails = counts
    return reminded, mails


async def test_who_came_meanwhile_and_who_is_taken_off_gets_none(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA, JANIS)
    await remind(engine, office.owner_id, card.profile_id)
    await office.sign_up(card.token, ANNA)
    await expect(office, card.profile_id, OLGA)
    await deliver(engine, mail_server)
    assert mail_server.accepted == []


async def test_who_came_is_not_missed_under_an_address_or_phone_number_that_they_changed(
    engine: Engine, office: Office
) -> None:
    await office.set_page(PageSetting.PHONE, "optional")
    card, other = await office.profile(), await office.profile(name="Interns")
    await expect(office, card.profile_id, ANNA, None)  # one by phone alone
    await expect(office, other.profile_id, ANNA)
    anna, janis = [(await office.sign_up(card.token, email)).user_id for email in (ANNA, JANIS)]
    for phone in ("+37120000000", "+37120000001", ""):
        await engine.write(own_details.change, janis, "phone", {"phone": phone}, engine.now())
    for email in ("new@example.com", "newest@example.com"):
        await engine.write(own_details.change_email, anna, email, engine.now())
    assert (await preview(engine, office.owner_id, card.profile_id)).people == 0
    assert (await preview(engine, office.owner_id, other.profile_id)).new == 0


async def test_who_waits_by_a_personal_link_with_another_address_is_not_told_to_sign_up(
    engine: Engine, office: Office
) -> None:
    card = await office.profile()
    await engine.write(policies.switch, office.owner_id, Switch.APPROVAL, engine.now(), on=True)
    await expect(office, card.profile_id, ANNA, JANIS)
    await send(engine, office.owner_id, card.profile_id, ANNA, personal=True)
    assert (await preview(engine, office.owner_id, card.profile_id)).new == 2
    await office.sign_up(await engine.read(personal_link_of, ANNA), OLGA)
    assert (await preview(engine, office.owner_id, card.profile_id)).new == 1


async def test_who_waits_for_the_confirmation_of_their_address_is_not_told_to_sign_up(
    engine: Engine, office: Office
) -> None:
    now = engine.now()
    await engine.write(policies.switch, office.owner_id, Switch.EMAIL_CONFIRMATION, now, on=True, can_mail=True)
    card = await office.profile()
    await expect(office, card.profile_id, ANNA, JANIS)
    await office.sign_up(card.token, ANNA)
    assert (await preview(engine, office.owner_id, card.profile_id)).new == 1


async def test_a_link_that_does_not_work_a_server_that_is_not_there_and_a_full_day_are_refused(
    engine: Engine, office: Office
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA, JANIS)
    with pytest.raises(NoMailServer):
        await remind(engine, office.owner_id, card.profile_id, most=None)
    with pytest.raises(TooManyMails) as too_many:
        await remind(engine, office.owner_id, card.profile_id, most=1)
    assert (too_many.value.wanted, too_many.value.left, too_many.value.most) == (2, 1, 1)
    sending = Sending(most=MOST, language="en")
    with pytest.raises(PreviewOutdated):
        await engine.write(
            reminders.remind_missing,
            office.owner_id,
            through(card.profile_id),
            card.profile_id,
            engine.now(),
            sending,
            seen="other",
        )
    await engine.write(profile_editing.pause, office.owner_id, card.profile_id, engine.now(), paused=True)
    assert (await preview(engine, office.owner_id, card.profile_id)).closed
    with pytest.raises(LinkClosed):
        await remind(engine, office.owner_id, card.profile_id)


async def test_who_got_a_personal_link_is_reminded_of_it(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    await send(engine, office.owner_id, card.profile_id, ANNA, personal=True)
    await deliver(engine, mail_server)
    clock.advance(days=1)
    await remind(engine, office.owner_id, card.profile_id)
    await deliver(engine, mail_server)
    invited, reminded = (plain_text(each).partition("/s/")[2].split()[0] for each in mail_server.accepted)
    assert invited == reminded != card.token


async def test_who_stops_reminders_gets_none_until_they_want_them_again(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    await remind(engine, office.owner_id, card.profile_id)
    await deliver(engine, mail_server)
    code = code_in(mail_server.accepted[0])
    assert mail_server.accepted[0]["List-Unsubscribe"].endswith(f"/r/{code}>")
    assert mail_server.accepted[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    clock.advance(days=1)
    await remind(engine, office.owner_id, card.profile_id)
    await engine.write(reminder_stops.stop, code, engine.now())
    await deliver(engine, mail_server)
    assert len(mail_server.accepted) == 1  # the one that was queued isn't sent either
    clock.advance(days=1)
    assert (await preview(engine, office.owner_id, card.profile_id)).stopped == 1
    with pytest.raises(NobodyToRemind):
        await remind(engine, office.owner_id, card.profile_id)
    await engine.write(reminder_stops.resume, code)
    assert (await remind(engine, office.owner_id, card.profile_id)).people == 1
    with pytest.raises(ReminderLinkGone):
        await engine.read(reminder_stops.is_stopped, "x" * 43)


async def test_an_erasure_takes_the_reminders_and_the_stop(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    made = await office.sign_up(card.token, ANNA)
    await remind_behind(office, Cohort(), Which.NOT_STARTED)
    await deliver(engine, mail_server)
    await engine.write(reminder_stops.stop, code_in(mail_server.accepted[0]), engine.now())
    await engine.write(person_erasure.erase, office.owner_id, made.user_id, engine.now())
    assert await engine.read(rows) == (0, 0)
    assert await engine.read(lambda session: session.scalars(select(ReminderStop)).all()) == []


async def test_two_at_once_remind_nobody_twice(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, *(f"person{number}@example.com" for number in range(20)))
    seen, sending = (await preview(engine, office.owner_id, card.profile_id)).seen, Sending(most=MOST, language="en")
    now, use_case = engine.now(), reminders.remind_missing
    done = await at_once(
        engine.write(use_case, office.owner_id, through(card.profile_id), card.profile_id, now, sending, seen=seen)
        for _ in range(3)
    )
    assert [each for each in done if isinstance(each, Reminded)] == [Reminded(people=20, at=now)]
    assert await engine.read(rows) == (20, 20)


async def test_who_manages_another_branch_reminds_nobody(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    elsewhere = await a_manager(engine)
    with pytest.raises(ProfileNotFound):
        await preview(engine, elsewhere, card.profile_id)
    department = await engine.read(department_id, "Sales / EMEA")
    with pytest.raises(DepartmentGone):
        await engine.read(
            reminders.preview_behind, elsewhere, Cohort(department_id=department), Which.OVERDUE, engine.now(), MOST
        )


async def test_no_reminder_tells_a_manager_of_an_account_outside_their_scope(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales")
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    other = await office.profile(name="Interns", department="Support")
    await office.sign_up(other.token, OLGA)
    await expect(office, card.profile_id, ANNA, OLGA)
    seen_by_owner = await preview(engine, office.owner_id, card.profile_id)
    assert (seen_by_owner.new, seen_by_owner.unreachable) == (1, 1)
    shown = await preview(engine, manager, card.profile_id)
    assert (shown.new, shown.unreachable) == (2, 0)
    await remind(engine, manager, card.profile_id)
    await deliver(engine, mail_server)
    assert sorted(sent_to(mail_server)) == [ANNA, OLGA]


async def test_no_reminder_tells_a_manager_of_who_waits_outside_their_scope(engine: Engine, office: Office) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales")
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    other = await office.profile(name="Interns", department="Support")
    await engine.write(policies.switch, office.owner_id, Switch.APPROVAL, engine.now(), on=True)
    await office.sign_up(other.token, OLGA)
    await expect(office, card.profile_id, OLGA)
    assert (await preview(engine, office.owner_id, card.profile_id)).unreachable == 1
    assert (await preview(engine, manager, card.profile_id)).new == 1


async def test_without_a_mail_server_those_with_telegram_are_reminded_and_the_others_counted(
    engine: Engine, office: Office
) -> None:
    card, owner, everybody = await office.profile(), office.owner_id, Cohort()
    user_id = (await office.sign_up(card.token, ANNA)).user_id
    await office.sign_up(card.token, JANIS)
    without_mail = Sending(most=None, language="en")

    async def remind_them() -> Reminded:
        now, which = engine.now(), Which.NOT_STARTED
        found = await engine.read(reminders.preview_behind, owner, everybody, which, now, None)
        counts.append((found.people, found.new, found.mails, found.without_mail, found.unreachable))
        return await engine.write(reminders.remind_behind, owner, everybody, which, now, without_mail, seen=found.seen)

    counts: list[tuple[int, ...]] = []
    with pytest.raises(NoMailServer):
        await remind_them()
    await engine.write(connect, user_id, 77, engine.now(), may_write=True)
    done = await remind_them()
    assert (done.people, done.without_mail) == (1, 1)
    with pytest.raises(NoMailServer):
        await remind_them()  # one has a reminder on this day, the other can't be reached
    assert counts == [(2, 0, 0, 2, 0), (2, 1, 0, 1, 0), (2, 0, 0, 1, 0)]
    assert await engine.read(rows) == (1, 0)


async def test_who_connected_their_telegram_is_reminded_there_and_not_by_mail_nor_at_night(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    user_id = (await office.sign_up(card.token, ANNA)).user_id
    await office.sign_up(card.token, JANIS)
    await engine.write(connect, user_id, 77, engine.now(), may_write=True)
    clock.advance(hours=10)  # 22:00
    found = await engine.read(
        reminders.preview_behind, office.owner_id, Cohort(), Which.NOT_STARTED, engine.now(), MOST
    )
    assert (found.new, found.mails) == (2, 1)
    await remind_behind(office, Cohort(), Which.NOT_STARTED)
    assert await engine.read(rows) == (2, 1)
    renderer = NoticeRenderer(engine, Languages(LOCALES), public_url=PAGES, mini_app=f"{PAGES}/m")
    await engine.write(outbox.hasten, engine.now())  # as if the clock had been set back
    await engine.write(mail_outbox.hasten, engine.now())
    assert await claimed_for(engine, 77) == []
    assert await engine.write(mail_outbox.claim, "a holder", engine.now()) == []
    clock.advance(hours=11)
    [message] = await claimed_for(engine, 77)
    screen = await renderer.render(message)
    assert screen is not None
    assert "Olivia Owner reminds you of your courses." in screen.text
    assert "• Safety first: not started, due 7 Dec 23:59 (UTC)" in screen.text
    assert [button.web_app is not None for row in screen.rows for button in row] == [True]
    code = screen.text.partition("/r/")[2][:43]
    await engine.write(reminder_stops.stop, code, engine.now())
    assert await renderer.render(message) is None
    assert await engine.read(rows) == (1, 1)  # as if there had been none


async def claimed_for(engine: Engine, chat_id: int) -> list[Message]:
    claimed = await engine.write(outbox.claim, "a holder", engine.now())
    return [each for each in claimed if each.chat_id == chat_id]
