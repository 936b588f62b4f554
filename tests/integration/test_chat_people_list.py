"""The list of people: a button each, pages, words, and the way to adding one."""

import html

import pytest

from bot.screens.lists import LONGEST_ENTRY
from core.domain.access import Role
from core.services import departments, email_changes, people, people_list, policies
from core.services.confirmations import Addressee
from core.services.people_list import Listing
from core.services.policies import Switch
from core.storage.tables import PendingSignUp
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_user, transfer
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
    assert screens.labels == [["🟢 Olivia Owner · owner"], ["🟢 Anna Berzina · EMEA"], ["➕ Add", "Select"], ["‹ Menu"]]
    assert (await screens.tap("🟢 Anna Berzina · EMEA")).startswith("🟢 Anna Berzina (#2)")
    await screens.tap("‹ People")
    form = await screens.tap("➕ Add")
    assert form.startswith("New person\n\nName: not given yet")
    assert "Department: Sales / EMEA" in form  # the one of the newest link


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
    assert screens.labels == [["➕ Add"], ["‹ People"]]
    await screens.type("/menu")
    assert (await screens.type("learner")).startswith("1 profile")
    await screens.type("/menu")
    assert (await screens.type("learner01")).startswith("1 person")


async def test_a_person_who_waits_is_told_apart_and_leads_to_the_answer(office: Office, screens: Screens) -> None:
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, office.engine.now(), on=True)
    await learners(office, 1)
    await screens.type("/people berzina")
    assert "Approve" in str([await screens.tap("🕒 Anna Berzina · waiting for approval"), screens.labels])


async def test_who_was_declined_is_not_said_to_wait_while_that_can_be_undone(office: Office, screens: Screens) -> None:
    now = office.engine.now()
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, now, on=True)
    user_id = (await office.sign_up((await office.profile()).token)).user_id
    await office.engine.write(lambda session: setattr(session.get_one(PendingSignUp, user_id), "declined_at", now))
    await screens.type("/people berzina")
    assert screens.labels[0] == ["✖️ Anna Berzina · declined"]


async def test_who_has_not_confirmed_their_address_is_listed_and_told_so(office: Office, screens: Screens) -> None:
    now = office.engine.now()
    await office.engine.write(policies.switch, office.owner_id, Switch.EMAIL_CONFIRMATION, now, on=True, can_mail=True)
    await learners(office, 1)
    number = (await everybody(office)).cards[-1].user_id
    await screens.type("/people")
    assert ["✉️ Anna Berzina · address not confirmed"] in screens.labels
    assert (await screens.type("/people berzina")).startswith("1 person\n")
    assert screens.labels[0] == ["✉️ Anna Berzina · address not confirmed"]
    assert "Select" not in str(screens.labels)  # nothing can be done to them here
    said = await screens.tap("✉️ Anna Berzina · address not confirmed")
    assert "✉️ Not confirmed yet; the place is kept until 24 Nov 12:00" in said
    for line in (f"/person #{number}", f"/transfer #{number} | Sales"):
        assert "Anna Berzina has not confirmed their address yet: /waiting" in await screens.type(line)
    assert "Anna Berzina has not confirmed" in await screens.type(f"/enrol #{number} | Safety first")
    assert (await screens.type("/people zebra")).startswith("Nobody has")


async def test_a_new_address_that_is_not_confirmed_yet_stands_on_the_card(office: Office, screens: Screens) -> None:
    await learners(office, 1)
    number, new = (await everybody(office)).cards[-1].user_id, "new@example.com"
    to = Addressee(language="en", pseudonym=new)
    await office.engine.write(email_changes.ask, number, new, to, office.engine.now())
    card = await screens.type(f"/person #{number}")
    assert "Email: learner00@example.com" in card
    assert "✉️ New address, not confirmed yet: new@example.com" in card
    await office.engine.write(email_changes.give_up, number)
    assert "not confirmed" not in await screens.type(f"/person #{number}")


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


async def a_learner(office: Office, name: str) -> None:
    await transfer(office.engine, await a_user(office.engine, Role.LEARNER, name=name), "Sales / EMEA")


async def select(screens: Screens, *names: str) -> None:
    await screens.tap("Select")
    for name in names:
        while not (label := next((row[0] for row in screens.labels if row[0].startswith(f"◻️ 🟢 {name} ")), "")):
            await screens.tap("More ›")
        await screens.tap(label)


async def test_several_are_transferred_after_the_question_that_names_them(office: Office, screens: Screens) -> None:
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    for name in ("Anna", "Boris", "Carla", "Dina", "Egon", "Fred"):
        await a_learner(office, name)
    await screens.type("/people")
    await select(screens, "Anna", "Fred")
    assert screens.text.startswith("2 people selected")
    assert screens.labels[-3:] == [["‹ People", "« First"], ["Transfer", "Deactivate"], ["Delete"]]
    assert len(screens.labels) <= 8
    assert "Person: 2 people" in await screens.tap("Transfer")
    assert await screens.tap("Support") == (
        "Transfer 2 people to Support?\n· Anna Meier (#2)\n· Fred Meier (#7)\n\n"
        "Courses that the new department gives are added; those of the old one stay."
    )
    transferring = screens.data("Transfer")
    assert await screens.tap("Transfer") == "Transferred 2 people to Support:\n· Anna Meier\n· Fred Meier"
    undoing = screens.data("Undo")
    await screens.send(transferring)
    assert screens.toast == "Done already."
    assert await screens.send(undoing) == "2 people were brought back:\n· Anna Meier\n· Fred Meier"
    assert screens.labels == [["‹ People"]]
    assert await screens.type("/transfer #3; #4 | Support") == (await screens.type("/transfer #3, #4 | Support"))


async def test_several_are_deactivated_and_deleted_but_neither_the_owner_nor_who_has_changed_since(
    office: Office, screens: Screens
) -> None:
    for name in ("Anna", "Boris"):
        await a_learner(office, name)
    await screens.type("/departments emea")
    await screens.tap("Sales / EMEA")
    await screens.tap("👥 People")
    await select(screens, "Anna", "Boris")
    question = await screens.tap("Delete")
    assert question.startswith("Delete 2 people?\n· Anna Meier (#2)\n· Boris Meier (#3)")
    await office.engine.write(people.delete, office.owner_id, 3, office.engine.now())
    deleting = screens.data("Delete")
    await screens.tap("Delete")
    assert "Nobody among the people you manage" in screens.toast
    await screens.tap("Cancel")
    await select(screens, "Anna")
    await screens.tap("Deactivate")
    assert await screens.tap("Deactivate") == "Deactivated 1 person:\n· Anna Meier"
    await screens.send(deleting)
    assert "Nobody among the people you manage" in screens.toast
    await screens.tap("‹ People")
    assert screens.labels[:2] == [["🟢 Olivia Owner · owner"], ["⚪ Anna Meier · EMEA"]]
    await screens.tap("Select")
    assert screens.labels == [["◻️ ⚪ Anna Meier · EMEA"], ["‹ People"]]
    await screens.tap("‹ People")


async def test_a_selection_of_long_ago_shows_the_newest_list(office: Office, screens: Screens, clock: Clock) -> None:
    await a_learner(office, "Anna")
    await screens.type("/people")
    clock.advance(days=2)
    assert (await screens.tap("Select")).startswith("2 people")
    assert screens.toast == "Here is where we are."
    for forged in ("people-list:1", "people-list:9:mark:1", "people-list:x:show"):
        await screens.send(forged)
        assert screens.toast
