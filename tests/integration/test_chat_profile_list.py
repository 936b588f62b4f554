"""The list of profiles: a button each, filters, pages, words, and several changed at once."""

import pytest

from core.services import audit_log, departments, profile_editing, profiles
from core.services.profiles import Card
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_manager
from tests.support.screens import Screens

MANAGER = 2002

# What people read is the same on both databases; the services are tested on both in test_core_profile_selection.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def screens(office: Office) -> Screens:
    return Screens(engine=office.engine)


async def make(office: Office, *names: str) -> None:
    for name in names:
        await office.profile(name=name, window="now - +2 weeks")


async def card(office: Office, number: int) -> Card:
    return await office.engine.read(profiles.card, office.owner_id, number, office.engine.now())


def entries(screens: Screens) -> list[str]:
    """The names on the buttons of a list, without marks, places and days."""
    return [row[0].split(" ", 1)[1].partition(" · ")[0] for row in screens.labels if " · " in row[0]]


async def test_a_button_each_opens_the_card(office: Office, screens: Screens) -> None:
    await make(office, "First", "Second")
    assert await screens.type("/profiles") == "2 profiles\n\nTap one, or type words to find it."
    assert screens.labels == [
        ["🟢 Second · 0/50 · 7 Dec"],
        ["🟢 First · 0/50 · 7 Dec"],
        ["✓ All", "Active", "Full", "Ending"],
        ["Paused", "Ended", "Mine", "Select"],
        ["➕ New sign-up link"],
        ["‹ Menu"],
    ]
    assert (await screens.tap("🟢 First · 0/50 · 7 Dec")).startswith("🟢 First (#1)")


async def test_pages_turn_round_and_are_within_a_phone(office: Office, screens: Screens) -> None:
    await make(office, *(f"Number {number}" for number in range(12)))
    await screens.type("/profiles")
    assert screens.labels[-1] == ["‹ Menu", "‹", "1/3", "›"]
    assert len(screens.labels) == 8
    await screens.tap("›")
    assert entries(screens) == [f"Number {number}" for number in (7, 6, 5, 4)]
    await screens.tap("›")
    assert entries(screens) == ["Number 3", "Number 2", "Number 1", "Number 0"]
    await screens.tap("›")
    assert screens.labels[-1][2] == "1/3"


async def test_filters_show_what_is_active_paused_ended_or_ones_own(
    office: Office, screens: Screens, clock: Clock
) -> None:
    await office.profile(name="Past", window="now - +1 hour")
    clock.advance(hours=2)
    await make(office, "Running", "Still")
    await office.engine.write(profile_editing.pause, office.owner_id, 3, office.engine.now(), paused=True)
    await screens.type("/profiles")
    for label, names in (("Active", ["Running"]), ("Paused", ["Still"]), ("Ended", ["Past"])):
        await screens.tap(label)
        assert entries(screens) == names
        assert f"✓ {label}" in (*screens.labels[-4], *screens.labels[-3])
    await screens.tap("All")
    await screens.tap("Mine")
    assert entries(screens) == ["Still", "Running", "Past"]
    await a_manager(office.engine, "Sales", telegram_id=MANAGER)
    manager = Screens(engine=office.engine, telegram_id=MANAGER)
    await manager.type("/profiles")
    assert len(entries(manager)) == 3
    assert (await manager.tap("Mine")).startswith("0 profiles")
    await manager.tap("✓ Mine")
    assert len(entries(manager)) == 3


async def test_full_and_ending_links_are_sought_the_first_to_end_on_top(
    office: Office, screens: Screens, clock: Clock
) -> None:
    clock.advance(seconds=1)
    for name, window, limit in (
        ("Later full", "now - +3 weeks", "1"),
        ("Full", "now - +2 weeks", "1"),
        ("In six days", "now - +6 days", "50"),
        ("In two days", "now - +2 days", "50"),
        ("In a month", "now - +1 month", "50"),
    ):
        made = await office.profile(name=name, window=window, limit=limit)
        if "ull" in name:
            await office.sign_up(made.token, f"{made.profile_id}@example.com")
    await screens.type("/profiles")
    assert "All places are taken." in await screens.tap("Full")
    assert entries(screens) == ["Full", "Later full"]
    assert "They close within a week." in await screens.tap("Ending")
    assert entries(screens) == ["In two days", "In six days"]
    assert await screens.tap("Paused") == "0 profiles\n\nNone at the moment."


async def test_without_any_link_a_button_makes_the_first_one(screens: Screens) -> None:
    assert await screens.type("/profiles") == "No profiles yet."
    assert screens.labels == [["➕ New sign-up link"], ["‹ Menu"]]
    assert (await screens.tap("➕ New sign-up link")).startswith("New sign-up link")


async def test_words_find_names_and_departments_typed_at_any_time(office: Office, screens: Screens) -> None:
    await make(office, "Autumn", "Winter")
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    await office.profile(name="Helpers", department="Support")
    await screens.type("/profiles")
    assert (await screens.type("autumn")).startswith("1 profile\nWith “autumn” in name or department")
    assert entries(screens) == ["Autumn"]
    await screens.type("emea")
    assert entries(screens) == ["Winter", "Autumn"]
    await screens.tap("Clear words")
    assert entries(screens) == ["Helpers", "Winter", "Autumn"]
    assert "I don't know what “zebra” means here" in await screens.type("zebra")
    assert "No profile has “zebra” in its name or department." in await screens.type("/profiles zebra")


async def select(screens: Screens, *names: str) -> None:
    await screens.type("/profiles")
    await screens.tap("Select")
    for name in names:
        [label] = [row[0] for row in screens.labels if row[0].startswith("◻️") and f" {name} · " in row[0]]
        await screens.tap(label)


async def test_several_are_given_a_week_and_it_is_taken_back(office: Office, screens: Screens) -> None:
    await make(office, "First", "Second", "Third")
    await select(screens, "First", "Third")
    assert screens.labels[-2:] == [["Pause", "Resume"], ["+1 week", "Delete"]]
    assert len(screens.labels) <= 8
    assert await screens.tap("+1 week") == "A week more for 2 profiles:\nFirst\nThird"
    ends = [(await card(office, number)).window.ends_at.day for number in (1, 2, 3)]
    assert ends == [14, 7, 14]
    assert await screens.tap("Undo") == "Taken back for 2 profiles:\nFirst\nThird"
    assert [(await card(office, number)).window.ends_at.day for number in (1, 2, 3)] == [7, 7, 7]


async def test_several_are_paused_resumed_and_only_what_changed_is_taken_back(office: Office, screens: Screens) -> None:
    await make(office, "First", "Second")
    await office.engine.write(profile_editing.pause, office.owner_id, 1, office.engine.now(), paused=True)
    await select(screens, "First", "Second")
    assert await screens.tap("Pause") == "Paused 1 profile:\nSecond"
    await screens.tap("Undo")
    assert [(await card(office, number)).paused for number in (1, 2)] == [True, False]
    await select(screens, "First", "Second")
    assert await screens.tap("Resume") == "Resumed 1 profile:\nFirst"


async def test_a_second_tap_changes_nothing_more(office: Office, screens: Screens) -> None:
    await make(office, "First")
    await select(screens, "First")
    giving = screens.data("+1 week")
    await screens.send(giving)
    undoing = screens.data("Undo")
    await screens.send(giving)
    assert (await card(office, 1)).window.ends_at.day == 14
    await screens.send(undoing)
    await screens.send(undoing)
    assert (await card(office, 1)).window.ends_at.day == 7
    [entry, *_] = (await office.engine.read(audit_log.page, office.owner_id)).entries
    assert entry.action is audit_log.Action.PROFILE_EDITED


async def test_several_are_deleted_after_the_question_across_pages(office: Office, screens: Screens) -> None:
    await make(office, *(f"Number {number}" for number in range(7)))
    await select(screens, "Number 6")
    await screens.tap("›")
    [label] = [row[0] for row in screens.labels if " Number 0 · " in row[0]]
    await screens.tap(label)
    question = await screens.tap("Delete")
    assert question.startswith("Delete 2 profiles?\nNumber 0 (#1)\nNumber 6 (#7)")
    assert (await screens.tap("Delete")).startswith("Deleted 2 profiles:")
    assert screens.labels == [["‹ Links", "Undo"]]


async def test_at_most_ten_are_selected(office: Office, screens: Screens) -> None:
    await make(office, *(f"Number {number}" for number in range(11)))
    await screens.type("/profiles")
    await screens.tap("Select")
    for number in range(11, 0, -1):
        list_id = screens.data("›").split(":")[1]
        await screens.send(f"list:{list_id}:mark:{number}")
    assert screens.toast == "At most 10 at once"


async def test_a_list_of_long_ago_shows_the_newest_one(office: Office, screens: Screens, clock: Clock) -> None:
    await make(office, "First")
    await screens.type("/profiles")
    await screens.tap("Mine")
    clock.advance(days=2)
    assert (await screens.tap("Select")).startswith("1 profile")
    assert screens.toast == "Here is where we are."
