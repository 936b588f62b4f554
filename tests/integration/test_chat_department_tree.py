"""The tree of departments by taps: what is below each, what belongs to it, and what can be done with it."""

import pytest
from sqlalchemy.orm import Session

from core.domain.access import Permission, Role
from core.services import departments
from core.storage import departments as stored
from tests.support.account import Office
from tests.support.rows import a_manager, a_user
from tests.support.screens import Screens

MANAGER = 2002

# What people read is the same on both databases; the services are tested on both in test_core_departments.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def screens(office: Office) -> Screens:
    return Screens(engine=office.engine)


async def paths(office: Office) -> list[str]:
    return [" / ".join(each.path) for each in await office.engine.read(departments.tree, office.owner_id) if each.path]


async def test_taps_lead_down_and_back_up_with_what_belongs_to_each(office: Office, screens: Screens) -> None:
    await office.sign_up((await office.profile()).token)
    await a_manager(office.engine, "Sales")
    assert await screens.type("/departments") == "2 departments\n\nTap one, or type part of its name."
    assert screens.labels == [["Sales ›"], ["➕ Add"], ["‹ Menu"]]
    assert (await screens.tap("Sales ›")).splitlines() == [
        "Sales",
        "0 people in it, 1 below it",
        "1 sign-up profile",
        "Managed by Maris Meier",
    ]
    assert screens.labels == [
        ["EMEA"],
        ["Expected people", "Reminders"],
        ["👥 People", "📊 Progress"],
        ["➕ Add", "Rename"],
        ["Move", "Delete"],
        ["‹ Departments"],
    ]
    assert (await screens.tap("EMEA")).splitlines()[:2] == ["Sales / EMEA", "1 person in it"]
    assert (await screens.tap("👥 People")).startswith("1 person\nIn Sales / EMEA and below it")
    await screens.tap("🟢 Anna Berzina · EMEA")
    await screens.type("/departments emea")
    await screens.tap("Sales / EMEA")
    assert (await screens.tap("‹ Sales")).startswith("Sales\n")
    assert (await screens.tap("‹ Departments")).startswith("2 departments")


async def test_a_departments_reminders_lead_back_to_it(screens: Screens) -> None:
    await screens.type("/departments emea")
    await screens.tap("Sales / EMEA")
    assert (await screens.tap("Reminders")).startswith("Reminders: Sales / EMEA")
    assert (await screens.tap("‹ Department")).startswith("Sales / EMEA\n")


async def test_a_list_is_shown_as_a_tree_before_it_is_added_below_a_department_once(
    office: Office, screens: Screens
) -> None:
    await screens.type("/departments")
    await screens.tap("Sales ›")
    assert (await screens.tap("➕ Add")).startswith("Below Sales:")
    await screens.type("EMEA\n  Riga\n  Tallinn\nAPAC / Tokyo")
    assert screens.shown.text.splitlines() == [
        "Below Sales:",
        "➕ APAC",
        "    ➕ Tokyo",
        "EMEA",
        "    ➕ Riga",
        "    ➕ Tallinn",
        "",
        "1 is there already.",
        "Nothing is added yet.",
    ]
    assert screens.labels == [["Add 4 departments"], ["Cancel"]]
    assert await paths(office) == ["Sales", "Sales / EMEA"]
    adding = screens.data("Add 4 departments")
    assert (await screens.tap("Add 4 departments")).startswith("Added 4 departments:\n· Sales / EMEA / Riga")
    await screens.send(adding)
    assert screens.toast == "Done already."
    assert "Sales / EMEA / Tallinn" in await paths(office)


async def test_one_is_added_renamed_moved_and_deleted_from_its_screen(office: Office, screens: Screens) -> None:
    await screens.type("/departments sales")
    await screens.tap("Sales")
    await screens.tap("➕ Add")
    assert (await screens.type("Riga")).startswith("Added Sales / Riga.")
    await screens.tap("‹ Departments")
    await screens.tap("Sales ›")
    await screens.tap("Riga")
    assert "New name: type it, for example Europe" in await screens.tap("Rename")
    assert await screens.type("Tallinn") == "It is now Sales / Tallinn."
    await screens.tap("Show it")
    await screens.tap("Move")
    assert (await screens.tap("the top of the tree")).startswith("Move Sales / Tallinn? It will be:\nTallinn")
    await screens.tap("Move")
    assert (await screens.tap("Show it")).startswith("Tallinn\n0 people in it")
    await screens.tap("Delete")
    await screens.tap("Cancel")
    await screens.tap("Delete")
    await screens.tap("Delete")
    assert (await screens.tap("‹ Departments")).startswith("2 departments")
    assert await paths(office) == ["Sales", "Sales / EMEA"]


async def test_a_viewer_sees_their_branch_and_what_they_may_do_there(office: Office, screens: Screens) -> None:
    await a_manager(office.engine, "Sales / EMEA", telegram_id=MANAGER)
    manager = Screens(engine=office.engine, telegram_id=MANAGER)
    assert (await manager.type("/departments")).startswith("1 department\n")
    assert manager.labels == [["EMEA"], ["‹ Menu"]]
    await screens.type("/departments")
    sales = screens.data("Sales ›")
    await manager.tap("EMEA")
    assert manager.labels == [["Expected people", "Reminders"], ["👥 People", "📊 Progress"], ["‹ Departments"]]
    await manager.send(sales)
    assert "This department no longer exists." in manager.toast
    may = [Permission.MANAGE_DEPARTMENTS]
    await a_user(office.engine, Role.CUSTOM, "Sales", telegram_id=3003, permissions=may)
    planner = Screens(engine=office.engine, telegram_id=3003)
    await planner.type("/departments")
    await planner.tap("Sales ›")
    assert planner.labels[-3:] == [["➕ Add", "Rename"], ["Move", "Delete"], ["‹ Departments"]]


@pytest.mark.usefixtures("office")
async def test_two_thousand_departments_turn_pages_within_a_phone_and_are_found(
    office: Office, screens: Screens
) -> None:
    def add(session: Session) -> None:
        root = stored.root_id(session)
        for number in range(13):
            area = stored.add(session, root, f"{number:02} <b>&{'ё' * 180}")
            for unit in range(10):
                stored.add(session, area, f"Unit {number:02}-{unit:02}{'🎉' * 100}")

    await office.engine.write(add)
    assert (await screens.type("/departments")).startswith("145 departments")
    assert screens.labels[0] == ["00 <b>&ёёёёёё… ›", "01 <b>&ёёёёёё… ›"]
    assert screens.labels[-1] == ["‹ Menu", "‹", "1/2", "›"]
    assert len(screens.labels) == 8
    await screens.tap("00 <b>&ёёёёёё… ›")
    assert screens.labels[-1] == ["‹ Departments", "‹", "1/3", "›"]
    assert len(screens.labels) == 7  # 8 with those who are missing
    await screens.tap("›")
    assert [len(row) for row in screens.labels[:-5]] == [2, 2]
    assert (await screens.type("unit 07-0")).startswith("10 departments\nWith “unit 07-0” in the path")
    assert screens.labels[-1] == ["‹ Departments", "‹", "1/2", "›"]
    assert screens.labels[0][0].startswith("…")
    await screens.tap(screens.labels[0][0])
    assert "Unit 07-00" in screens.text
    assert "No department has “nowhere” in its path." in await screens.type("nowhere")
