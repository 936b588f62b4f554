"""The form of a new course: its buttons, what is typed on it, and the course that it adds."""

import pytest

from core.services import courses
from core.services.courses import CourseCard
from tests.support.account import Office
from tests.support.screens import Screens

LINK = "https://learn.example.com/drill"
EMPTY = """New course

Title: not given yet
Link: not given yet
Days to complete: no deadline
Description: none

Type the title or the link, or tap what to fill in."""
CHIPS = ["7", "14", "30", "✓ ∞"]

# What people read is the same on both databases; the row of a form is tested on both in test_core_dialogues.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def screens(office: Office) -> Screens:
    return Screens(engine=office.engine)


async def found(office: Office, title: str) -> CourseCard:
    known = await office.engine.read(courses.catalogue, office.owner_id)
    return next(each for each in known if each.title == title)


async def test_a_course_is_added_by_two_typed_answers_and_three_taps(office: Office, screens: Screens) -> None:
    await screens.type("/courses")
    assert await screens.tap("➕ Add") == EMPTY
    assert screens.labels == [["Title ›"], ["Title ›", "Link ›"], CHIPS, ["Description ›", "Cancel"]]
    assert (await screens.type("Fire drill")).startswith("Title: Fire drill ✓\n\nNew course")
    assert screens.labels[0] == ["Link ›"]
    await screens.type(f"<{LINK}>,")
    assert "Days to complete: 14 days to complete" in await screens.tap("14")
    assert screens.labels[2] == ["7", "✓ 14", "30", "∞"]
    made = await screens.tap("Add the course")
    assert made.startswith("Fire drill\n")
    assert "The course is there. Give it to a department now." in made
    [card] = [
        each for each in await office.engine.read(courses.catalogue, office.owner_id) if each.title == "Fire drill"
    ]
    assert (card.link, card.days, card.description) == (LINK, 14, "")


async def test_a_title_and_a_link_are_read_from_one_text_and_days_from_a_number(screens: Screens) -> None:
    await screens.send("form:course")
    filled = await screens.type(f"Fire {LINK} drill")
    assert f"Title: Fire drill\nLink: {LINK}" in filled
    for typed, days in (("10 days", "10 days to complete"), ("none", "no deadline"), ("3", "3 days to complete")):
        assert f"Days to complete: {days}" in await screens.type(typed)
    assert "from 1 to" in await screens.type("99999")


async def test_each_field_is_asked_for_by_its_button(screens: Screens) -> None:
    await screens.send("form:course")
    assert await screens.tap("Description ›") == "Description\n\nType it."
    assert "Description: What to do" in await screens.type("What to do")
    await screens.tap("Description ›")
    assert "Description: none" in await screens.tap("Leave it empty")
    assert (await screens.tap("Link ›")).startswith("Link\n\nType it, for example https://")
    refused = await screens.type("learn.example.com")
    assert "\n\nLink\n" in refused
    assert "Title: not given yet" in await screens.tap("‹ Back")


async def test_a_course_that_is_there_already_is_said_above_the_form(screens: Screens) -> None:
    await screens.send("form:course")
    await screens.type(f"safety FIRST | {LINK} | | What to do")
    refused = await screens.tap("Add the course")
    assert "already" in refused.split("New course")[0]
    await screens.type("Safety second")
    assert "What to do" in await screens.tap("Add the course")


async def test_a_line_may_end_with_a_description(office: Office, screens: Screens) -> None:
    await screens.type(f"/addcourse Fire drill | {LINK} | 14 | Where to go")
    [card] = [
        each for each in await office.engine.read(courses.catalogue, office.owner_id) if each.title == "Fire drill"
    ]
    assert (card.days, card.description) == (14, "Where to go")
