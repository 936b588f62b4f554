"""Where a profile is asked for, the newest are offered, and another one is found by its name."""

import pytest

from core.domain.access import Permission, Role
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER
from tests.support.rosters import keep, listed, within
from tests.support.rows import a_user
from tests.support.screens import Screens

OTHERS = "For another profile, type /{command} and the beginning of its name."
SEVEN = tuple(f"{name} sales" for name in ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh"))

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def screens(office: Office) -> Screens:
    """Those of somebody who may not see people, and is asked for a profile also by `/progress`."""
    await a_user(office.engine, Role.CUSTOM, "Sales", telegram_id=MANAGER, permissions=[Permission.MANAGE_PROFILES])
    return Screens(engine=office.engine, telegram_id=MANAGER)


@pytest.mark.parametrize("command", ["expect", "send", "progress"])
async def test_six_are_offered_and_a_seventh_is_found_by_the_beginning_of_its_name(
    office: Office, screens: Screens, command: str
) -> None:
    for name in SEVEN[:6]:
        await office.profile(name=name)
    assert OTHERS.format(command=command) not in await screens.type(f"/{command}")
    await office.profile(name=SEVEN[6])
    asked = await screens.type(f"/{command}")
    assert OTHERS.format(command=command) in asked
    labels = [label for row in screens.labels for label in row]
    assert [label for label in labels if label in SEVEN] == [*SEVEN[:0:-1]]
    assert (await screens.type(f"/{command} Firs")).startswith("First sales")


@pytest.mark.parametrize(("button", "command"), [("Expect them", "expect"), ("Send a link", "send")])
async def test_people_who_were_pasted_are_pasted_again_for_another_one(
    office: Office, button: str, command: str
) -> None:
    for name in SEVEN:
        await office.profile(name=name)
    screens, pasted = Screens(engine=office.engine), "Anna Berzina <anna@example.com>\nBoris Kalns <boris@example.com>"
    await screens.type(pasted)
    assert f"{OTHERS.format(command=command)}\nThen paste the list again." in await screens.tap(button)
    assert (await screens.type(f"/{command} Firs")).startswith("First sales")
    assert "1. Anna Berzina" in await screens.type(pasted)


async def test_of_more_than_six_that_begin_so_it_is_said_that_there_are_others(office: Office) -> None:
    for name in SEVEN:
        await office.profile(name=f"Autumn {name}")
    screens = Screens(engine=office.engine)
    assert "Others are called so, too: type more of the name." in await screens.type("/expect Autu")
    assert len([label for row in screens.labels for label in row if label.startswith("Autumn")]) == len(SEVEN) - 1


async def test_who_has_no_profile_is_told_so(screens: Screens) -> None:
    for command in ("expect", "send", "progress"):
        assert "You have no sign-up profile yet." in await screens.type(f"/{command}")


@pytest.mark.parametrize("command", ["expect", "send"])
async def test_a_profile_of_just_this_name_is_meant_although_others_have_its_words(
    office: Office, command: str
) -> None:
    await office.profile(name="Sup A")
    for number in range(len(SEVEN)):
        await office.profile(name=f"Sup A {number}")
    assert (await Screens(engine=office.engine).type(f"/{command} sup a")).startswith("Sup A: ")


@pytest.mark.parametrize("line", ["/send Sales", "/missing Sales"])
async def test_of_more_links_into_a_department_than_a_page_holds_the_others_are_a_tap_away(
    office: Office, line: str
) -> None:
    for name in SEVEN:
        await office.profile(name=name)
    await keep(office.engine, office.owner_id, await within(office.engine, "Sales"), listed("anna@example.com"))
    screens = Screens(engine=office.engine)
    await screens.type(line)
    if line == "/missing Sales":
        await screens.tap("Send by email")
    assert [label for row in screens.labels for label in row if label in SEVEN] == [*SEVEN[:5]]
    assert await screens.tap("More ›") == "Which profile do you mean?"
    assert screens.labels == [["Sixth sales"], ["Seventh sales"], ["« First"], ["‹ Who's missing"]]
    assert "Sixth sales" in await screens.tap("Sixth sales")
