"""/progress in the chat: a profile's learners by course, who is behind by name, one person, and files."""

from collections.abc import AsyncIterator

import pytest

from core.domain import files
from core.domain.progress import Progress
from core.engine import Engine
from core.services import audit_log, courses, departments, people_by_name
from core.services.audit_log import Action
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.desk import Desk, open_desk
from tests.support.rosters import keep, listed, through

# What people read is the same on both databases; core runs on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def desk(engine: Engine, office: Office) -> AsyncIterator[Desk]:  # noqa: ARG001 - its account is what the owner opens
    async with open_desk(engine) as opened:
        yield opened


async def three_learners(office: Office) -> None:
    """Let three sign up, of whom one has completed the course, and one has started it."""
    card, engine = await office.profile(), office.engine
    made = [(await office.sign_up(card.token, f"{name}@example.com")).user_id for name in ("anna", "janis", "olga")]
    [course] = await engine.read(courses.mine, made[0], engine.now())
    for user_id, step in ((made[1], Progress.STARTED), (made[2], Progress.COMPLETED)):
        await engine.write(courses.advance, user_id, course.course_id, step, engine.now())


async def test_who_has_not_started_is_found_in_two_taps_from_the_card(desk: Desk, office: Office) -> None:
    await three_learners(office)
    assert (
        "3 with courses: 1 completed all, 1 under way, 1 not started"
        in (await desk.line("/profile 1")).text.splitlines()
    )
    found = await desk.tap("Progress")
    assert found.text.splitlines() == [
        "Autumn sales (#1) · 3 joined",
        "3 with courses: 1 completed all, 1 under way, 1 not started",
        "Safety first",
        "▓▓▓░░░░░░░  1 completed · 1 under way · 1 not started",
    ]
    named = await desk.tap("Not started · 1 person")
    assert named.text.splitlines()[1:] == [
        "Not started: 1 person",
        "1. Anna Berzina, anna@example.com · Safety first: not started",
    ]
    person = await desk.tap("1")
    assert person.text.splitlines()[-2:] == ["Safety first: not started", "given 23 Nov 12:00 · due 7 Dec 23:59"]


async def test_who_has_not_started_is_found_in_two_taps_from_the_first_screen(desk: Desk, office: Office) -> None:
    await three_learners(office)
    await desk.line("/menu")
    await desk.tap("📊 Report")
    assert "1. Anna Berzina, anna@example.com · Safety first: not started" in (await desk.tap("Not started now")).text


@pytest.mark.parametrize("words", ["Who hasn't started?", "кто не начал", "¿Quién no ha empezado?"])
async def test_who_has_not_started_can_be_asked_in_words(desk: Desk, office: Office, words: str) -> None:
    await three_learners(office)
    await desk.line(words)
    assert "1. Anna Berzina, anna@example.com" in (await desk.tap("Not started · 1 person")).text


async def test_a_line_asks_for_a_profile_a_department_a_person_or_all(desk: Desk, office: Office, clock: Clock) -> None:
    await three_learners(office)
    clock.advance(days=20)
    found = await desk.line("/progress")
    assert found.text.splitlines()[0] == "Your departments · 3 learners"
    assert "1 completed · 1 under way · 1 not started · 2 of them overdue" in found.text
    assert "Overdue: 2 people" in (await desk.tap("Overdue · 2")).text
    assert (await desk.line("/progress 1")).text.startswith("Autumn sales (#1) · 3 joined")
    assert (await desk.line("/progress Sales / EMEA")).text.startswith("Sales / EMEA · 3 learners")
    person = await desk.line("/progress janis@example.com")
    assert "Safety first: started, was due 7 Dec 2026 23:59" in person.text
    assert (await desk.line("/progress autumn sales")).text.startswith("Autumn sales (#1) · 3 joined")


async def test_a_name_that_nothing_has_is_answered_with_what_may_be_typed_and_what_is_like_it(
    desk: Desk, office: Office
) -> None:
    await three_learners(office)
    nowhere = (await desk.line("/progress Nowhere")).text.splitlines()
    assert nowhere == [
        "I know no department, course, profile or person called “Nowhere”.",
        (
            "After /progress type a department’s name or path, a course’s title, a profile’s name or number, "
            "or a person’s name, email address or login."
        ),
    ]
    assert "Did you mean Safety first?" in (await desk.line("/progress Saftey first")).text
    meant = (await desk.line("/progress Autunm sales")).text
    assert "Did you mean Autumn sales?" in meant
    assert "/progress Autumn sales" in meant.splitlines()
    assert "Did you mean Sales" in (await desk.line("/progress Salse")).text


async def test_the_beginnings_of_names_are_enough(desk: Desk, office: Office) -> None:
    await three_learners(office)
    assert (await desk.line("/progress Autum")).text.startswith("Autumn sales (#1) · 3 joined")
    assert (await desk.line("/progress safe")).text.startswith("Safety first · 3 learners")
    assert (await desk.line("/progress EM")).text.startswith("Sales / EMEA · ")
    several = await desk.line("/progress sal")
    assert several.text == "Which one do you mean?"
    assert several.labels == ("Sales", "Autumn sales (#1)", "‹ Menu")
    assert (await desk.tap("Sales")).text.startswith("Sales · ")
    for number in range(6):
        await office.engine.write(departments.add, office.owner_id, f"Salt {number}", office.engine.now())
    many = await desk.line("/progress sal")
    assert many.text.splitlines()[1] == "Others are called so, too: type more of the name."
    assert many.labels == ("Sales", *(f"Salt {number}" for number in range(4)), "Autumn sales (#1)", "‹ Menu")


async def test_a_persons_name_shows_that_persons_progress(desk: Desk, office: Office) -> None:
    await three_learners(office)
    several = await desk.line("/progress Anna Berzina")
    assert several.text == "Which person do you mean?"
    assert several.labels == ("🟢 Anna Berzina · #2", "🟢 Anna Berzina · #3", "🟢 Anna Berzina · #4", "‹ Menu")
    assert "Safety first: started" in (await desk.tap("🟢 Anna Berzina · #3")).text
    assert (await desk.line("/progress Owner")).text.startswith("Olivia Owner")
    assert "Olivia Owner has no course yet." in (await desk.line("/progress Owner")).text
    assert "Did you mean Olivia Owner?" in (await desk.line("/progress Olivia Ownr")).text


async def test_a_person_and_a_profile_whose_names_begin_so_are_both_offered(desk: Desk, office: Office) -> None:
    await office.profile(name="Olivia's newcomers")
    both = await desk.line("/progress oliv")
    assert both.text == "Which one do you mean?"
    assert both.labels == ("🟢 Olivia Owner · owner", "Olivia's newcomers (#1)", "‹ Menu")


async def test_of_many_people_with_one_name_some_are_offered(
    desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_by_name, "SHOWN", 2)
    await three_learners(office)
    several = await desk.line("/progress berzina")
    assert several.text.splitlines()[1] == "Others are called so, too: type more of the name."
    assert len(several.labels) == 3


async def test_of_what_has_the_same_name_it_is_asked_which_is_meant(desk: Desk, office: Office) -> None:
    await three_learners(office)
    await office.profile(name="Safety first")
    await office.profile(name="Sales")
    course_or_profile = await desk.line("/progress safety first")
    assert course_or_profile.text == "Which one do you mean?"
    assert course_or_profile.labels == ("The course", "Safety first (#2)", "‹ Menu")
    department_or_profile = await desk.line("/progress Sales")
    assert department_or_profile.labels == ("The department", "Sales (#3)", "‹ Menu")
    assert (await desk.tap("The department")).text.startswith("Sales · ")


async def test_who_has_not_started_a_course_is_found_by_its_title_its_card_and_a_button(
    desk: Desk, office: Office
) -> None:
    await three_learners(office)
    lines = ["Safety first · 3 learners", "Safety first", "▓▓▓░░░░░░░  1 completed · 1 under way · 1 not started"]
    assert (await desk.line("/progress safety first")).text.splitlines() == lines
    assert "1. Anna Berzina" in (await desk.tap("Not started · 1 person")).text
    await desk.line("/progress")
    await desk.tap("One course")
    assert (await desk.tap("Safety first")).text.splitlines() == lines
    await desk.line("/courses")
    await desk.tap("Safety first")
    assert (await desk.tap("Progress")).text.splitlines() == lines


async def test_a_department_is_chosen_and_a_file_is_sent(desk: Desk, office: Office) -> None:
    await three_learners(office)
    await desk.line("/progress")
    await desk.tap("One department")
    assert (await desk.tap("Sales")).text.startswith("Sales · 3 learners")
    sent = await desk.tap("CSV")
    assert sent.raw["document"]["file_name"] == "gangway-progress-d2-2026-11-23.csv"
    written = (await desk.owner.downloads(sent)).decode("utf-8-sig").splitlines()
    assert len(written) == 4
    assert written[1] == (
        '"Anna Berzina","anna@example.com","Sales / EMEA","Safety first","not started","","2026-11-23 12:00","","",'
        '"2026-12-07 23:59"'
    )


@pytest.mark.parametrize("line", ["/history 1", "/progress", "/missing 1"])
async def test_a_file_that_would_have_more_rows_than_it_may_is_refused_and_nothing_is_recorded(
    desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    await three_learners(office)
    expected = listed(*(f"nobody{number}@example.com" for number in range(3)))
    await keep(office.engine, office.owner_id, through(1), expected)
    monkeypatch.setattr(files, "MOST_ROWS", 2)
    await desk.line(line)
    assert await desk.tap_in_vain("CSV") == (
        "A file has 2 rows at most; this one would have 3. "
        "Ask for less: for a department, a profile or, with /report, a shorter period."
    )
    actions = [entry.action for entry in (await office.engine.read(audit_log.page, office.owner_id)).entries]
    assert not {Action.HISTORY_EXPORTED, Action.PROGRESS_EXPORTED, Action.ROSTER_EXPORTED} & set(actions)
    monkeypatch.setattr(files, "MOST_ROWS", 3)
    await desk.line(line)
    sent = await desk.tap("CSV")
    assert len((await desk.owner.downloads(sent)).decode("utf-8-sig").splitlines()) == 4
