"""Notices with buttons, and of changed rights: whoever is concerned is told, and can act on it at once."""

import asyncio
from datetime import timedelta

import pytest

from core.domain.access import Permission, Role
from core.domain.alerts import RUSH
from core.services import alerts, departments, pending_sign_ups, roles
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, Town
from tests.support.clock import Clock
from tests.support.patience import PATIENCE
from tests.support.rows import a_user
from tests.support.statements import counted

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_full_profile_gets_places_by_a_tap_on_its_notice(office: Office, town: Town) -> None:
    await town.owner.asks("/start")
    await office.sign_up((await office.profile(name="Tiny", limit="1")).token)
    notice = await town.owner.reads("“Tiny” is full: 1 of 1.")
    assert notice.buttons == (("+10 places",), ("Show the profile",))
    await town.owner.taps("+10 places")
    assert "1 of 11" in (await town.owner.reads("🟢 Tiny")).text


async def test_alerts_have_buttons_that_do_something_about_it_and_can_be_turned_off(office: Office, town: Town) -> None:
    owner, now = town.owner, office.engine.now()
    await owner.asks("/start")
    card = await office.profile(limit="30")
    for number in range(RUSH):
        await office.sign_up(card.token, f"learner{number}@example.com")
    await owner.reads("The first learner signed up through “Autumn sales”: Anna Berzina. The link works.")
    await office.engine.write(alerts.tell, now)
    nearly = await owner.reads("“Autumn sales” is nearly full: 25 of 30.")
    assert nearly.buttons == (("+10 places",), ("Show the profile",))
    rushed = await owner.reads("25 people or more signed up through “Autumn sales” within a minute.")
    assert rushed.buttons == (("Pause", "Undo these 25"), ("Who joined", "Show the profile"))
    await owner.taps("Pause")
    paused = await owner.reads("The rush: 23 Nov")
    assert paused.labels[0] == "Resume"
    await owner.taps("Undo these 25")
    asked = await owner.reads("Undo the sign-ups of 25 people through “Autumn sales”?")
    assert "Anna Berzina, Anna Berzina" in asked.text
    assert "… and 10 more" in asked.text
    await owner.taps("Undo 25 sign-ups")
    undone = await owner.reads("You can bring them back until 24 Nov")
    assert "“Who joined” names them" in undone.text
    assert undone.labels == ("Bring back 25", "Who joined", "‹ Profile")
    await owner.taps("Bring back 25")
    back = await owner.reads("25 people are back in “Autumn sales”, with their places, courses and progress.")
    assert back.buttons == (("Who joined",), ("Resume", "Undo these 25"), ("‹ Profile",))
    await owner.asks("/alerts")
    await owner.taps("🟢 Full")
    assert "⚪ A link is full" in (await owner.reads("⚪ A link is full")).text
    await office.sign_up((await office.profile(name="Tiny", limit="1")).token, "last@example.com")
    first = await owner.reads("The first learner signed up through “Tiny”")
    assert "The link works." not in first.text, "it is full"
    await town.outbox_has("failed")  # the notice that it is full isn't sent


async def test_a_rush_of_people_who_wait_is_paused_and_declined_by_buttons_and_comes_back_by_one(
    approving: Office, town: Town
) -> None:
    owner, now = town.owner, approving.engine.now()
    await owner.asks("/start")
    card = await approving.profile(limit="100")
    for number in range(RUSH):
        await approving.sign_up(card.token, f"learner{number}@example.com")
    await approving.engine.write(alerts.tell, now)
    rushed = await owner.reads("25 people or more asked to join through “Autumn sales” within a minute.")
    assert rushed.buttons == (("Pause", "Decline 25"), ("Who waits", "Show the profile"))
    await owner.taps("Pause")
    paused = await owner.reads("The rush: 23 Nov")
    assert paused.labels[0] == "Resume"
    await owner.taps("Decline 25")
    asked = await owner.reads("Decline 25 people who wait to join through “Autumn sales”?")
    assert "Anna Berzina, Anna Berzina" in asked.text
    assert "… and 10 more" in asked.text
    await owner.taps("‹ Back")
    await owner.reads("The rush: 23 Nov")
    await owner.taps("Decline 25")
    await owner.reads("Decline 25 people")
    await owner.taps("Decline 25")
    declined = await owner.reads("25 people who waited to join through “Autumn sales” are declined.")
    assert declined.labels == ("Undo", "‹ Profile")
    await owner.taps("Undo")
    back = await owner.reads("25 people wait for your answer again, through “Autumn sales”.")
    assert back.buttons == (("Who waits",), ("Resume", "Decline 25"), ("‹ Profile",))
    await owner.taps("Who waits")
    await owner.reads("25 people are waiting for approval")


@pytest.mark.deep
async def test_a_rush_some_of_whom_were_answered_meanwhile_is_asked_about_anew(approving: Office, town: Town) -> None:
    owner, engine = town.owner, approving.engine
    await owner.asks("/start")
    card = await approving.profile(limit="100")
    people = [await approving.sign_up(card.token, f"learner{number}@example.com") for number in range(RUSH + 1)]
    await engine.write(alerts.tell, engine.now())
    await owner.reads("25 people or more asked to join")
    await owner.taps(f"Decline {RUSH + 1}")
    await owner.reads(f"Decline {RUSH + 1} people")
    await engine.write(pending_sign_ups.approve, approving.owner_id, people[0].user_id, engine.now())
    await owner.taps(f"Decline {RUSH + 1}")
    await owner.is_told("This has changed since you were asked")
    await owner.reads(f"Decline {RUSH} people")
    await owner.taps(f"Decline {RUSH}")
    await owner.reads(f"{RUSH} people who waited")


@pytest.mark.deep
async def test_a_rush_all_of_whom_were_answered_meanwhile_is_shown_as_it_is(approving: Office, town: Town) -> None:
    owner, engine = town.owner, approving.engine
    await owner.asks("/start")
    card = await approving.profile(limit="100")
    people = [await approving.sign_up(card.token, f"learner{number}@example.com") for number in range(RUSH)]
    await engine.write(alerts.tell, engine.now())
    await owner.reads("25 people or more asked to join")
    await owner.taps(f"Decline {RUSH}")
    await owner.reads(f"Decline {RUSH} people")
    for each in people:
        await engine.write(pending_sign_ups.approve, approving.owner_id, each.user_id, engine.now())
    await owner.taps(f"Decline {RUSH}")
    await owner.is_told("This has changed since you were asked")
    await owner.reads("None of them waits for your answer any more.")


async def test_notices_about_seats_lead_to_the_seats_and_to_the_person_without_one(office: Office, town: Town) -> None:
    owner = town.owner
    await owner.asks("/settings seats 2")
    card = await office.profile()
    numbers = [(await office.sign_up(card.token, f"learner{number}@example.com")).user_id for number in range(2)]
    notice = await owner.reads("signed up, but no seat is left")
    assert notice.buttons == (("Show the person",), ("Seats",))
    await owner.taps("Show the person")
    await owner.reads(f"⚪ Anna Berzina (#{numbers[1]})")
    await office.engine.write(alerts.tell, office.engine.now())
    scarce = await owner.reads("2 of 2 seats are taken.")
    assert scarce.buttons == (("👥 People", "Seats"),)
    await owner.taps("Seats")
    await owner.reads("2 active users at most.")


@pytest.mark.deep
async def test_digests_of_one_moment_share_a_count_and_each_shows_what_its_reader_may_see(
    office: Office, town: Town, clock: Clock
) -> None:
    await office.engine.write(departments.add, office.owner_id, "Finance", office.engine.now())
    await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Finance", telegram_id=MANAGER)
    elsewhere = town.person(MANAGER)
    at = clock() + timedelta(minutes=1)
    for person in (town.owner, elsewhere):
        await person.asks("/start")
        await person.asks(f"/digest daily {at:%H:%M}")
    await office.sign_up((await office.profile()).token)
    await town.owner.reads("The first learner signed up")  # one chat gets its messages one by one
    with counted() as count:
        clock.advance(minutes=1)
        await town.owner.reads("1 joined so far")
        await elsewhere.reads("Nobody joined so far")
    tallies = "SELECT activation.profile_id, activation.learner_department_id, activation.department_id, count"
    assert sum(each.startswith(tallies) for one in count.statements for each in one) == 1


async def test_a_person_is_told_of_their_new_role_and_their_menu_follows(office: Office, town: Town) -> None:
    number = await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales", telegram_id=MANAGER)
    person = town.person(MANAGER)
    await person.asks("/start")
    await _menu_becomes(town, ["menu", "new", "links", "people", "report", "help"])
    await office.engine.write(roles.assign, office.owner_id, number, "learner", (), office.engine.now())
    told = await person.reads("Olivia Owner changed what you can do here. You are now: learner.")
    assert told.labels == ("‹ Menu",)
    await _menu_becomes(town, ["menu", "help"])


async def test_holders_of_a_role_are_told_when_it_changes(office: Office, town: Town) -> None:
    now = office.engine.now()
    await office.engine.write(roles.add, office.owner_id, "Recruiter", [Permission.MANAGE_PROFILES], now)
    number = await a_user(office.engine, Role.LEARNER, telegram_id=MANAGER)
    person = town.person(MANAGER)
    await person.asks("/start")
    await office.engine.write(roles.assign, office.owner_id, number, "Recruiter", ("Sales",), now)
    assert (await person.reads("You are now: Recruiter for Sales.")).labels == ("‹ Menu",)
    await office.engine.write(roles.change, office.owner_id, "Recruiter", [Permission.MANAGE_PEOPLE], now)
    await _menu_becomes(town, ["menu", "people", "help"])


async def _menu_becomes(town: Town, wanted: list[str]) -> None:
    async with asyncio.timeout(PATIENCE):
        while await _menu(town) != wanted:
            await asyncio.sleep(0.02)


async def _menu(town: Town) -> list[str]:
    async with town.http.get(f"{town.sandbox.url}/api/commands", params={"person": MANAGER}) as response:
        return [command["command"] for command in (await response.json())["commands"]]
