"""A rule applied to those who are in its department already, and taken back."""

import asyncio
from datetime import timedelta

import pytest

from core.domain.progress import Progress
from core.errors import CourseArchived, NothingToUndo, PreviewOutdated, RuleNotFound
from core.services import course_editing, courses, people, rule_application
from core.services.rule_application import Application, Applied
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.statements import counted

LINK = "https://learn.example.com/x"


async def arrive(office: Office, *names: str, department: str = "Sales / EMEA") -> list[int]:
    card = await office.profile(department=department)
    return [(await office.sign_up(card.token, f"{name}@example.com")).user_id for name in names]


async def rule(office: Office, department: str = "Sales") -> Application:
    """Add a course and a rule for it; give what applying the rule means."""
    now = office.engine.now()
    await office.engine.write(courses.add, office.owner_id, "Welcome", LINK, "7", now)
    await office.engine.write(courses.add_rule, office.owner_id, department, "Welcome", now)
    return await preview(office, department)


async def preview(office: Office, department: str = "Sales") -> Application:
    return await office.engine.read(rule_application.preview, office.owner_id, department, "Welcome")


async def apply(office: Office, meant: Application) -> Applied:
    return await office.engine.write(
        rule_application.apply,
        office.owner_id,
        meant.department_id,
        meant.course_id,
        office.engine.now(),
        seen=meant.seen,
    )


async def titles(office: Office, user_id: int) -> set[str]:
    return {course.title for course in await office.engine.read(courses.mine, user_id, office.engine.now())}


async def test_those_who_are_there_get_the_course_and_those_who_have_it_keep_theirs(
    office: Office, clock: Clock
) -> None:
    anna, boris = await arrive(office, "anna", "boris")
    meant = await rule(office)
    [late] = await arrive(office, "clara")
    clock.advance(seconds=timedelta(days=1).total_seconds())
    assert (meant.people, (await preview(office)).having) == (2, 1)
    done = await apply(office, meant)
    assert (done.application.people, done.application.having) == (2, 1)
    due = {user: (await office.engine.read(courses.mine, user, clock()))[0].due_at for user in (anna, boris, late)}
    assert due[anna] == due[boris] == due[late] + timedelta(days=1)  # type: ignore[operator]
    assert (await preview(office)).people == 0


async def test_nobody_outside_the_department_gets_it(office: Office) -> None:
    [seller] = await arrive(office, "anna", department="Sales")
    done = await apply(office, await rule(office, "Sales / EMEA"))
    assert (done.application.people, await titles(office, seller)) == (0, {"Safety first"})


async def test_who_is_inactive_or_deleted_neither_gets_it_nor_is_counted(office: Office) -> None:
    anna, boris = await arrive(office, "anna", "boris")
    await office.engine.write(people.deactivate, office.owner_id, anna, office.engine.now())
    await office.engine.write(people.delete, office.owner_id, boris, office.engine.now())
    await arrive(office, "clara")
    meant = await rule(office)
    assert (meant.people, (await apply(office, meant)).application.people) == (1, 1)


async def test_it_is_asked_about_again_if_others_would_get_it(office: Office) -> None:
    [anna, _] = await arrive(office, "anna", "boris")
    meant = await rule(office)
    await office.engine.write(people.delete, office.owner_id, anna, office.engine.now())
    with pytest.raises(PreviewOutdated):
        await apply(office, meant)
    assert (await preview(office)).people == 1


async def test_of_two_who_apply_it_at_once_one_gives_it(office: Office) -> None:
    await arrive(office, "anna", "boris")
    meant = await rule(office)
    answers = await asyncio.gather(apply(office, meant), apply(office, meant), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Applied", "PreviewOutdated"]
    assert (await preview(office)).having == 2


async def test_it_is_taken_back_within_a_minute_from_those_who_have_not_started(office: Office, clock: Clock) -> None:
    anna, boris = await arrive(office, "anna", "boris")
    done = await apply(office, await rule(office))
    await office.engine.write(courses.advance, anna, done.application.course_id, Progress.STARTED, office.engine.now())
    clock.advance(seconds=60)
    _, taken = await office.engine.write(rule_application.undo, office.owner_id, done.undo_id, clock())
    assert taken == 1
    assert ("Welcome" in await titles(office, anna), "Welcome" in await titles(office, boris)) == (True, False)


async def test_after_a_minute_it_stays(office: Office, clock: Clock) -> None:
    await arrive(office, "anna")
    done = await apply(office, await rule(office))
    clock.advance(seconds=61)
    with pytest.raises(NothingToUndo):
        await office.engine.write(rule_application.undo, office.owner_id, done.undo_id, clock())


async def test_a_department_without_the_rule_and_an_archived_course_are_refused(office: Office) -> None:
    meant = await rule(office)
    with pytest.raises(RuleNotFound):
        await preview(office, "Sales / EMEA")
    await office.engine.write(course_editing.archive, office.owner_id, meant.course_id, office.engine.now())
    with pytest.raises(CourseArchived):
        await apply(office, meant)


async def test_the_statements_do_not_grow_with_the_people(office: Office) -> None:
    await arrive(office, "anna")
    await arrive(office, "boris", "clara", "dina", department="Sales")
    one, costs = await rule(office, "Sales / EMEA"), []
    await office.engine.write(courses.add_rule, office.owner_id, "Sales", "Welcome", office.engine.now())
    for meant, number in ((one, 1), (None, 3)):
        wanted = meant or await preview(office)
        with counted() as work:
            assert (await apply(office, wanted)).application.people == number
        costs.append(work.cost)
    assert costs[0] == costs[1]
