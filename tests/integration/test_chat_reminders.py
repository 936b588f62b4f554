"""Reminders in the chat: previewed, sent by a tap, and by rules that are turned on; a manager hears of no use."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core.domain.reminder_rules import Place
from core.domain.reminders import Occasion
from core.engine import Engine
from core.rosters.people_lists import ListedPerson
from core.services import departments
from core.storage.telegram_connections import connect
from tests.integration.test_core_planned_reminders import remind
from tests.integration.test_core_reminder_rounds import a_round, turn
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, Town, open_town
from tests.support.clock import Clock
from tests.support.lines import send_the_link
from tests.support.reminders import ANNA, JANIS, OLGA, expect
from tests.support.rosters import keep, listed, through, within
from tests.support.rows import a_manager

pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
async def town(engine: Engine, office: Office) -> AsyncIterator[Town]:  # noqa: ARG001 - its account is what the owner opens
    async with open_town(engine, mails_a_day=100) as running:
        await running.owner.asks("/start")
        yield running


@pytest.mark.quick
async def test_the_missing_and_those_behind_are_reminded_after_a_preview(
    town: Town, office: Office, clock: Clock
) -> None:
    card, owner = await office.profile(), town.owner
    await expect(office, card.profile_id, ANNA, JANIS, OLGA, None)
    await office.sign_up(card.token, ANNA)
    await owner.reads("The first learner signed up")
    await owner.asks(f"/missing {card.profile_id}")
    await owner.taps("Remind all · 3")
    preview = await owner.reads("Remind those who haven't come")
    assert "3 people" in preview.text
    assert "1 can't be reached" in preview.text
    assert "2 people get a message at once." in preview.text
    await owner.taps("Remind 2 people")
    await owner.reads("2 people get a message at once.")
    await owner.taps("‹ Who's missing")
    await owner.reads("1 of 4 came")
    await owner.taps("Remind all · 3")
    assert "2 have a reminder already" in (await owner.reads("Nobody gets a message.")).text
    await owner.asks("/menu")  # with this line the tap is marked as answered: else it is handled again ten hours later
    clock.advance(hours=10)
    await owner.asks(f"/progress {card.profile_id}")
    await owner.taps("Not started · 1 person")
    await owner.reads("Safety first: not started")
    await owner.taps("Remind all")
    await owner.reads("1 person gets a message: Tue 24 Nov 09:00 (UTC).")
    await owner.taps("Remind 1 person")
    await owner.reads("1 person gets a message: Tue 24 Nov 09:00 (UTC).")
    await owner.taps("‹ Back")
    await owner.reads("Not started: 1 person")


async def test_all_who_get_no_reminder_are_listed_with_the_reason(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await expect(office, card.profile_id, ANNA, JANIS, OLGA, "ieva@example.com")
    await owner.asks(f"/missing {card.profile_id}")
    await owner.taps("Remind all · 4")
    await owner.reads("4 people get a message at once.")
    await owner.taps("Remind 4 people")
    await owner.reads("4 people get a message at once.")
    await owner.taps("‹ Who's missing")
    await owner.reads("0 of 4 came")
    await owner.taps("Remind all · 4")
    asked = await owner.reads("Nobody gets a message.")
    assert "4 have a reminder already (" in asked.text
    await owner.taps("Left out · 4")
    listed = await owner.reads("4 have a reminder already")
    assert len(listed.text.splitlines()) == 5
    await owner.taps("‹ Back")
    await owner.reads("Nobody gets a message.")


async def test_whom_a_list_would_refuse_is_added_to_it_where_people_are_to_be_reminded(
    town: Town, office: Office
) -> None:
    card, owner = await office.profile(), town.owner
    await keep(town.engine, office.owner_id, await within(town.engine, "Sales"), listed(ANNA), only=True)
    await expect(office, card.profile_id, ANNA, JANIS, OLGA)
    await owner.asks(f"/missing {card.profile_id} remind {JANIS}")
    await owner.reads(f"1 is not on the list: the link would refuse them ({JANIS})")
    await owner.taps("Add them to the list")
    await owner.reads("1 person gets a message at once.")
    await owner.asks(f"/missing {card.profile_id}")
    await owner.taps("Remind all · 3")
    await owner.reads(f"1 is not on the list: the link would refuse them ({OLGA})")
    await owner.taps("Add them to the list")
    assert "Add them to the list" not in (await owner.reads("3 people get a message at once.")).labels


async def test_from_whom_the_link_was_withdrawn_is_sent_it_anew_from_where_people_are_to_be_reminded(
    town: Town, office: Office
) -> None:
    card, owner = await office.profile(), town.owner
    await expect(office, card.profile_id, ANNA, JANIS)
    await send_the_link(owner, card.profile_id, ANNA, by="Send to 1 address")
    await owner.taps("Withdraw: anna@example.com")
    await owner.reads("from 1 person who hasn't signed up?")
    await owner.taps("Withdraw")
    await owner.reads("withdrawn: 1")
    chosen = await owner.asks(f"/missing {card.profile_id} remind {ANNA}, {JANIS}")
    assert chosen.buttons[0] == ("Send by email",)
    await owner.asks(f"/missing {card.profile_id}")
    await owner.taps("Remind all · 2")
    asked = await owner.reads("1 had the link, and it was withdrawn: “Send by email” sends a new one")
    assert asked.buttons[0] == ("Send by email",)
    await owner.taps("Send by email")
    await owner.reads("2 addresses would get the link:")
    await owner.taps("Send to these 2")
    await owner.reads("queued: 2")
    await owner.asks(f"/missing {card.profile_id}")
    await owner.taps("Remind all · 2")
    assert "Send by email" not in (await owner.reads("2 people get a message at once.")).labels


async def test_all_of_the_chosen_who_get_no_reminder_are_listed(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    emails = [ANNA, JANIS, OLGA, "ieva@example.com"]
    await expect(office, card.profile_id, *emails, "other@example.com")
    for text, label in (("message at once.", "Remind 4 people"), ("Nobody gets a message.", "Left out · 4")):
        said = await owner.says(f"/missing {card.profile_id} remind {', '.join(emails)}")
        await owner.reads(text, after=said)
        await owner.taps(label)
    listed = await owner.reads("4 have a reminder already")
    assert f"· {JANIS}" in listed.text
    await owner.taps("‹ Back")
    await owner.reads("Nobody gets a message.")


async def test_a_closed_link_is_opened_where_people_are_to_be_reminded(
    town: Town, office: Office, clock: Clock
) -> None:
    card, owner = await office.profile(), town.owner
    await expect(office, card.profile_id, ANNA, JANIS)
    clock.advance(days=60)
    await owner.asks(f"/missing {card.profile_id}")
    await owner.taps("Remind all · 2")
    assert (await owner.reads("The link has ended, so it isn't sent.")).buttons[0] == ("1 week more",)
    await owner.taps("1 week more")
    await owner.is_told("The link works now.")
    await owner.reads("2 people get a message")
    await owner.asks(f"/pause {card.profile_id}")
    await owner.asks(f"/missing {card.profile_id} remind janis@example.com")
    await owner.taps("Resume")
    assert (await owner.reads("1 person gets a message")).buttons[0] == ("Remind 1 person",)


async def test_a_preview_that_was_sent_from_another_one_is_shown_anew(town: Town, office: Office, clock: Clock) -> None:
    card, owner = await office.profile(), town.owner
    await expect(office, card.profile_id, ANNA, JANIS)
    for _ in range(2):
        await owner.asks(f"/missing {card.profile_id}")
        await owner.taps("Remind all · 2")
        await owner.reads("Remind those who haven't come")
    await owner.taps("Remind 2 people")
    await owner.reads("2 people get a message at once.")
    clock.advance(minutes=5)  # later it is no double tap
    await owner.taps("Remind 2 people")
    await owner.is_told("This has changed since you were asked")
    anew = await owner.reads("2 have a reminder already")
    assert "Remind 2 people" not in anew.labels


async def test_whom_to_remind_is_ticked_and_what_waits_for_the_morning_is_undone(
    town: Town, office: Office, clock: Clock
) -> None:
    card, owner = await office.profile(), town.owner
    await expect(office, card.profile_id, ANNA, JANIS, OLGA)
    clock.advance(hours=10)  # 22:00
    await owner.asks(f"/missing {card.profile_id}")
    await owner.taps("Choose whom")
    await owner.reads("0 people selected")
    await owner.taps(f"◻️ {JANIS}")
    await owner.reads("1 person selected")
    await owner.taps(f"◻️ {OLGA}")
    await owner.reads("2 people selected")
    await owner.taps(f"✅ {JANIS}")
    await owner.reads("1 person selected")
    await owner.taps("Remind 1 person")
    preview = (await owner.reads("Remind those who haven't come")).text.splitlines()
    assert f"• {OLGA}" in preview
    assert "1 person gets a message: Tue 24 Nov 09:00 (UTC)." in preview
    await owner.taps("Remind 1 person")
    done = await owner.reads("1 person gets a message: Tue 24 Nov 09:00 (UTC).")
    assert "Until then you can take it back." in done.text
    await owner.taps("Undo")
    await owner.reads("Taken back: 1 person gets no reminder.")
    await owner.taps("‹ Who's missing")
    assert "reminder due" not in (await owner.reads("0 of 3 came")).text


async def test_those_behind_are_ticked_too(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    for email in (ANNA, JANIS):
        await office.sign_up(card.token, email)
    await owner.reads("The first learner signed up")
    await owner.asks("/progress")
    await owner.taps("Not started · 2 people")
    await owner.reads("Safety first: not started")
    await owner.taps("Choose whom")
    await owner.reads("0 people selected")
    await owner.taps("◻️ Anna Berzina")
    await owner.reads("1 person selected")
    await owner.taps("Remind 1 person")
    await owner.reads("Remind those who haven't started")
    await owner.taps("Remind 1 person")
    done = await owner.reads("1 person gets a message at once.")
    assert "Until then" not in done.text
    assert done.labels == ("‹ Back",), "what is sent at once can't be undone"
    await owner.taps("‹ Back")
    await owner.reads("Not started: 2 people")


async def test_whom_to_remind_is_typed_after_the_roster(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await expect(office, card.profile_id, ANNA, JANIS)
    preview = await owner.asks(f"/missing {card.profile_id} remind Jānis <{JANIS.upper()}>; nobody@example.com")
    assert f"• {JANIS}" in preview.text
    assert "Not among the missing: nobody@" in preview.text
    await owner.taps("Remind 1 person")
    await owner.reads("1 person gets a message at once.")
    refused = await owner.asks(f"/missing {card.profile_id} remind nobody@example.com")
    assert refused.labels == ("‹ Who's missing",)
    assert "0 people selected" in (await owner.asks("/missing autumn sales recordar")).text


async def test_the_missing_are_named_by_phone_too_and_each_piece_that_names_nobody_is_told(
    town: Town, office: Office
) -> None:
    card, owner = await office.profile(), town.owner
    people = [ListedPerson(row=1, email=ANNA, phone="+37120000001"), ListedPerson(row=2, phone="+37120000002")]
    await keep(town.engine, office.owner_id, through(card.profile_id), people)
    line = f"/missing {card.profile_id} remind"
    preview = await owner.asks(f"{line} Anna +371 2000 0001, nobody; +37120000009, wrong@@x")
    assert f"• {ANNA}" in preview.text
    assert "Not among the missing: nobody, +37120000009, wrong@" in preview.text
    without_address = await owner.asks(f"{line} +37120000002")
    assert "Not among the missing" not in without_address.text
    assert "1 can't be reached: without an address" in without_address.text
    assert (await owner.asks(f"{line} nobody")).text == "Not among the missing: nobody"


async def test_who_is_missing_is_asked_for_by_names_that_have_the_word_remind_in_them(
    town: Town, office: Office
) -> None:
    owner, engine = town.owner, town.engine
    card = await office.profile(name="Client reminder team")
    await expect(office, card.profile_id, ANNA)
    await engine.write(departments.add, office.owner_id, "Sales / Reminder", engine.now())
    await keep(engine, office.owner_id, await within(engine, "Sales / Reminder"), listed(JANIS))
    assert ANNA in (await owner.asks("/missing Client reminder team")).text
    assert JANIS in (await owner.asks("/missing Sales / Reminder")).text
    assert "0 people selected" in (await owner.asks("/missing Sales / Reminder remind")).text
    assert f"• {ANNA}" in (await owner.asks(f"/missing Client reminder team remind {ANNA}")).text


async def test_of_a_department_the_chosen_are_reminded_with_the_link_that_is_asked_for(
    town: Town, office: Office
) -> None:
    owner, engine = town.owner, town.engine
    for name in ("Interns", "Juniors"):
        await office.profile(name=name)
    of = await within(engine, "Sales / EMEA")
    await keep(engine, office.owner_id, of, listed(ANNA, JANIS))
    await owner.asks("/missing Sales / EMEA")
    await owner.taps("Choose whom")
    await owner.reads("0 people selected")
    await owner.taps(f"◻️ {JANIS}")
    await owner.reads("1 person selected")
    await owner.taps("Remind 1 person")
    await owner.reads("Which profile do you mean?")
    await owner.taps("Juniors")
    await owner.reads("Remind those who haven't come")
    await owner.taps("Remind 1 person")
    await owner.reads("1 person gets a message at once.")


async def test_planned_reminders_are_listed_and_taken_back(town: Town, office: Office, clock: Clock) -> None:
    card, owner = await office.profile(), town.owner
    await expect(office, card.profile_id, ANNA, JANIS)
    clock.advance(hours=10)  # 22:00
    await owner.asks(f"/missing {card.profile_id}")
    await owner.taps("Remind all · 2")
    await owner.reads("Remind those who haven't come")
    await owner.taps("Remind 2 people")
    await owner.reads("2 people get a message")
    await owner.taps("‹ Who's missing")
    await owner.reads("reminder due Tue 24 Nov 09:00")
    await owner.taps("Planned")
    assert (
        "1. Not come · Autumn sales · 2 people · Tue 24 Nov 09:00 (UTC)"
        in (await owner.reads("Planned reminders")).text
    )
    await owner.asks(f"/pause {card.profile_id}")
    held = "24 Nov 09:00 · not sent while the link is paused"
    assert held in (await owner.asks(f"/missing {card.profile_id}")).text
    await owner.taps("Planned")
    await owner.reads("24 Nov 09:00 (UTC) · not sent while the link is paused")
    await owner.taps("Take back 1")
    await owner.reads("No reminders wait to be sent.")
    await owner.asks("/reminders")
    await owner.taps("Planned")
    await owner.reads("No reminders wait to be sent.")


async def test_the_seventh_of_planned_reminders_stands_on_the_next_page(
    town: Town, office: Office, clock: Clock
) -> None:
    owner = town.owner
    clock.advance(hours=10)  # 22:00
    for number in range(1, 8):
        card = await office.profile(name=f"Profile {number}")
        await expect(office, card.profile_id, f"person{number}@example.com")
        await remind(town.engine, office.owner_id, card.profile_id)
        clock.advance(minutes=1)
    await owner.asks("/reminders")
    await owner.taps("Planned")
    assert "7. " not in (await owner.reads("6. Not come · Profile 6")).text
    await owner.taps("More ›")
    assert (await owner.reads("7. Not come · Profile 7")).labels == ("Take back 7", "‹ Back", "‹ Menu")
    await owner.taps("Take back 7")
    assert "7. " not in (await owner.reads("1. Not come · Profile 1")).text


async def test_before_the_reminders_of_a_colleague_are_taken_back_the_bot_asks_and_the_colleague_reads_of_it(
    town: Town, office: Office, clock: Clock
) -> None:
    card, owner, engine = await office.profile(), town.owner, town.engine
    await expect(office, card.profile_id, ANNA, JANIS)
    await a_manager(engine, "Sales", telegram_id=MANAGER)
    manager = town.person(MANAGER)
    await manager.asks("/start")
    clock.advance(hours=10)  # 22:00
    await manager.asks(f"/missing {card.profile_id}")
    await manager.taps("Remind all · 2")
    await manager.reads("Remind those who haven't come")
    await manager.taps("Remind 2 people")
    await manager.reads("2 people get a message")
    await owner.asks("/reminders")
    await owner.taps("Planned")
    await owner.reads("1. Not come · Autumn sales · 2 people · Tue 24 Nov 09:00 (UTC) · Maris Meier")
    await owner.taps("Take back 1")
    assert "Not come · Autumn sales · 2 people" in (await owner.reads("Take back these reminders of Maris Meier?")).text
    await owner.taps("‹ Back")
    await owner.reads("1. Not come")
    await owner.taps("Take back 1")
    await owner.reads("Take back these reminders")
    await owner.taps("Take back")
    await owner.reads("No reminders wait to be sent.")
    await manager.reads("Olivia Owner took back reminders that you sent")


async def test_without_a_mail_server_it_says_what_is_missing(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    async with open_town(engine) as town:
        await town.owner.asks("/start")
        await town.owner.asks(f"/missing {card.profile_id}")
        await town.owner.taps(f"Remind {ANNA}")
        assert "1 can't be reached: no email can be sent" in (await town.owner.reads("a mail server (SMTP_URL)")).text


async def test_without_a_mail_server_learners_are_reminded_in_telegram_and_the_others_are_counted_before_and_after(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    anna, _ = [(await office.sign_up(card.token, email)).user_id for email in (ANNA, JANIS)]
    await turn(office, Place(), Occasion.NOT_STARTED, days=0)
    async with open_town(engine) as town:
        owner, nina = town.owner, town.stranger
        await owner.asks("/start")
        await owner.reads("The first learner signed up")
        await nina.asks("/start")
        await engine.write(connect, anna, nina.id, engine.now(), may_write=True)
        await owner.asks("/progress")
        await owner.taps("Not started · 2 people")
        await owner.reads("Safety first: not started")
        await owner.taps("Remind all")
        preview = (await owner.reads("Remind those who haven't started")).text
        assert "1 can't be reached: no email can be sent, and no Telegram is connected" in preview
        await owner.taps("Remind 1 person")
        assert "1 can't be reached" in (await owner.reads("1 person gets a message at once.")).text
        assert "Safety first" in (await nina.reads("Olivia Owner reminds you of your courses.")).text
        shown = (await owner.asks("/reminders")).text
        assert "Until then only learners who connected their Telegram are reminded." in shown
        assert "Next: 1 person, Tue 24 Nov 09:00 (UTC); 1 can't be reached" in shown
        clock.at = clock.at.replace(hour=9) + timedelta(days=1)
        await nina.reads("This reminds you of your courses.")  # by the rule


async def test_a_rule_is_turned_on_with_a_preview_and_at_the_end_the_manager_takes_the_person_off(
    town: Town, office: Office, clock: Clock
) -> None:
    card, owner = await office.profile(), town.owner
    await expect(office, card.profile_id, ANNA, JANIS)
    await turn(office, Place(), Occasion.OVERDUE)
    await owner.asks(f"/profile {card.profile_id}")
    await owner.taps("More ›")
    await owner.reads("Autumn sales")
    await owner.taps("Reminders")
    shown = await owner.reads("Reminders: Autumn sales")
    assert "⚪ Expected, not come after 3 days: off" in shown.text
    assert "🟢 Overdue: on, as above it" in shown.text
    assert "Would write to 0 people, Tue 24 Nov 09:00 (UTC)" in shown.text
    assert len(shown.text.splitlines()) <= 20
    await owner.taps("⚪ Not come")
    await owner.reads("Expected, not come after 3 days: off")
    await owner.taps("1 day")
    await owner.reads("⚪ Expected, not come after 1 day: off")
    await owner.taps("Turn on")
    await owner.reads("🟢 Expected, not come after 1 day: on")
    clock.advance(days=1)
    await owner.taps("‹ Reminders")
    await owner.reads("Next: 2 people, Wed 25 Nov 09:00 (UTC)")
    await office.sign_up(card.token, JANIS)
    await owner.reads("The first learner signed up")
    for _ in range(3):
        clock.at = clock.at.replace(hour=9) + timedelta(days=1)
        await a_round(town.engine)
    clock.advance(days=3)
    await owner.reads("anna@example.com was reminded three times, and hasn't signed up: Autumn sales.")
    await owner.taps("Take off the list")
    await owner.reads("1 of 1 came")


async def test_a_manager_finds_what_is_planned_before_any_department_is_chosen(
    town: Town, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    manager = await a_manager(town.engine, "Sales", telegram_id=MANAGER)
    await expect(office, card.profile_id, ANNA)
    clock.advance(hours=10)  # 22:00
    await remind(town.engine, manager, card.profile_id)
    maris = town.person(MANAGER)
    shown = await maris.asks("/reminders")
    assert shown.labels == ("One department", "Planned", "‹ Digest")
    await maris.taps("Planned")
    assert (
        "1. Not come · Autumn sales · 1 person · Tue 24 Nov 09:00 (UTC)"
        in (await maris.reads("Planned reminders")).text
    )
