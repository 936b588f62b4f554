"""Profiles deleted by line and from the list, one or several, over real HTTP against the sandbox."""

from collections.abc import AsyncIterator

import pytest

from core.engine import Engine
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, Town, open_town
from tests.support.clock import Clock
from tests.support.lines import AUTUMN, SET_UP, ask, set_up, sign_up, tap, typed
from tests.support.rows import a_manager

# What people read is the same on both databases; the journeys, and all of core, run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

THREE = tuple(f"/newprofile {name} | Sales | now - +1 week | 5" for name in ("First", "Second <b>", "Third"))


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    async with open_town(engine) as town:
        yield town


async def test_several_are_named_deleted_and_brought_back_together(town: Town) -> None:
    await set_up(town, *THREE)
    question = await ask(town, "/deleteprofile 3 #1, 3")
    assert question.text.splitlines()[:3] == ["Delete 2 profiles?", "First (#1)", "Third (#3)"]
    deleted = await tap(town, "Delete", "Deleted 2 profiles:")
    assert deleted.text.splitlines()[:3] == ["Deleted 2 profiles:", "First", "Third"]
    assert "1 profile\n" in (await ask(town, "/profiles")).text
    assert "Restored 2 profiles:" in (await tap(town, "Undo", "Restored")).text
    assert "3 profiles\n" in (await ask(town, "/profiles")).text


async def test_one_is_deleted_from_its_card_and_brought_back(town: Town) -> None:
    await set_up(town)
    await tap(town, "More ›")
    assert "Delete “Autumn sales” (#1)?" in (await tap(town, "Delete")).text
    await tap(town, "Delete", "is deleted")
    assert (await tap(town, "Undo", "🟢")).text.startswith("🟢 Autumn sales (#1)")


async def test_the_question_names_who_waits_and_the_undo_brings_them_back(town: Town) -> None:
    card = await set_up(town)
    await ask(town, "/settings approval on")
    await sign_up(town, card)
    question = await ask(town, "/deleteprofile 1", "Delete “Autumn sales”")
    assert question.text.splitlines() == [
        "Delete “Autumn sales” (#1)?",
        "Its link will stop working for good. The learners who signed up through it stay.",
        "",
        "1 person is waiting for approval and will be turned away:",
        "· Anna Berzina",
        "",
        "You can undo it for a minute, with everything that it took.",
    ]
    await tap(town, "Delete", "is deleted")
    assert "Nobody is waiting" in (await ask(town, "/waiting", "Nobody")).text
    await tap(town, "Undo", "1 waiting")
    assert "Anna Berzina" in (await ask(town, "/waiting", "1 person is waiting")).text


async def test_a_question_that_did_not_name_everybody_deletes_nothing(town: Town) -> None:
    card = await set_up(town)
    await ask(town, "/settings approval on")
    await ask(town, "/deleteprofile 1")
    await sign_up(town, card)
    await town.owner.taps("Delete")
    assert "nothing was done" in (await town.owner.is_told("nothing was done")).text


async def test_a_minute_later_it_is_too_late_to_undo(town: Town, clock: Clock) -> None:
    await set_up(town)
    await ask(town, "/deleteprofile 1")
    await tap(town, "Delete", "is deleted")
    clock.advance(seconds=61)
    await town.owner.taps("Undo")
    assert "60 seconds" in (await town.owner.is_told("can no longer be undone")).text


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/deleteprofile one", "Enter a number here, not “one”."),
        ("/deleteprofile 1 99", "You have no profile #99."),
        ("/deleteprofile 1 2 3 4 5 6 7 8 9 10 11", "List at most 10 profiles in one line."),
    ],
)
async def test_a_mistake_is_told_with_what_would_be_right(office: Office, line: str, sentence: str) -> None:
    assert sentence in await typed(office, *SET_UP, AUTUMN, line)


async def test_what_one_only_reads_is_neither_selected_nor_deleted(town: Town) -> None:
    await set_up(town)
    await a_manager(town.engine, "Sales", telegram_id=MANAGER)
    manager = town.person(MANAGER)
    await ask(town, "/editprofile 1 department Support")
    await tap(town, "Save", "Support")
    assert "Select" not in (await ask(town, "/profiles", person=manager)).labels
    assert "but not change it" in (await ask(town, "/deleteprofile 1", person=manager)).text
