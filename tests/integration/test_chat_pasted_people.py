"""Several people who are pasted while no list was asked for: it is asked what to do with them."""

import pytest

from core.domain.access import Permission, Role
from core.services import profile_lists, rosters
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER
from tests.support.clock import Clock
from tests.support.crawler import MOST_ROWS
from tests.support.rosters import through
from tests.support.rows import a_user
from tests.support.screens import Screens

WORD_JOINER = "\N{WORD JOINER}"  # keeps Telegram from making links of what people typed
PASTED = "Anna Berzina <anna@example.com>\nBoris Kalns <boris@example.com>"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def screens(office: Office) -> Screens:
    return Screens(engine=office.engine)


async def test_people_who_are_pasted_are_expected_by_taps(office: Office, screens: Screens) -> None:
    card = await office.profile()
    asked = await screens.type(PASTED)
    assert asked == "2 people\nWhat would you like to do with them?"
    assert screens.labels[0][0] == "Expect them"
    assert await screens.tap("Expect them") == "Which profile do you mean?"
    await screens.tap("Autumn sales")
    await screens.tap(next(label for row in screens.labels for label in row if label.startswith("Keep")))
    found = await office.engine.read(rosters.show, office.owner_id, through(card.profile_id))
    assert found.expected == 2


async def test_people_with_phone_numbers_among_those_with_addresses_are_counted(
    office: Office, screens: Screens
) -> None:
    await office.profile()
    assert (await screens.type(f"{PASTED}\nCid Dee +37129999991")).startswith("3 people\n")


async def test_several_addresses_alone_are_told_apart_and_can_be_expected_together(
    office: Office, screens: Screens
) -> None:
    card = await office.profile()
    await office.sign_up(card.token)
    assert "2 addresses" in await screens.type("anna@example.com, boris@example.com")
    assert screens.labels[:2] == [["anna@example.com"], ["➕ boris@example.com"]]
    await screens.tap("Expect them")
    assert "Autumn sales" in screens.labels[0][0]


async def test_several_addresses_alone_can_be_expected_without_the_right_to_see_people(
    office: Office, screens: Screens
) -> None:
    permissions = [Permission.MANAGE_PROFILES]
    await a_user(office.engine, Role.CUSTOM, "Sales", telegram_id=MANAGER, permissions=permissions)
    screens.telegram_id = MANAGER
    asked = await screens.type("anna@example.com, boris@example.com")
    assert asked == "2 people\nWhat would you like to do with them?"
    assert screens.labels[0] == ["Expect them", "Send a link"]


async def test_where_there_is_no_profile_yet_it_is_said(office: Office, screens: Screens) -> None:
    found = await office.engine.read(profile_lists.listing, office.owner_id, "", 0, office.engine.now())
    assert found.total == 0
    await screens.type(PASTED)
    assert "You have no sign-up profile yet." in await screens.tap("Expect them")


async def test_people_who_are_pasted_on_a_form_are_asked_about_and_the_form_is_kept(
    office: Office, screens: Screens
) -> None:
    card = await office.profile()
    before = await screens.type("/new")
    asked = await screens.type(PASTED)
    assert asked.startswith("2 people: is that the answer to this form, or shall I do something else with them?\n")
    assert before in asked
    assert screens.labels[:2] == [["Use as typed"], ["Expect them", "Send a link"]]
    assert len(screens.labels) <= MOST_ROWS
    assert await screens.tap("Expect them") == "Which profile do you mean?"
    assert "Expect" not in await screens.type("Boris"), "the form is left"
    await screens.send("draft")
    assert before == screens.text, "and goes on as it was"
    await screens.type(PASTED)
    await screens.tap("Expect them")
    await screens.tap("Autumn sales")
    await screens.tap(next(label for row in screens.labels for label in row if label.startswith("Keep")))
    assert (await office.engine.read(rosters.show, office.owner_id, through(card.profile_id))).expected == 2


@pytest.mark.parametrize(("kind", "part", "shown"), [("course", "Description ›", "Description: "), ("person", "", "")])
async def test_people_who_are_pasted_can_be_the_answer_to_a_form(
    screens: Screens, kind: str, part: str, shown: str
) -> None:
    await screens.send(f"form:{kind}")
    if part:
        await screens.tap(part)
    text = "Ask ann@example.com or bob@example.com."
    await screens.type(text)
    assert len(screens.labels) <= MOST_ROWS
    answered = await screens.tap("Use as typed")
    assert "is that the answer" not in answered
    assert not shown or f"{shown}{text}" in answered.replace(WORD_JOINER, "")


async def test_people_who_are_pasted_on_a_form_can_be_named_until_a_day_has_passed(
    screens: Screens, clock: Clock
) -> None:
    await screens.type("/new")
    await screens.type(PASTED)
    clock.advance(days=2)
    answered = await screens.tap("Use as typed")
    assert answered.startswith("This question was answered already, or is more than a day old.")
    assert "New sign-up link" in answered


async def test_a_button_that_is_too_old_leaves_another_form_open(screens: Screens, clock: Clock) -> None:
    await screens.type(PASTED)
    old = screens.data("Expect them")
    clock.advance(days=2)
    await screens.type("/new")
    await screens.send(old)
    assert "is more than a day old." in screens.toast
    assert "Name: Boris" in await screens.type("Boris"), "the form goes on"
