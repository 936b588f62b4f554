"""A report as a file: its rows are those whom the report counts, within its period and the viewer's scope."""

from dataclasses import replace

import pytest

from core.domain.progress import Progress
from core.engine import Engine
from core.errors import FileTooLong, NotAllowed, PeriodNotUnderstood
from core.services import audit_log, courses, departments, joined_people, profile_removal, report_exports, reports
from core.services.audit_log import Action
from core.services.joined_people import MOST_PEOPLE, Person
from core.services.report_exports import Outline
from core.services.reports import TOP
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_manager, demote, transfer


async def outline(engine: Engine, actor_id: int, period: str = "week", *, figures: bool = True) -> Outline:
    return await engine.read(report_exports.outline, actor_id, period, engine.now(), figures=figures)


async def people(engine: Engine, actor_id: int, period: str = "week", *, size: int = 2) -> list[Person]:
    """List all people, page by page."""
    found, before = list[Person](), None
    while True:
        page = await engine.read(report_exports.page, actor_id, period, engine.now(), before=before, size=size)
        found += page.people
        if (before := page.older_than) is None:
            return found


def emails(found: list[Person]) -> list[str | None]:
    return [each.row.email for each in found]


async def test_the_rows_are_those_whom_the_report_counts_newest_first(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    await office.sign_up(card.token, "earlier@example.com")
    clock.advance(days=7)
    for number in range(3):
        await office.sign_up(card.token, f"person{number}@example.com")
    removed = await office.profile(name="Interns")
    await office.sign_up(removed.token, "intern@example.com")
    await engine.write(profile_removal.remove, office.owner_id, [removed.profile_id], engine.now())
    for size in (1, 2, 4, 10):
        found = await people(engine, office.owner_id, size=size)
        assert emails(found) == ["intern@example.com", *(f"person{number}@example.com" for number in (2, 1, 0))]
    assert (await outline(engine, office.owner_id)).report.shown == 4
    assert [each.profile for each in found] == ["Interns", *["Autumn sales"] * 3]
    assert emails(await people(engine, office.owner_id, "2026-11-23")) == ["earlier@example.com"]


async def test_who_was_transferred_out_of_scope_has_no_row(engine: Engine, office: Office) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales")
    anna = (await office.sign_up(card.token)).user_id
    await office.sign_up(card.token, "janis@example.com")
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    await transfer(engine, anna, "Support")
    assert emails(await people(engine, manager)) == ["janis@example.com"]
    found = (await outline(engine, manager)).report
    assert (found.shown, found.hidden.total) == (1, 1)
    assert len(await people(engine, office.owner_id)) == 2


async def test_a_file_has_all_profiles_and_departments_and_the_courses_of_the_people(
    engine: Engine, office: Office
) -> None:
    for number in range(TOP + 2):
        path = f"Sales / Branch {number}"
        await engine.write(departments.add, office.owner_id, path, engine.now())
        card = await office.profile(name=f"Profile {number}", department=path)
        user_id = (await office.sign_up(card.token, f"person{number}@example.com")).user_id
    found = await outline(engine, office.owner_id)
    assert (len(found.report.profiles), len(found.report.departments)) == (TOP + 2, TOP + 2)
    assert (found.report.more_profiles, found.report.more_departments) == (0, 0)
    assert [each.title for each in found.courses] == ["Safety first"]
    await engine.write(courses.advance, user_id, found.courses[0].course_id, Progress.STARTED, engine.now())
    newest = (await people(engine, office.owner_id))[0]
    assert newest.courses[found.courses[0].course_id].progress is Progress.STARTED


async def test_a_file_without_further_sheets_counts_by_no_profile_and_department(
    engine: Engine, office: Office
) -> None:
    await office.sign_up((await office.profile()).token)
    found = await outline(engine, office.owner_id, figures=False)
    assert (found.report.shown, found.report.profiles, found.report.departments) == (1, (), ())
    assert [each.title for each in found.courses] == ["Safety first"]


async def test_a_file_has_room_for_so_many_people_and_no_more(engine: Engine, office: Office) -> None:
    found = await outline(engine, office.owner_id)
    most, more = (replace(found, report=replace(found.report, shown=MOST_PEOPLE + extra)) for extra in (0, 1))
    assert (most.is_too_long, more.is_too_long) == (False, True)


async def test_no_export_is_recorded_that_no_file_has_room_for(
    engine: Engine, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = (await office.profile()).token
    for name in ("anna", "janis"):
        await office.sign_up(token, f"{name}@example.com")
    monkeypatch.setattr(joined_people, "MOST_PEOPLE", 2)
    await engine.write(report_exports.begin, office.owner_id, "week", engine.now())
    monkeypatch.setattr(joined_people, "MOST_PEOPLE", 1)
    with pytest.raises(FileTooLong) as too_long:
        await engine.write(report_exports.begin, office.owner_id, "week", engine.now())
    assert (too_long.value.rows, too_long.value.most) == (2, 1)


async def test_an_export_is_recorded_for_each_department_and_needs_the_right(engine: Engine, office: Office) -> None:
    await office.profile()
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    manager = await a_manager(engine, "Sales", "Support")
    await engine.write(report_exports.begin, manager, "2026-11-23", engine.now())
    entries = (await engine.read(audit_log.page, office.owner_id)).entries[:2]
    assert {(each.action, each.subject) for each in entries} == {
        (Action.REPORT_EXPORTED, "Sales"),
        (Action.REPORT_EXPORTED, "Support"),
    }
    assert entries[0].after == {"start": "2026-11-23T00:00:00+00:00", "end": "2026-11-24T00:00:00+00:00"}
    with pytest.raises(PeriodNotUnderstood):
        await engine.write(report_exports.begin, manager, "sometime", engine.now())
    await demote(engine, manager)
    for read in (report_exports.begin, report_exports.page):
        with pytest.raises(NotAllowed):
            await engine.write(read, manager, "week", engine.now())
    with pytest.raises(NotAllowed):
        await outline(engine, manager)


async def test_a_report_says_how_far_its_learners_are(engine: Engine, office: Office, clock: Clock) -> None:
    card = await office.profile()
    made = [(await office.sign_up(card.token, f"{name}@example.com")).user_id for name in ("anna", "janis", "olga")]
    [course] = await engine.read(courses.mine, made[0], engine.now())
    for user_id, step in ((made[1], Progress.STARTED), (made[2], Progress.COMPLETED)):
        await engine.write(courses.advance, user_id, course.course_id, step, engine.now())
    clock.advance(days=20)
    await office.sign_up(card.token, "late@example.com")
    steps = (await engine.read(reports.sign_ups, office.owner_id, "30 days", engine.now())).steps
    assert steps is not None
    assert (steps.people, steps.not_started, steps.under_way, steps.completed, steps.overdue) == (4, 2, 1, 1, 2)
    steps = (await engine.read(reports.sign_ups, office.owner_id, "today", engine.now())).steps
    assert steps is not None
    assert (steps.people, steps.not_started, steps.under_way, steps.completed, steps.overdue) == (1, 1, 0, 0, 0)
