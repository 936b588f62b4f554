"""The list of people: a button each, pages, words, and the way to adding one."""

import html

import pytest

from bot.screens.lists import LONGEST_ENTRY
from core.services import people_list, policies
from core.services.people_list import Listing
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.screens import Screens

# What people read is the same on both databases; the services are tested on both in test_core_people.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def screens(office: Office) -> Screens:
    return Screens(engine=office.engine)


async def learners(office: Office, number: int) -> None:
    card = await office.profile()
    for each in range(number):
        await office.sign_up(card.token, f"learner{each:02}@example.com")


async def everybody(office: Office) -> Listing:
    return await office.engine.read(people_list.listing, office.owner_id, "", size=100)


async def test_a_button_each_opens_the_card_and_one_adds_a_person(office: Office, screens: Screens) -> None:
    await learners(office, 1)
    assert await screens.type("/people") == "2 people\n\nTap a person, or type a part of their name or address."
    assert screens.labels == [["🟢 Olivia Owner · owner"], ["🟢 Anna Berzina · EMEA"], ["➕ Add a person"], ["‹ Menu"]]
    assert (await screens.tap("🟢 Anna Berzina · EMEA")).startswith("🟢 Anna Berzina (#2)")
    await screens.tap("‹ People")
    assert "First name: type it" in await screens.tap("➕ Add a person")


async def test_pages_are_within_a_phone_and_hold_everybody_once(office: Office, screens: Screens) -> None:
    await learners(office, 12)
    await screens.type("/people")
    seen = []
    while True:
        assert len(screens.labels) <= 8
        seen += [screens.data(row[0]) for row in screens.labels if " · " in row[0]]
        if "More ›" not in screens.labels[-1]:
            break
        await screens.send(screens.data("More ›"))
    assert seen == [f"person:{card.user_id}" for card in (await everybody(office)).cards]
    assert screens.labels[-1] == ["‹ Menu", "« First"]


async def test_words_typed_below_the_list_search_it_and_elsewhere_if_no_profile_has_them(
    office: Office, screens: Screens
) -> None:
    await learners(office, 2)
    await office.profile(name="Learner's autumn")
    await screens.type("/people")
    said = await screens.type("learner01")
    assert said.startswith("1 person\nWith “learner01” in name, email or login")
    await screens.type("/people")
    assert (await screens.type("learner")).startswith("2 people")
    await screens.tap("‹ People")
    assert (await screens.type("zebra")).startswith("Nobody has “zebra” in their name")
    assert screens.labels == [["➕ Add a person"], ["‹ People"]]
    await screens.type("/menu")
    assert (await screens.type("learner")).startswith("1 profile")
    await screens.type("/menu")
    assert (await screens.type("learner01")).startswith("1 person")


async def test_a_person_who_waits_is_told_apart_and_leads_to_the_answer(office: Office, screens: Screens) -> None:
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, office.engine.now(), on=True)
    await learners(office, 1)
    await screens.type("/people berzina")
    assert "Approve" in str([await screens.tap("🕒 Anna Berzina · waiting for approval"), screens.labels])


async def test_the_longest_names_are_cut_told_apart_and_whole_on_the_card(screens: Screens) -> None:
    path = " / ".join("D" * 190 + str(depth) for depth in range(3))
    await screens.type(f"/adddepartment {path}")
    names = [f"{'&' * 95}{number}" for number in range(8)]
    for number, name in enumerate(names):
        await screens.type(f"/addperson {name} | {'é' * 100} | learner{number}@example.com | {path}")
    await screens.type("/people learner")
    labels = [row[0] for row in screens.labels if "&" in row[0]]
    await screens.tap("More ›")
    labels += [row[0] for row in screens.labels if "&" in row[0]]
    assert len(set(labels)) == len(names)
    assert max(map(len, labels)) == LONGEST_ENTRY
    assert f"{names[-1]} {'é' * 100} (#" in html.unescape(await screens.tap(labels[-1]))
