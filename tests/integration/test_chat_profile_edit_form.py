"""The form that edits a profile: what it shows, what it saves, and what becomes of what others change meanwhile."""

import pytest

from core.services import audit_log, departments, profile_editing, profile_removal, profiles
from core.services.profile_editing import Change, EditedField
from core.services.profiles import Card
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_manager
from tests.support.screens import Screens

MANAGER = 2002

# What people read is the same on both databases; the row of a form is tested on both in test_core_dialogues.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def screens(office: Office) -> Screens:
    await office.profile(window="now - +2 weeks")
    screens = Screens(engine=office.engine)
    await screens.type("/profile 1")
    await screens.tap("Edit")
    return screens


async def card(office: Office) -> Card:
    return await office.engine.read(profiles.card, office.owner_id, 1, office.engine.now())


async def edit(office: Office, field: EditedField, value: str) -> None:
    change = Change(field=field, value=value)
    await office.engine.write(profile_editing.edit, office.owner_id, 1, change, office.engine.now())


async def test_it_opens_with_the_profiles_values_and_nothing_to_save(office: Office, screens: Screens) -> None:
    assert screens.text == (
        "Autumn sales (#1)\n\nName: Autumn sales\nDepartment: Sales / EMEA\nOpens: 23 Nov 12:00\n"
        "Closes: 7 Dec 23:59 (14 days left)\nPlaces: 50\n\nTap what to change, or just type the name."
    )
    assert screens.labels == [
        ["Department: EMEA ›"],
        ["1 week", "✓ 2 weeks", "1 month", "📅"],
        ["10", "✓ 50", "100", "∞"],
        ["Opens: 23 Nov", "Cancel"],
    ]
    before = await card(office)
    await screens.type("/editprofile 1")
    assert (screens.labels[0], await card(office)) == (["Department: EMEA ›"], before)


async def test_it_shows_before_and_after_and_saves_what_differs_at_once(office: Office, screens: Screens) -> None:
    assert "Places: 50 → 100" in await screens.tap("100")
    assert "Closes: 7 Dec 23:59 → 23 Dec 23:59" in await screens.tap("1 month")
    shown = await screens.type("Winter sales")
    assert shown.startswith("Name: Winter sales ✓\n")
    assert "Name: Autumn sales → Winter sales" in shown
    assert "Nothing is saved yet." in shown
    assert (await card(office)).name == "Autumn sales"
    assert (await screens.tap("Save")).startswith("🟢 Winter sales (#1)")
    saved = await card(office)
    assert (saved.name, saved.limit, saved.window.ends_at.isoformat()) == (
        "Winter sales",
        100,
        "2026-12-23T23:59:59+00:00",
    )
    [entry, *_] = (await office.engine.read(audit_log.page, office.owner_id)).entries
    assert set(entry.after) == {"name", "limit", "end"}


async def test_a_second_tap_of_save_shows_the_card(office: Office, screens: Screens) -> None:
    await screens.tap("100")
    saving = screens.data("Save")
    await screens.send(saving)
    await edit(office, EditedField.LIMIT, "60")
    assert (await screens.send(saving)).startswith("🟢 Autumn sales (#1)")
    assert (screens.toast, (await card(office)).limit) == ("Here is where we are.", 60)


async def test_what_others_change_meanwhile_is_told_before_anything_is_saved(office: Office, screens: Screens) -> None:
    await screens.tap("100")
    await edit(office, EditedField.NAME, "Spring sales")
    await edit(office, EditedField.LIMIT, "70")
    told = await screens.tap("Save")
    assert told.startswith(
        "The name was changed meanwhile: Spring sales\nThe number of places was changed meanwhile: 70\n"
    )
    assert "Name: Spring sales\n" in told
    assert "Places: 70 → 100" in told
    assert (await card(office)).limit == 70
    await screens.tap("Save")
    assert ((await card(office)).name, (await card(office)).limit) == ("Spring sales", 100)


async def test_a_value_that_others_changed_can_be_set_back(office: Office, screens: Screens) -> None:
    await edit(office, EditedField.LIMIT, "70")
    assert "The number of places was changed meanwhile: 70" in await screens.tap("1 month")
    assert "Places: 70 → 50" in await screens.tap("50")
    await screens.tap("Save")
    assert (await card(office)).limit == 50


async def test_fewer_places_than_are_used_are_refused_with_the_figure(office: Office, screens: Screens) -> None:
    made = await card(office)
    for number in range(11):
        await office.sign_up(made.token, f"person{number}@example.com")
    assert "11" in (await screens.tap("10")).split("\n")[0]
    assert "11" in (await screens.type("5")).split("\n")[0]
    assert screens.labels[0] == ["Department: EMEA ›"]


async def test_an_ended_link_opens_again_by_a_later_end_and_says_so_first(
    office: Office, screens: Screens, clock: Clock
) -> None:
    clock.advance(days=6)
    await edit(office, EditedField.END, "+1 hour")
    clock.advance(days=1, hours=2)
    await screens.send("edit:1")
    assert "The link: Open until 7 Dec 23:59" in await screens.tap("1 week")
    assert (await screens.tap("Save")).startswith("🟢")


async def test_a_deleted_profiles_form_turns_into_what_became_of_it(office: Office, screens: Screens) -> None:
    await office.engine.write(profile_removal.remove, office.owner_id, [1], office.engine.now())
    assert (await screens.tap("100")).startswith("“Autumn sales” was deleted by Olivia")


@pytest.mark.usefixtures("screens")
async def test_who_only_reads_a_profile_is_told_so(office: Office) -> None:
    await a_manager(office.engine, "Sales", telegram_id=MANAGER)
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    await edit(office, EditedField.DEPARTMENT, "Support")
    manager = Screens(engine=office.engine, telegram_id=MANAGER)
    assert "because it belongs to Support now" in await manager.type("/editprofile 1")


async def test_a_cancelled_edit_can_be_continued(office: Office, screens: Screens) -> None:
    await screens.tap("100")
    assert await screens.tap("Cancel") == "Nothing was saved.\n“Autumn sales” is kept for a week."
    assert "Places: 50 → 100" in await screens.tap("Continue")
    assert (await card(office)).limit == 50
