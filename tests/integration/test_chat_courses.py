"""A course's card: changed, archived and brought back by lines and by taps."""

import pytest

from core.services import courses
from tests.support.account import Office
from tests.support.bot_fixture import Town

pytestmark = [pytest.mark.usefixtures("office"), pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


async def test_a_course_is_changed_from_its_card_by_taps(town: Town) -> None:
    await town.owner.asks("/courses")
    await town.owner.taps("Safety first")
    await town.owner.reads("Nobody has it.")
    await town.owner.taps("Edit")
    await town.owner.reads("What to change: tap one, or type it")
    await town.owner.taps("days to complete")
    await town.owner.reads("Value: type it")
    changed = await town.owner.asks("30")
    assert "30 days to complete" in changed.text
    await town.owner.taps("Undo")
    await town.owner.reads("14 days to complete")


async def test_people_who_have_a_course_are_counted_before_they_see_a_change(office: Office, town: Town) -> None:
    await town.signs_up(office)
    question = await town.owner.asks("/editcourse Safety first | title | Fire drill")
    assert question.text.splitlines() == [
        "Change “Safety first”: title?",
        "Safety first",
        "→",
        "Fire drill",
        "",
        "1 person has this course and will see it.",
    ]
    await town.owner.taps("Save")
    await town.owner.reads("Fire drill\nhttps")


async def test_a_description_stands_on_the_card_until_it_is_taken_away(town: Town) -> None:
    card = await town.owner.asks("/editcourse Safety first | описание | Where the <b>exits</b> are")
    assert card.text.splitlines()[1] == "Where the <b>exits</b> are"
    card = await town.owner.asks("/editcourse Safety first | description | none")
    assert card.text.splitlines()[1] == "https://learn.example.com/safety"


async def test_new_days_say_that_due_dates_stay(office: Office, town: Town) -> None:
    await town.signs_up(office)
    card = await town.owner.asks("/editcourse Safety first | days | none")
    assert card.text.splitlines()[-2:] == ["", "Those who have it keep their due dates."]


async def test_a_course_is_archived_after_a_question_and_brought_back(office: Office, town: Town) -> None:
    await town.signs_up(office)
    question = await town.owner.asks("/archivecourse safety first")
    assert question.text.splitlines() == [
        "Archive “Safety first”?",
        "1 person has it and keeps it.",
        "These departments will no longer give it:",
        "· Sales",
        "You can bring it back at any time.",
    ]
    await town.owner.taps("Archive")
    assert (await town.owner.reads("Archived: nobody gets it any more.")).labels == (
        "Bring back",
        "Progress",
        "‹ Courses",
        "‹ Menu",
    )
    refused = await town.owner.asks("/addrule Sales / EMEA | Safety first")
    assert "/archivecourse Safety first brings it back." in refused.text
    assert "🗄 Safety first" in (await town.owner.asks("/courses")).labels
    await town.owner.asks("/archivecourse Safety first")
    await town.owner.taps("Bring back")
    await town.owner.reads("14 days to complete\n\nGiven")
    assert "Safety first" in (await town.owner.asks("/courses")).labels


async def test_a_word_that_is_no_part_of_a_course_is_corrected(town: Town) -> None:
    assert "/editcourse Safety first | link | x" in (await town.owner.asks("/editcourse Safety first | lnik | x")).text


async def test_a_rule_is_applied_after_saying_to_how_many_and_taken_back(office: Office, town: Town) -> None:
    await town.signs_up(office)
    await town.owner.asks("/addcourse Be kind | https://example.com/kind")
    await town.owner.taps("Be kind")
    await town.owner.reads("No department gives it.")
    await town.owner.taps("➕ Department")
    await town.owner.reads("Department: tap one")
    await town.owner.taps("Sales")
    assert "/applyrule Sales | Be kind" in (await town.owner.reads("From now on, people who join Sales")).text
    await town.owner.taps("Give to those there")
    assert (await town.owner.reads("Give “Be kind” to 1")).text.splitlines() == [
        "Give “Be kind” to 1 person?",
        "They are in Sales or below it.",
    ]
    await town.owner.taps("Give")
    await town.owner.reads("“Be kind” was given to 1 person.")
    await town.owner.taps("Undo")
    await town.owner.reads("“Be kind” was taken back from 1 person.")


async def test_a_course_is_given_and_taken_back_by_taps_on_a_persons_card(office: Office, town: Town) -> None:
    [number] = await town.signs_up(office)
    await town.owner.asks("/addcourse Be kind | https://example.com/kind")
    await town.owner.asks(f"/person {number}")
    await town.owner.taps("Give a course")
    await town.owner.reads("Which course do you want to give to Anna Berzina?")
    await town.owner.taps("Be kind")
    await town.owner.reads("“Be kind” was given to Anna Berzina.")
    await town.owner.taps("Undo")
    await town.owner.reads("“Be kind” was taken back from Anna Berzina.")
    await office.engine.write(courses.begin, number, 1, office.engine.now())
    await town.owner.taps("Take course back")
    await town.owner.reads("Which course do you want to take back from Anna Berzina?")
    await town.owner.taps("Safety first")
    question = await town.owner.reads("Take “Safety first” back from 1 person?")
    assert question.text.splitlines()[1:] == [
        "· Anna Berzina: started",
        "Their progress will be gone: 1 started.",
        "You can undo this for a minute.",
    ]
    await town.owner.taps("Take back")
    await town.owner.reads("“Safety first” was taken back from Anna Berzina.")
    await town.owner.taps("Undo")
    assert "· Safety first: started" in (await town.owner.reads("with the progress as it was")).text


async def test_a_course_is_given_to_several_from_its_card(office: Office, town: Town) -> None:
    await town.signs_up(office, "anna@example.com", "boris@example.com")
    await town.owner.asks("/addcourse Be kind | https://example.com/kind")
    await town.owner.taps("Be kind")
    await town.owner.reads("No department gives it.")
    await town.owner.taps("Give to people")
    await town.owner.reads("For several people, type their addresses between commas.")
    wrong = await town.owner.asks("anna@example.com, bob@example.com")
    assert wrong.text.startswith("Nobody among the people you manage matches")
    assert (await town.owner.asks("anna@example.com, boris@example.com")).text.splitlines() == [
        "Give “Be kind” to 2 people?",
        "· Anna Berzina",
        "· Anna Berzina",
    ]
    await town.owner.taps("Give")
    given = await town.owner.reads("“Be kind” was given to 2 people.")
    assert given.labels == ("Undo", "‹ Back", "‹ Menu")
