"""Several people who are pasted while no list was asked for: it is asked what to do with them."""

import pytest

from core.services import profiles, rosters
from tests.support.account import Office
from tests.support.screens import Screens

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
    found = await office.engine.read(rosters.show, office.owner_id, card.profile_id)
    assert found.expected == 2


async def test_several_addresses_alone_are_told_apart_and_can_be_expected_together(
    office: Office, screens: Screens
) -> None:
    card = await office.profile()
    await office.sign_up(card.token)
    assert "2 addresses" in await screens.type("anna@example.com, boris@example.com")
    assert screens.labels[:2] == [["anna@example.com"], ["➕ boris@example.com"]]
    await screens.tap("Expect them")
    assert "Autumn sales" in screens.labels[0][0]


async def test_where_there_is_no_profile_yet_it_is_said(office: Office, screens: Screens) -> None:
    found = await office.engine.read(profiles.listing, office.owner_id, "", 0, office.engine.now())
    assert found.total == 0
    await screens.type(PASTED)
    assert "You have no sign-up profile yet." in await screens.tap("Expect them")
