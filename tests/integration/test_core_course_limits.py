"""Courses at the limits of what they may hold, and what refusals and the log say of them and of rules."""

from typing import Any

import pytest

from core.domain.progress import Progress
from core.errors import (
    CourseArchived,
    CourseExists,
    CourseNotFound,
    InvalidCourseLink,
    PageTextTooLong,
    Refusal,
    RuleNotFound,
)
from core.services import audit_log, course_editing, courses
from core.services.courses import RuleCard
from tests.support.account import Office
from tests.support.clock import Clock

LINK = "https://learn.example.com/x"


async def add(office: Office, title: str = "Welcome", link: str = LINK, days: str = "", **more: str) -> Any:  # noqa: ANN401
    return await office.engine.write(courses.add, office.owner_id, title, link, days, office.engine.now(), **more)


async def refused(office: Office, use_case: Any, *arguments: Any, **more: str) -> dict[str, object]:  # noqa: ANN401
    with pytest.raises(Refusal) as refusal:
        await office.engine.write(
            lambda session: use_case(session, office.owner_id, *arguments, office.engine.now(), **more)
        )
    return {"refusal": type(refusal.value), **vars(refusal.value)}


async def test_a_courses_link_has_two_thousand_characters_at_most(office: Office) -> None:
    longest = LINK.ljust(2000, "x")
    assert (await add(office, link=longest)).link == longest
    wanted = {"refusal": InvalidCourseLink, "text": f"{longest}x"}
    assert await refused(office, courses.add, "Other", f" <{longest}x> ", "") == wanted


async def test_a_course_can_be_due_ten_years_later(office: Office) -> None:
    assert (await add(office, days="3650")).days == 3650
    assert (await add(office, "Short", days="1")).days == 1


async def test_a_description_has_a_thousand_characters_at_most(office: Office) -> None:
    assert (await add(office, description="x" * 1000)).description == "x" * 1000
    wanted = {"refusal": PageTextTooLong, "length": 1001, "longest": 1000}
    assert await refused(office, courses.add, "Other", LINK, "", description="x" * 1001) == wanted


async def test_a_new_course_is_recorded_with_what_it_has(office: Office) -> None:
    await add(office, days="7")
    await add(office, "Described", description="All of it")
    entries = (await office.engine.read(audit_log.page, office.owner_id)).entries[:2]
    assert [each.after for each in entries] == [
        {"link": LINK, "days": None, "description": "All of it"},
        {"link": LINK, "days": 7},
    ]


async def test_refusals_name_courses_and_departments_as_they_are_written(office: Office) -> None:
    await add(office)
    assert await refused(office, courses.add, " welcome ", LINK, "") == {"refusal": CourseExists, "title": "welcome"}
    missing = {"refusal": CourseNotFound, "title": "Nothing near it", "nearest": ()}
    assert await refused(office, courses.add_rule, "Sales", " Nothing near it ") == missing
    no_rule = {"refusal": RuleNotFound, "path": "Sales / EMEA", "title": "Welcome"}
    assert await refused(office, courses.remove_rule, "sales / emea", "WELCOME") == no_rule


async def test_an_archived_course_gets_no_rule_and_keeps_those_it_has(office: Office) -> None:
    course_id = (await add(office)).course_id
    await office.engine.write(courses.add_rule, office.owner_id, "Sales", "Welcome", office.engine.now())
    await office.engine.write(course_editing.archive, office.owner_id, course_id, office.engine.now())
    archived = {"refusal": CourseArchived, "title": "Welcome"}
    assert await refused(office, courses.add_rule, "Sales / EMEA", "welcome") == archived
    removed = await office.engine.write(courses.remove_rule, office.owner_id, "sales", "welcome", office.engine.now())
    assert (removed.department, removed.title, removed.course_id) == (("Sales",), "Welcome", course_id)


async def test_rules_are_listed_by_department_and_title(office: Office) -> None:
    await add(office)
    for department in ("Sales / EMEA", "Sales"):
        await office.engine.write(courses.add_rule, office.owner_id, department, "Welcome", office.engine.now())
    assert await office.engine.read(courses.rules, office.owner_id) == [
        RuleCard(department=("Sales",), title="Safety first"),
        RuleCard(department=("Sales",), title="Welcome"),
        RuleCard(department=("Sales", "EMEA"), title="Welcome"),
    ]


async def test_a_learners_course_says_when_it_was_completed_and_where_it_is(office: Office, clock: Clock) -> None:
    await add(office)
    await office.engine.write(courses.add_rule, office.owner_id, "Sales", "Welcome", office.engine.now())
    learner = (await office.sign_up((await office.profile()).token)).user_id
    completed = clock.advance(hours=1)
    await office.engine.write(courses.advance, learner, 2, Progress.COMPLETED, completed)
    clock.advance(hours=1)
    found = {each.title: each for each in await office.engine.read(courses.mine, learner, clock())}
    welcome = found["Welcome"]
    assert (welcome.course_id, welcome.link, welcome.completed_at) == (2, LINK, completed)
    assert (found["Safety first"].course_id, found["Safety first"].completed_at) == (1, None)


async def test_an_opened_course_begins_once_and_leads_to_its_link(office: Office, clock: Clock) -> None:
    await add(office)
    await office.engine.write(courses.add_rule, office.owner_id, "Sales", "Welcome", office.engine.now())
    learner = (await office.sign_up((await office.profile()).token)).user_id
    assert await office.engine.write(courses.begin, learner, 2, clock()) == LINK
    assert await office.engine.write(courses.begin, learner, 7777, clock()) is None
    progress = {each.title: each.progress for each in await office.engine.read(courses.mine, learner, clock())}
    assert progress == {"Welcome": Progress.STARTED, "Safety first": Progress.NOT_STARTED}
    await office.engine.write(courses.advance, learner, 2, Progress.COMPLETED, clock())
    assert await office.engine.write(courses.begin, learner, 2, clock()) == LINK
    progress = {each.title: each.progress for each in await office.engine.read(courses.mine, learner, clock())}
    assert progress["Welcome"] is Progress.COMPLETED
