"""The record in the chat: every change has its sentence, and readers see what is within their reach."""

import html

import pytest

from core.domain.access import Permission, Role
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, Town
from tests.support.rows import a_user
from tests.support.screens import Screens

MOST_LINES, MOST_ROWS = 20, 8  # of a phone

# What people read is the same on both databases; the journeys, and all of core, run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_the_newest_change_is_told_first_with_before_and_after(office: Office, town: Town) -> None:
    await town.owner.asks("/timezone Europe/Riga")
    await town.owner.asks("/renamedepartment Sales / EMEA | Europe")
    assert office.owner_id
    assert (await town.owner.asks("/log")).text.splitlines()[:9] == [
        "Who did what",
        "",
        "23 Nov 14:00 · Olivia Owner",
        "Department renamed",
        "path: Sales / EMEA → Sales / Europe",
        "",
        "23 Nov 14:00 · Olivia Owner",
        "Time zone changed",
        "zone: UTC → Europe/Riga",
    ]


async def test_what_was_given_is_told_in_words(office: Office) -> None:
    screens = Screens(engine=office.engine)
    await office.sign_up((await office.profile()).token)
    await screens.type("/addrole Recruiter | manage people, receive digests")
    await screens.type("/assign anna | department administrator | Sales; Sales / EMEA")
    assert "department administrator for Sales" in await screens.tap("Give the role")
    for line in (
        "/settings seats 500",
        "/settings seats unlimited",
        "/settings approval on",
        "/addfield Shirt | choice | choices S, M",
        "/transfer anna | Sales",
    ):
        await screens.type(line)
    text = "\n".join(await pages(office))
    for told in (
        "Person transferred: Anna Berzina\ndepartment: Sales / EMEA → Sales",
        "Field added: Shirt\nlabel: Shirt\nkind: choice\nchoices: S, M\nrequired: no",
        "Setting changed\napproval: no → yes",
        "Setting changed\nseats: 500 → unlimited",
        "Setting changed\nseats: unlimited → 500",
        "Role given to Anna Berzina\nrole: department administrator\ndepartments: Sales; Sales / EMEA",
        "Role created: Recruiter\npermissions: add, transfer and delete learners, receive digests",
        "Sign-up profile created: Autumn sales\ndepartment: Sales / EMEA\nstart: 23 Nov 12:00\nend: 23 Dec 23:59",
    ):
        assert told in text


async def pages(office: Office) -> list[str]:
    """Return the pages of the log as the owner turns them, each of which is within a phone."""
    screens = Screens(engine=office.engine)
    shown = [await screens.type("/log")]
    while ["Older ›"] in screens.labels or ["« Newest", "Older ›"] in screens.labels:
        shown.append(await screens.tap("Older ›"))
        assert len(screens.labels) <= MOST_ROWS
    assert max(len(text.splitlines()) for text in shown) <= MOST_LINES
    assert ["« Newest"] in screens.labels
    return shown


async def test_the_record_turns_pages_and_comes_to_its_end(office: Office) -> None:
    screens = Screens(engine=office.engine)
    for number in range(12):
        await screens.type(f"/settings name Acme {number:02}")
    first, *_, last = await pages(office)
    assert "Acme 11" in first
    assert "Owner joined: Olivia Owner" in last
    assert "Acme 11" not in last
    await screens.type("/log")
    assert screens.labels == [["Settings"], ["Older ›"], ["What may not have arrived"], ["‹ Menu"]]


async def test_entries_of_the_longest_names_are_told_whole_on_as_many_pages_as_it_takes(office: Office) -> None:
    screens, name = Screens(engine=office.engine), "<b>&" + "ж" * 190
    await screens.type(f"/adddepartment {name}")
    for number in range(5):
        last = f"{number} {name}"
        await screens.type(f"/renamedepartment {name if not number else f'{number - 1} {name}'} | {last}")
    told = html.unescape("\n".join(await pages(office)))
    for number in range(4):
        assert told.count(f"{number} {name} → {number + 1} {name}") == 1


async def test_each_entry_leads_to_what_it_is_about_once_a_page(office: Office) -> None:
    screens = Screens(engine=office.engine)
    made = await office.profile(name="Autumn")
    anna = await office.sign_up(made.token)
    await screens.type("/transfer anna | Sales")
    await screens.type("/addcourse Selling | https://example.com/selling")
    await screens.type("/addrole Recruiter | manage people")
    await screens.type("/addfield Shirt | text")
    for page, label, told in (
        (0, "Sign-up form", "Shirt"),
        (0, "Recruiter", "delete learners"),
        (0, "Selling", "example.com/selling"),
        (1, "Anna Berzina", "anna@example.com"),
        (1, "Autumn", f"(#{made.profile_id})"),
    ):
        await screens.type("/log")
        for _ in range(page):
            await screens.tap("Older ›")
        assert told in await screens.tap(label)
    await screens.type(f"/person {anna.user_id}")
    await screens.tap("Delete")
    await screens.tap("Delete")
    await screens.type("/log")
    assert "Person deleted: Anna Berzina" in screens.text
    assert screens.labels[0] == ["Sign-up form"]


async def test_only_what_a_reader_may_open_is_offered(office: Office) -> None:
    await office.sign_up((await office.profile()).token)
    await a_user(
        office.engine,
        Role.CUSTOM,
        "Sales",
        telegram_id=MANAGER,
        permissions=[Permission.READ_LOG, Permission.MANAGE_PROFILES],
    )
    screens = Screens(engine=office.engine, telegram_id=MANAGER)
    await screens.type("/log")
    assert screens.labels == [["Autumn sales"], ["Sales / EMEA"], ["Sales"], ["‹ Menu"]]


async def test_a_reader_with_a_scope_sees_their_branch(office: Office, town: Town) -> None:
    await a_user(office.engine, Role.CUSTOM, "Sales", telegram_id=MANAGER, permissions=[Permission.READ_LOG])
    await town.owner.asks("/adddepartment Support")
    await town.owner.asks("/settings name Acme")
    text = (await town.person(MANAGER).asks("/log")).text
    assert "Department added: Sales / EMEA" in text
    assert "Support" not in text
    assert "Acme" not in text


async def test_a_reader_of_nothing_yet_is_told_so(office: Office, town: Town) -> None:
    await town.owner.asks("/adddepartment Support")
    await a_user(office.engine, Role.CUSTOM, telegram_id=MANAGER, permissions=[Permission.READ_LOG])
    assert "The log has nothing for you to see yet." in (await town.person(MANAGER).asks("/log")).text
