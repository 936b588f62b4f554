"""Where a profile is asked for, the newest are offered, and another one is found by its name."""

import pytest

from core.domain.access import Permission, Role
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER
from tests.support.router_fixture import Counter
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
    assert [name for name in SEVEN[::-1] if name in labels] == [*SEVEN[:0:-1]]
    assert "First sales" in await screens.type(f"/{command} Firs")


async def test_people_who_were_pasted_can_go_to_another_one(office: Office, counter: Counter) -> None:
    for name in SEVEN:
        await office.profile(name=name)
    screens = Screens(engine=counter.engine)
    for button, command in (("Expect them", "expect"), ("Send a link", "send")):
        await screens.type("Anna Berzina <anna@example.com>\nBoris Kalns <boris@example.com>")
        assert OTHERS.format(command=command) in await screens.tap(button)
