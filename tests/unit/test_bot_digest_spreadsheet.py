"""A digest's spreadsheet: what is in its cells, what is below them, and what happens if too many joined."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from python_calamine import CalamineWorkbook

from bot.screens.digest_spreadsheet import spreadsheet, too_long
from bot.service import LOCALES
from bot.wording.phrases import Words
from core.domain.access import UserState
from core.domain.progress import Progress
from core.domain.tallies import Hidden
from core.language import Languages
from core.services.digest_spreadsheets import Outline, ProfileRow
from core.services.export import Row
from core.services.joined_people import MOST_PEOPLE, CourseColumn, Page, Person
from core.services.progress import CourseOfPerson
from tests.unit.test_bot_digest import NEWS, SUMMARY

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
WORDS = Words(language=Languages(LOCALES).all["en"], zone=ZoneInfo("Europe/Riga"), now=NOW)
HIDING = replace(SUMMARY, news=(replace(NEWS, undone=1, hidden=Hidden(transferred=1, elsewhere=1)),))
PROFILE = ProfileRow(
    profile_id=3,
    name="Autumn sales",
    department=("Sales", "EMEA"),
    joined=7,
    returned=1,
    undone=3,
    hidden=2,
    used=30,
    limit=None,
    starts_at=NOW - timedelta(days=9),
    ends_at=NOW + timedelta(days=9),
    removed=True,
)
OUTLINE = Outline(
    summary=HIDING,
    columns=(),
    courses=(CourseColumn(course_id=1, title="Safety"), CourseColumn(course_id=2, title="=HYPERLINK(1)")),
    more_courses=2,
    profiles=(PROFILE,),
)
ANNA = Row(
    first_name="Anna",
    last_name="Bērziņa",
    email="anna@example.com",
    login="anna",
    phone="+37120000000",
    job_title="Seller",
    department=("Support",),
    at=NOW,
    label="Poster",
    state=UserState.INACTIVE,
    returned=False,
    consent_version=None,
    consent_at=None,
    values={},
)
SAFETY = CourseOfPerson(
    title="Safety",
    progress=Progress.STARTED,
    enrolled_at=NOW,
    started_at=NOW + timedelta(hours=1),
    completed_at=None,
    due_at=NOW + timedelta(days=1),
    overdue=True,
)


async def two_pages() -> AsyncIterator[Page]:
    person = Person(row=ANNA, profile="Autumn sales", signed_up_to=("Sales", "EMEA"), courses={1: SAFETY})
    yield Page(people=(person,), older_than=5)
    yield Page(people=(replace(person, row=replace(ANNA, returned=True), courses={}),), older_than=None)


async def written() -> bytes:
    screen = await spreadsheet(WORDS, OUTLINE, two_pages())
    assert screen.attachment is not None
    return screen.attachment.contents


async def test_people_stand_with_their_courses_and_below_them_who_is_hidden_and_why() -> None:
    header, anna, again, undone, courses, hidden = (
        CalamineWorkbook.from_filelike(BytesIO(await written())).get_sheet_by_index(0).to_python()
    )
    assert anna == [
        datetime(2026, 11, 27, 17, 0),  # noqa: DTZ001 - a wall clock's time, in Riga
        *("Anna", "Bērziņa", "anna@example.com", "+37120000000", "Seller"),
        *("Sales / EMEA", "Support", "Autumn sales", "Poster", "inactive", ""),
        "started, overdue",
        datetime(2026, 11, 27, 18, 0),  # noqa: DTZ001 - as above
        "",
        datetime(2026, 11, 28, 17, 0),  # noqa: DTZ001 - as above
        *[""] * 4,
    ]
    assert len(header) == len(anna)
    assert again[11:] == ["undone", *[""] * 8]
    assert undone[0] == "1 sign-up is undone"
    assert courses[0] == "2 more courses have no column"
    assert hidden[0] == "2 learners are hidden from you (transferred later: 1, the profile pointed elsewhere: 1)"


async def test_profiles_stand_on_a_sheet_of_their_own_with_numbers_and_moments() -> None:
    [header, profile] = CalamineWorkbook.from_filelike(BytesIO(await written())).get_sheet_by_index(1).to_python()
    named, counted = ["No.", "Profile", "Department"], ["Joined", "Activations returned", "Sign-ups undone", "Hidden"]
    assert header[:9] == [*named, *counted, "Places used", "Limit"]
    assert profile[:9] == [3, "Autumn sales (deleted)", "Sales / EMEA", 7, 1, 3, 2, 30, ""]
    assert all(isinstance(moment, datetime) for moment in profile[9:])


async def test_the_header_stays_in_sight_and_the_filter_leaves_out_what_is_below_the_people() -> None:
    with ZipFile(BytesIO(await written())) as book:
        people = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'ySplit="1"' in people
    assert '<autoFilter ref="A1:T3"/>' in people
    assert "<f>" not in people


def test_if_too_many_joined_a_message_says_so_in_place_of_the_file() -> None:
    most = replace(OUTLINE, summary=replace(HIDING, news=(replace(NEWS, shown=MOST_PEOPLE),)))
    more = replace(OUTLINE, summary=replace(HIDING, news=(replace(NEWS, shown=MOST_PEOPLE + 1),)))
    assert (most.is_too_long, more.is_too_long) == (False, True)
    said = too_long(WORDS, more)
    assert said.attachment is None
    assert "There is no spreadsheet: 20,001 joined, and it holds 20,000 at most." in said.text
