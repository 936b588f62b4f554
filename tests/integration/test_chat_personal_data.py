"""/export and /erase, over real HTTP against the sandbox."""

import json
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from core.domain.personal_data import Section
from core.engine import Engine
from tests.support.bot_fixture import Town, open_town
from tests.support.clock import Clock
from tests.support.lines import ask, set_up, sign_up, tap

# What people read is the same on both databases; the journeys, and all of core, run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    async with open_town(engine) as town:
        yield town


async def test_a_person_s_data_are_sent_as_json_and_as_a_sheet_that_reads_alike(town: Town) -> None:
    await sign_up(town, await set_up(town))
    offered = await ask(town, "/export anna@example.com", "What is kept on Anna Berzina (#2):")
    assert "Account · Sign-up · Places of profiles: 1" in offered.text
    assert offered.labels == ("JSON file", "Spreadsheet", "‹ Person")
    file = await town.owner.downloads(await tap(town, "JSON file", "All that is kept on Anna Berzina (#2)"))
    document = json.loads(file)
    assert (document["format"], document["version"]) == ("gangway personal data", 1)
    assert set(document["data"]) == {section.value for section in Section}
    [account] = document["data"]["account"]
    assert (account["email"], account["department"]) == ("anna@example.com", ["Sales", "EMEA"])
    sheet = await town.owner.downloads(await tap(town, "Spreadsheet", "All that is kept on Anna Berzina (#2)"))
    book = CalamineWorkbook.from_filelike(BytesIO(sheet))
    header, *rows = book.get_sheet_by_index(0).to_python()
    assert header == ["What", "No.", "Fact", "Value"]
    assert ["Account", 1.0, "email", "anna@example.com"] in rows
    assert ["Account", 1.0, "department", "Sales / EMEA"] in rows
    assert {row[0] for row in rows} == {"Account", "Sign-up", "Places of profiles", "Changes to the person"}
    assert "Personal data exported: Anna Berzina" in (await ask(town, "/log")).text


async def test_an_erasure_names_what_ends_and_leaves_a_number_in_the_history(town: Town) -> None:
    await sign_up(town, await set_up(town))
    question = await ask(town, "/erase anna@example.com", "Erase Anna Berzina (#2), with the name?")
    assert "Counts stay as they are: the place stays used." in question.text
    assert question.labels == ("Export first", "Erase", "Cancel")
    await tap(town, "Erase", "Erased. Histories and the log show #2.")
    history = await ask(town, "/history 1", "#2")
    assert "Berzina" not in history.text
    await ask(town, "/profile 1", "1 of 50")
    await ask(town, "/erase 2", "Nobody")


async def test_the_question_before_a_deletion_offers_to_erase_the_name_too(town: Town) -> None:
    await sign_up(town, await set_up(town))
    await ask(town, "/person 2")
    await tap(town, "Delete", "Histories keep the name.")
    await tap(town, "Erase the name too", "with the name?")
    kept = await tap(town, "Cancel", "🟢 Anna Berzina")
    assert "Delete" in kept.labels


async def test_retention_is_shown_and_asks_before_anything_ends(town: Town, clock: Clock) -> None:
    await sign_up(town, await set_up(town))
    shown = await ask(town, "/retention", "How long data is kept")
    assert "· Lists of people expected or sent a link: 90 days after the end of their profile" in shown.text
    assert shown.labels == ("Lists: 30 days", "Lists: 90 days", "Names: 365 days", "‹ Menu")
    await tap(town, "Lists: 30 days", "· Lists of people expected or sent a link: 30 days")
    await ask(town, "/person 2", "anna@example.com")
    await tap(town, "Delete", "Delete Anna Berzina (#2)?")
    await tap(town, "Delete", "is deleted")
    clock.advance(days=2)
    asked = await ask(town, "/retention names 1", "The name of 1 deleted person would be erased within the hour")
    assert asked.labels == ("Save", "Cancel")
    await tap(town, "Cancel", "in the log: for good")
    await ask(town, "/retention имена 1", "The name of 1 deleted person")
    await tap(town, "Save", "in the log: 1 day after the deletion")
    assert "a whole number from 1 to 3,650, not “soon”" in (await ask(town, "/retention lists soon")).text
