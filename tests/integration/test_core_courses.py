"""Courses, the rules that give them, and what learners make of them."""

from datetime import timedelta

import pytest

from core.domain.progress import Progress
from core.engine import Engine
from core.errors import (
    CourseExists,
    CourseNotFound,
    DepartmentNotFound,
    InvalidCourseLink,
    InvalidDays,
    InvalidName,
    RuleExists,
)
from core.services import courses, people, time_zone
from core.services.courses import CourseCard, MyCourse
from core.services.time_zone import Keep
from tests.support.account import Office, a_form
from tests.support.clock import Clock

LINK = "https://learn.example.com/x"


async def add_course(office: Office, title: str, *departments: str, days: str = "") -> None:
    """Add a course and give it in these departments."""
    await office.engine.write(courses.add, office.owner_id, title, LINK, days, office.engine.now())
    for department in departments:
        await office.engine.write(courses.add_rule, office.owner_id, department, title, office.engine.now())


async def learner_in(office: Office, department: str) -> int:
    card = await office.profile(department=department)
    return (await office.sign_up(card.token, "boris@example.com")).user_id


async def mine(engine: Engine, user_id: int) -> list[MyCourse]:
    return await engine.read(courses.mine, user_id, engine.now())


async def test_a_course_has_a_title_a_link_and_perhaps_days_to_complete(engine: Engine, office: Office) -> None:
    card = await engine.write(courses.add, office.owner_id, " Fire   drill ", f" {LINK} ", " 30 ", engine.now())
    number = card.course_id
    assert card == CourseCard(course_id=number, title="Fire drill", description="", link=LINK, days=30, archived=False)
    assert (await engine.write(courses.add, office.owner_id, "Welcome", LINK, "", engine.now())).days is None


async def test_a_title_is_taken_in_any_case(engine: Engine, office: Office) -> None:
    with pytest.raises(CourseExists) as refused:
        await engine.write(courses.add, office.owner_id, "SAFETY first", LINK, "", engine.now())
    assert refused.value.title == "SAFETY first"


NO_LINKS = [
    "",
    "learn.example.com",
    "ftp://learn.example.com",
    "javascript:alert(1)",
    "https://",
    "http://[",
    "https://learn.example.com/a b",
    "https://learn.example.com/\x00",
    "https://learn.example.com/" + "x" * 2000,
]


@pytest.mark.parametrize(
    "pasted", ["<https://example.com/a?b=c>", "https://example.com/a?b=c.", " https://example.com/a?b=c "]
)
async def test_a_courses_link_can_be_pasted_with_what_stands_around_it(office: Office, pasted: str) -> None:
    card = await office.engine.write(courses.add, office.owner_id, "Pasted", pasted, "", office.engine.now())
    assert card.link == "https://example.com/a?b=c"


async def test_a_courses_link_is_an_address_of_the_web(engine: Engine, office: Office) -> None:
    for link in NO_LINKS:
        with pytest.raises(InvalidCourseLink):
            await engine.write(courses.add, office.owner_id, "Welcome", link, "", engine.now())


async def test_days_to_complete_are_a_whole_number_up_to_ten_years(engine: Engine, office: Office) -> None:
    for days in ("0", "-1", "1.5", "soon", "3651", "²", "9" * 5000):
        with pytest.raises(InvalidDays) as refused:
            await engine.write(courses.add, office.owner_id, "Welcome", LINK, days, engine.now())
        assert (refused.value.text, refused.value.highest) == (days, 3650)


async def test_a_course_needs_a_name(engine: Engine, office: Office) -> None:
    with pytest.raises(InvalidName):
        await engine.write(courses.add, office.owner_id, " ", LINK, "", engine.now())


async def test_a_rule_is_there_once(engine: Engine, office: Office) -> None:
    with pytest.raises(RuleExists) as refused:
        await engine.write(courses.add_rule, office.owner_id, "sales", "SAFETY FIRST", engine.now())
    assert (refused.value.path, refused.value.title) == ("Sales", "Safety first")


async def test_a_rule_needs_a_course_that_is_there(engine: Engine, office: Office) -> None:
    with pytest.raises(CourseNotFound) as refused:
        await engine.write(courses.add_rule, office.owner_id, "Sales", "Safety frist", engine.now())
    assert (refused.value.title, refused.value.nearest) == ("Safety frist", ("Safety first",))


async def test_a_rule_needs_a_department_that_is_there(engine: Engine, office: Office) -> None:
    with pytest.raises(DepartmentNotFound):
        await engine.write(courses.add_rule, office.owner_id, "Nowhere", "Safety first", engine.now())


async def test_a_learner_gets_the_courses_of_the_department_and_of_those_above_it(
    engine: Engine, office: Office
) -> None:
    await add_course(office, "Welcome", "Sales / EMEA")
    assert {course.title for course in await mine(engine, await learner_in(office, "Sales / EMEA"))} == {
        "Safety first",
        "Welcome",
    }


async def test_a_learner_does_not_get_the_courses_of_departments_below(engine: Engine, office: Office) -> None:
    await add_course(office, "Welcome", "Sales / EMEA")
    assert [course.title for course in await mine(engine, await learner_in(office, "Sales"))] == ["Safety first"]


async def test_a_course_that_several_rules_give_is_given_once(engine: Engine, office: Office) -> None:
    await add_course(office, "Welcome", "Sales", "Sales / EMEA")
    titles = [course.title for course in await mine(engine, await learner_in(office, "Sales / EMEA"))]
    assert titles.count("Welcome") == 1


async def test_a_rule_applies_from_then_on(engine: Engine, office: Office) -> None:
    learner = await learner_in(office, "Sales")
    await add_course(office, "Welcome", "Sales")
    assert [course.title for course in await mine(engine, learner)] == ["Safety first"]


async def test_courses_are_due_at_the_end_of_their_last_day_the_most_pressing_first(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await add_course(office, "Another time", "Sales")
    await add_course(office, "Urgent", "Sales", days="1")
    today = clock().replace(hour=23, minute=59, second=59, microsecond=0)
    found = await mine(engine, await learner_in(office, "Sales"))
    assert [(course.title, course.due_at) for course in found] == [
        ("Urgent", today + timedelta(days=1)),
        ("Safety first", today + timedelta(days=14)),
        ("Another time", None),
    ]
    assert {course.zone.key for course in found} == {"UTC"}


async def test_who_is_added_by_hand_has_the_courses_of_the_department_due_by_the_accounts_clock(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await engine.write(time_zone.change, office.owner_id, "Asia/Tokyo", Keep.MOMENTS, engine.now())
    await add_course(office, "Urgent", "Sales", days="1")
    newcomer = a_form("carla@example.com").newcomer
    card = await engine.write(people.add, office.owner_id, newcomer, None, "Sales", engine.now())
    urgent, *_ = await mine(engine, card.user_id)
    tonight = clock().replace(hour=14, minute=59, second=59, microsecond=0)  # nine hours before Tokyo's midnight
    assert (urgent.title, urgent.due_at) == ("Urgent", tonight + timedelta(days=1))


async def test_a_course_is_overdue_after_its_due_moment_until_it_is_completed(
    engine: Engine, office: Office, clock: Clock
) -> None:
    learner = await learner_in(office, "Sales")
    [course] = await mine(engine, learner)
    assert course.due_at is not None
    clock.advance(seconds=(course.due_at - clock()).total_seconds())
    assert not (await mine(engine, learner))[0].overdue
    clock.advance(seconds=1)
    assert (await mine(engine, learner))[0].overdue
    await engine.write(courses.advance, learner, course.course_id, Progress.COMPLETED, engine.now())
    assert not (await mine(engine, learner))[0].overdue


@pytest.mark.parametrize(
    ("steps", "moved"),
    [
        ([Progress.STARTED, Progress.COMPLETED], [True, True]),
        ([Progress.COMPLETED, Progress.STARTED], [True, True]),
        ([Progress.STARTED, Progress.STARTED], [True, False]),
        ([Progress.NOT_STARTED], [False]),
    ],
)
async def test_a_course_moves_on_and_only_its_completion_is_undone(
    engine: Engine, office: Office, steps: list[Progress], moved: list[bool]
) -> None:
    learner = await learner_in(office, "Sales")
    [course] = await mine(engine, learner)
    assert course.progress is Progress.NOT_STARTED
    assert [
        await engine.write(courses.advance, learner, course.course_id, step, engine.now()) for step in steps
    ] == moved


async def test_nobody_moves_a_course_that_they_have_not(engine: Engine, office: Office) -> None:
    [course] = await mine(engine, await learner_in(office, "Sales"))
    assert not await engine.write(courses.advance, office.owner_id, course.course_id, Progress.STARTED, engine.now())
    assert not await engine.write(courses.advance, office.owner_id, 7777, Progress.STARTED, engine.now())


async def test_a_deactivated_learner_opens_no_course_by_an_earlier_link(engine: Engine, office: Office) -> None:
    learner = await learner_in(office, "Sales")
    [course] = await mine(engine, learner)
    await engine.write(people.deactivate, office.owner_id, learner, engine.now())
    assert await engine.read(courses.link, learner, course.course_id) is None
    assert await engine.write(courses.begin, learner, course.course_id, engine.now()) is None
    assert not await engine.write(courses.advance, learner, course.course_id, Progress.COMPLETED, engine.now())
    await engine.write(people.activate, office.owner_id, learner, engine.now())
    assert (await mine(engine, learner))[0].progress is Progress.NOT_STARTED
