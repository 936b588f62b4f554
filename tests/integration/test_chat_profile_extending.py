"""A week more and ten places more by one tap on a card, and back for a minute."""

import pytest

from core.services import profile_editing, profiles
from core.services.profiles import Card
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.screens import Screens

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def screens(office: Office) -> Screens:
    return Screens(engine=office.engine)


async def card(office: Office) -> Card:
    return await office.engine.read(profiles.card, office.owner_id, 1, office.engine.now())


async def test_a_week_more_is_one_tap_and_keeps_the_whole_day(office: Office, screens: Screens) -> None:
    await office.profile(window="now - +2 weeks")
    await screens.type("/profile 1")
    assert "Open until 14 Dec 23:59" in await screens.tap("+1 week")
    assert screens.toast == "“Autumn sales” closes 14 Dec 23:59"
    assert screens.labels[0] == ["Undo"]
    assert (await card(office)).window.ends_at.isoformat() == "2026-12-14T23:59:59+00:00"
    assert "Open until 7 Dec 23:59" in await screens.tap("Undo")
    assert screens.labels[0] == ["Share", "Copy link"]


async def test_ten_places_more_let_people_into_a_full_link(office: Office, screens: Screens) -> None:
    made = await office.profile(limit="1")
    await office.sign_up(made.token)
    assert (await screens.type("/profile 1")).startswith("🔴")
    assert (await screens.tap("+10 places")).startswith("🟢")
    assert (screens.toast, (await card(office)).limit) == ("“Autumn sales”: 11 places", 11)
    assert (await screens.tap("Undo")).startswith("🔴")


async def test_a_week_more_opens_an_ended_link_from_now_on(office: Office, screens: Screens, clock: Clock) -> None:
    await office.profile(window="now - +1 hour")
    clock.advance(days=30)
    assert (await screens.type("/profile 1")).startswith("🏁")
    assert (await screens.tap("+1 week")).startswith("🟢")
    assert (await card(office)).window.ends_at.isoformat() == "2026-12-30T23:59:59+00:00"


@pytest.mark.parametrize("label", ["+1 week", "+10 places"])
async def test_a_second_tap_of_the_same_button_gives_nothing_more(office: Office, screens: Screens, label: str) -> None:
    await office.profile()
    await screens.type("/profile 1")
    data = screens.data(label)
    await screens.send(data)
    given = await card(office)
    await screens.send(data)
    assert screens.toast == "Here is where we are."
    assert await card(office) == given
    await screens.tap(label)
    assert await card(office) != given


async def test_it_can_be_taken_back_for_a_minute_and_only_if_nothing_changed(
    office: Office, screens: Screens, clock: Clock
) -> None:
    await office.profile()
    await screens.type("/profile 1")
    await screens.tap("+10 places")
    undoing = screens.data("Undo")
    clock.advance(seconds=61)
    await screens.send(undoing)
    assert "can no longer be undone" in screens.toast
    await screens.tap("+10 places")
    undoing = screens.data("Undo")
    change = profile_editing.Change(field=profile_editing.EditedField.NAME, value="Other")
    await office.engine.write(profile_editing.edit, office.owner_id, 1, change, office.engine.now())
    await screens.send(undoing)
    assert "has changed since" in screens.toast
    assert (await card(office)).limit == 70


async def test_an_unlimited_profile_has_no_button_for_places(office: Office, screens: Screens) -> None:
    await office.profile(limit="unlimited")
    await screens.type("/profile 1")
    assert ["+1 week"] in screens.labels
    await screens.send("places:1:50")
    assert (await card(office)).limit is None


@pytest.mark.parametrize("data", ["unextend:1:name:5:5:x", "unextend:1:end:x:5:x", f"unextend:1:end:5:{'9' * 18}:x"])
async def test_a_forged_undo_does_nothing(office: Office, screens: Screens, data: str) -> None:
    await office.profile()
    before = await card(office)
    await screens.type("/profile 1")
    await screens.send(data)
    assert await card(office) == before
