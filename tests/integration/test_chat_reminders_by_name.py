"""People named after `/missing 1 remind`: one is previewed at once, and whom an unclear name means is asked."""

from collections.abc import AsyncIterator

import pytest

from core.engine import Engine
from core.rosters.people_lists import ListedPerson
from tests.support.account import Office
from tests.support.bot_fixture import Town, open_town
from tests.support.rosters import keep, listed, through, within
from tests.support.screens import Screens

pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

SMIRNOVA = ListedPerson(row=1, first_name="Olga", last_name="Smirnova", email="olga@example.com")
PETROVA = ListedPerson(row=2, first_name="Olga", last_name="Petrova", email="petrova@example.com")
JANIS = ListedPerson(row=3, first_name="Jānis", last_name="Bērziņš", email="janis@example.com")
ANNA = ListedPerson(row=4, first_name="Анна", last_name="Озола", email="anna@example.com")


@pytest.fixture
async def town(engine: Engine, office: Office) -> AsyncIterator[Town]:
    card = await office.profile()
    await keep(engine, office.owner_id, through(card.profile_id), [SMIRNOVA, PETROVA, JANIS, ANNA])
    async with open_town(engine, mails_a_day=100) as running:
        await running.owner.asks("/start")
        yield running


@pytest.mark.parametrize(
    "line",
    [
        *("remind janis", "remind Berzins Janis", "remind Jānis", "remind jan", "remind to Janis"),
        *("напомнить janis", "recordar a Jānis", "recuerda a janis", "avisar a Bērziņš"),
    ],
)
async def test_one_who_is_named_is_previewed_at_once(town: Town, line: str) -> None:
    preview = await town.owner.asks(f"/missing 1 {line}")
    assert [row for row in preview.text.splitlines() if row.startswith("• ")] == ["• Jānis Bērziņš, janis@example.com"]
    assert "Remind 1 person" in preview.labels


@pytest.mark.parametrize(
    "names",
    [
        *("janis, smirnova", "janis and olga smirnova", "janis y smirnova", '"Bērziņš, Jānis"; "Olga Smirnova"'),
        *("smirnova and janis@example.com", "to janis and to smirnova.", "olga@example.com y janis"),
    ],
)
async def test_several_are_named(town: Town, names: str) -> None:
    preview = await town.owner.asks(f"/missing 1 remind {names}")
    assert "Remind 2 people" in preview.labels


async def test_who_has_no_name_is_known_by_the_address(town: Town, office: Office) -> None:
    card = await office.profile(name="Winter")
    await keep(
        town.engine, office.owner_id, through(card.profile_id), listed("mira.kalna@example.com", "x@example.com")
    )
    preview = await town.owner.asks(f"/missing {card.profile_id} remind kalna")
    assert "• mira.kalna@example.com" in preview.text
    assert "Remind 1 person" in preview.labels


@pytest.mark.quick
async def test_whom_a_name_of_several_means_is_asked(town: Town) -> None:
    asked = await town.owner.asks("/missing 1 remind olga, janis, nobody")
    assert asked.text.splitlines() == [
        "Several who are missing are called “olga”: Olga Smirnova, Olga Petrova. Whom do you mean?",
        "Not among the missing: nobody",
    ]
    assert asked.labels == ("Olga Smirnova", "Olga Petrova", "Choose whom", "‹ Who's missing")
    await town.owner.taps("Olga Petrova")
    preview = await town.owner.reads("petrova@example.com")
    assert "olga@example.com" not in preview.text
    await town.owner.taps("Remind 2 people")
    await town.owner.reads("2 people get a message at once.")


async def test_unclear_names_are_asked_about_one_by_one(town: Town) -> None:
    asked = await town.owner.asks("/missing 1 remind olga, jannis, анна")
    assert "are called “olga”" in asked.text
    await town.owner.taps("Olga Smirnova")
    asked = await town.owner.reads("Nobody who is missing is called “jannis”.")
    assert asked.labels == ("Jānis Bērziņš", "Choose whom", "‹ Who's missing")
    await town.owner.taps("Jānis Bērziņš")
    preview = await town.owner.reads("Remind those who haven't come")
    assert "petrova@example.com" not in preview.text
    assert "Remind 3 people" in preview.labels


async def test_a_name_with_a_conjunction_in_it_is_one_name(town: Town, office: Office) -> None:
    card = await office.profile(name="Winter")
    people = [
        ListedPerson(row=row, first_name=first, last_name=last, email=f"o{row}@example.com")
        for row, (first, last) in enumerate([("José", "Ortega y Gasset"), ("José", "Ortega"), ("To", "Minh")], start=1)
    ]
    await keep(town.engine, office.owner_id, through(card.profile_id), people)
    for typed, address in (("ortega y gasset", "o1@example.com"), ("To Minh", "o3@example.com")):
        preview = await town.owner.asks(f"/missing {card.profile_id} remind {typed}")
        assert address in preview.text
        assert "Remind 1 person" in preview.labels


async def test_more_names_than_are_looked_for_at_once_are_refused(town: Town) -> None:
    refused = await town.owner.asks(f"/missing 1 remind {', '.join('abcdefghijk')}")
    assert refused.text == "Only 10 names are looked for at once: send the line again with fewer."


async def test_if_many_are_called_so_the_question_says_that_there_are_others(town: Town, office: Office) -> None:
    card = await office.profile(name="Winter")
    people = [
        ListedPerson(row=row, first_name="Olga", last_name=f"Kalna{row}", email=f"o{row}@example.com")
        for row in range(1, 8)
    ]
    await keep(town.engine, office.owner_id, through(card.profile_id), people)
    asked = await town.owner.asks(f"/missing {card.profile_id} remind olga")
    assert "Olga Kalna5, …." in asked.text
    assert len(asked.labels) == 5 + 2


async def test_those_who_are_clear_stay_chosen_where_the_others_are_ticked(town: Town) -> None:
    await town.owner.asks("/missing 1 remind olga, janis")
    await town.owner.taps("Choose whom")
    assert "✅ Jānis Bērziņš" in (await town.owner.reads("1 person selected")).labels


@pytest.mark.parametrize(
    ("line", "meant"),
    [("remind olga smirnowa", "Olga Smirnova"), ("remind Jannis", "Jānis Bērziņš"), ("напомнить анне", "Анна Озола")],
)
async def test_an_unknown_name_is_answered_with_whom_it_could_mean(town: Town, line: str, meant: str) -> None:
    asked = await town.owner.asks(f"/missing 1 {line}")
    assert f"Did you mean {meant}?" in asked.text
    assert asked.labels == (meant, "Choose whom", "‹ Who's missing")
    await town.owner.taps(meant)
    assert "Remind 1 person" in (await town.owner.reads("Remind those who haven't come")).labels


async def test_namesakes_are_told_apart_by_their_addresses(town: Town, office: Office) -> None:
    card = await office.profile(name="Winter")
    people = [
        ListedPerson(row=row, first_name="Olga", last_name="Kalna", email=f"o{row}@example.com") for row in (1, 2)
    ]
    await keep(town.engine, office.owner_id, through(card.profile_id), people)
    asked = await town.owner.asks(f"/missing {card.profile_id} remind olga kalna")
    assert asked.labels[:2] == ("Olga Kalna, o1@example.com", "Olga Kalna, o2@example.com")


async def test_who_came_is_no_longer_named(town: Town, office: Office) -> None:
    card = await office.profile(name="Winter")
    await keep(town.engine, office.owner_id, through(card.profile_id), [SMIRNOVA, PETROVA])
    await office.sign_up(card.token, "olga@example.com")
    await town.owner.reads("The first learner signed up")
    preview = await town.owner.asks(f"/missing {card.profile_id} remind olga")
    assert "• Olga Petrova, petrova@example.com" in preview.text


@pytest.mark.parametrize("button", ["The department", "Sales (#1)"])
async def test_who_was_named_is_reminded_once_it_is_chosen_whose_list_is_meant(office: Office, button: str) -> None:
    card = await office.profile(name="Sales", department="Sales")
    for of in (through(card.profile_id), await within(office.engine, "Sales")):
        await keep(office.engine, office.owner_id, of, [SMIRNOVA, JANIS])
    screens = Screens(engine=office.engine)
    assert await screens.type("/missing sales remind janis") == "Which one do you mean?"
    preview = await screens.tap(button)
    assert "• Jānis Bērziņš, janis@example.com" in preview
    assert "olga@example.com" not in preview


async def test_a_name_that_was_not_found_is_told_until_the_reminder_is_sent(office: Office) -> None:
    card = await office.profile()
    await keep(office.engine, office.owner_id, through(card.profile_id), [SMIRNOVA, PETROVA, JANIS])
    screens, note = Screens(engine=office.engine), "Not among the missing: yy"
    asked = await screens.type("/missing 1 remind olga, yy, jannis")
    assert note in asked
    for button in ("Olga Petrova", "Jānis Bērziņš"):
        shown = await screens.tap(button)
        assert note in shown
    assert "Remind those who haven't come" in shown
    assert note not in await screens.tap("Remind 2 people")


async def test_a_name_that_was_not_found_is_told_where_people_are_ticked(office: Office) -> None:
    card = await office.profile()
    await keep(office.engine, office.owner_id, through(card.profile_id), [SMIRNOVA, PETROVA])
    screens, note = Screens(engine=office.engine), "Not among the missing: yy"
    await screens.type("/missing 1 remind olga, yy")
    for button in ("Choose whom", "◻️ Olga Petrova", "Remind 1 person"):
        assert note in await screens.tap(button)
