"""Courses given to people by name and taken back from them."""

import asyncio
from datetime import timedelta

import pytest

from core.domain.access import Permission, Role
from core.domain.progress import Progress
from core.errors import (
    CourseArchived,
    NotAllowed,
    NothingToUndo,
    PreviewOutdated,
    QuestionClosed,
    UserNotFound,
    WaitsForApproval,
)
from core.services import (
    audit_log,
    course_editing,
    courses,
    enrolling,
    people,
    person_erasure,
    policies,
    progress,
    unenrolling,
)
from core.services.audit_log import Action
from core.services.courses import MyCourse
from core.services.enrolment_changes import EnrolmentChange, Proposal
from core.services.policies import Switch
from core.services.progress import Cohort, Which
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_user, deactivate
from tests.support.statements import counted
from tests.support.transactions import under_way, until_somebody_waits

LINK = "https://learn.example.com/x"


async def arrive(office: Office, *names: str) -> list[int]:
    card = await office.profile()
    return [(await office.sign_up(card.token, f"{name}@example.com")).user_id for name in names]


async def a_course(office: Office, title: str = "Welcome") -> int:
    added = await office.engine.write(courses.add, office.owner_id, title, LINK, "7", office.engine.now())
    return added.course_id


async def enrol(office: Office, who: str, title: str = "Welcome") -> Proposal | EnrolmentChange:
    return await office.engine.write(enrolling.propose, office.owner_id, who, title, office.engine.now())


async def unenrol(office: Office, who: str, title: str = "Welcome") -> Proposal | EnrolmentChange:
    return await office.engine.write(unenrolling.propose, office.owner_id, who, title, office.engine.now())


async def given(office: Office, *names: str) -> EnrolmentChange:
    """Give the course to people, after the question if there is one."""
    meant = await enrol(office, ", ".join(f"{name}@example.com" for name in names))
    if isinstance(meant, EnrolmentChange):
        return meant
    return await office.engine.write(enrolling.confirm, office.owner_id, meant.question_id, office.engine.now())


async def taken(office: Office, *names: str) -> EnrolmentChange:
    """Take the course back from people, after the question if there is one."""
    meant = await unenrol(office, ", ".join(f"{name}@example.com" for name in names))
    if isinstance(meant, EnrolmentChange):
        return meant
    return await office.engine.write(unenrolling.confirm, office.owner_id, meant.question_id, office.engine.now())


async def has(office: Office, user_id: int, title: str = "Welcome") -> MyCourse | None:
    mine = await office.engine.read(courses.mine, user_id, office.engine.now())
    return next((course for course in mine if course.title == title), None)


async def start(office: Office, user_id: int, course_id: int, to: Progress = Progress.STARTED) -> None:
    await office.engine.write(courses.advance, user_id, course_id, to, office.engine.now())


async def test_one_person_gets_a_course_at_once_and_has_it_as_if_they_joined_now(office: Office) -> None:
    [anna] = await arrive(office, "anna")
    await a_course(office)
    done = await enrol(office, " ANNA@example.com ", "welcome")
    mine = await has(office, anna)
    assert isinstance(done, EnrolmentChange)
    assert mine is not None
    assert (mine.progress, mine.due_at) == (Progress.NOT_STARTED, done.due_at)
    again = await enrol(office, f"#{anna}")
    assert isinstance(again, EnrolmentChange)
    assert (again.people, [each.name for each in again.others], again.undo_id) == ((), ["Anna Berzina"], None)


async def test_several_are_asked_about_with_those_who_have_it_apart(office: Office) -> None:
    anna, boris, clara = await arrive(office, "anna", "boris", "clara")
    await a_course(office)
    await given(office, "boris")
    meant = await enrol(office, f"clara; anna@example.com, #{boris}, clara@example.com\nanna")
    assert isinstance(meant, Proposal)
    assert [each.user_id for each in meant.people] == [anna, clara]
    assert [each.user_id for each in meant.others] == [boris]
    assert await has(office, anna) is None
    await office.engine.write(enrolling.confirm, office.owner_id, meant.question_id, office.engine.now())
    assert all([await has(office, each) for each in (anna, boris, clara)])
    with pytest.raises(QuestionClosed):
        await office.engine.write(enrolling.confirm, office.owner_id, meant.question_id, office.engine.now())


async def test_a_question_is_out_of_date_if_others_would_get_the_course_or_lose_other_progress(office: Office) -> None:
    anna, boris = await arrive(office, "anna", "boris")
    course_id = await a_course(office)
    giving = await enrol(office, "anna, boris")
    await given(office, "anna")
    assert isinstance(giving, Proposal)
    with pytest.raises(PreviewOutdated):
        await office.engine.write(enrolling.confirm, office.owner_id, giving.question_id, office.engine.now())
    assert await has(office, boris) is None
    await given(office, "boris")
    taking = await unenrol(office, "anna, boris")
    await start(office, anna, course_id)
    assert isinstance(taking, Proposal)
    with pytest.raises(PreviewOutdated):
        await office.engine.write(unenrolling.confirm, office.owner_id, taking.question_id, office.engine.now())
    assert await has(office, boris) is not None


async def test_who_is_inactive_gets_a_course_by_name_as_by_joining_but_is_not_behind_while_they_are(
    office: Office,
) -> None:
    anna, boris = await arrive(office, "anna", "boris")
    await a_course(office)
    await deactivate(office.engine, boris)
    done = await given(office, "anna", "boris")
    assert [each.user_id for each in done.people] == [anna, boris]
    assert await has(office, boris) is not None
    cohort = Cohort(course_id=done.course_id)
    behind = Which.NOT_STARTED
    found = await office.engine.read(progress.page, office.owner_id, cohort, behind, office.engine.now())
    assert [each.user_id for each in found.people] == [anna]
    back = await taken(office, "boris")
    assert [each.user_id for each in back.people] == [boris]


async def test_whoever_is_not_found_is_named_and_nobody_gets_it(office: Office) -> None:
    [anna] = await arrive(office, "anna")
    await a_course(office)
    nobody = ("bob, #999, x@y.example", ",", "z" * 2000)
    for who, named in zip((f"anna, {nobody[0]}", *nobody[1:]), nobody, strict=True):
        with pytest.raises(UserNotFound) as refused:
            await enrol(office, who)
        assert refused.value.text == named
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, office.engine.now(), on=True)
    await arrive(office, "wanda")
    with pytest.raises(WaitsForApproval):
        await enrol(office, "anna, wanda@example.com")
    assert await has(office, anna) is None


async def test_an_archived_course_is_not_given_but_taken_back(office: Office) -> None:
    [anna] = await arrive(office, "anna")
    course_id = await a_course(office)
    await given(office, "anna")
    await office.engine.write(course_editing.archive, office.owner_id, course_id, office.engine.now())
    with pytest.raises(CourseArchived):
        await enrol(office, "anna")
    await taken(office, "anna")
    assert await has(office, anna) is None


async def test_courses_and_people_must_both_be_theirs_to_manage(office: Office) -> None:
    await arrive(office, "anna")
    await a_course(office)
    for permission in (Permission.MANAGE_COURSES, Permission.MANAGE_PEOPLE):
        actor = await a_user(office.engine, Role.CUSTOM, "Sales", permissions=[permission])
        for use_case in (enrolling.propose, unenrolling.propose):
            with pytest.raises(NotAllowed):
                await office.engine.write(use_case, actor, "anna", "Welcome", office.engine.now())


async def test_the_undo_takes_a_course_back_from_those_who_have_not_started_it(office: Office, clock: Clock) -> None:
    anna, boris = await arrive(office, "anna", "boris")
    course_id = await a_course(office)
    done = await given(office, "anna", "boris")
    await start(office, anna, course_id)
    clock.advance(seconds=60)
    assert done.undo_id is not None
    undone = await office.engine.write(enrolling.undo, office.owner_id, done.undo_id, clock())
    assert [each.user_id for each in undone.people] == [boris]
    assert [each.user_id for each in undone.others] == [anna]
    assert (await has(office, anna) is None, await has(office, boris) is None) == (False, True)


async def test_who_has_started_is_asked_about_and_the_undo_brings_the_progress_back(
    office: Office, clock: Clock
) -> None:
    [anna] = await arrive(office, "anna")
    course_id = await a_course(office)
    await given(office, "anna")
    await start(office, anna, course_id, Progress.COMPLETED)
    before = await has(office, anna)
    meant = await office.engine.write(unenrolling.propose_one, office.owner_id, anna, course_id, clock())
    assert isinstance(meant, Proposal)
    done = await office.engine.write(unenrolling.confirm, office.owner_id, meant.question_id, clock())
    assert await has(office, anna) is None
    clock.advance(seconds=60)
    assert done.undo_id is not None
    undone = await office.engine.write(unenrolling.undo, office.owner_id, done.undo_id, clock())
    assert [(each.user_id, each.progress) for each in undone.people] == [(anna, Progress.COMPLETED)]
    assert await has(office, anna) == before


async def test_an_undo_returns_nothing_to_who_is_gone_or_has_it_again_and_ends_after_a_minute(
    office: Office, clock: Clock
) -> None:
    anna, boris = await arrive(office, "anna", "boris")
    await a_course(office)
    first = await given(office, "anna", "boris")
    done = await taken(office, "anna", "boris")
    await given(office, "boris")
    await office.engine.write(people.delete, office.owner_id, anna, clock())
    assert done.undo_id is not None
    undone = await office.engine.write(unenrolling.undo, office.owner_id, done.undo_id, clock())
    assert (undone.people, [each.user_id for each in undone.others]) == ((), [boris])
    clock.advance(seconds=timedelta(seconds=61).total_seconds())
    assert first.undo_id is not None
    with pytest.raises(NothingToUndo):
        await office.engine.write(enrolling.undo, office.owner_id, first.undo_id, clock())


async def test_of_two_at_once_one_gives_it_and_one_takes_it_back(office: Office) -> None:
    await arrive(office, "anna", "boris")
    await a_course(office)
    for change, ask in ((enrolling.confirm, enrol), (unenrolling.confirm, unenrol)):
        meant = [await ask(office, "anna, boris") for _ in range(2)]
        answers = await asyncio.gather(
            *(
                office.engine.write(change, office.owner_id, each.question_id, office.engine.now())
                for each in meant
                if isinstance(each, Proposal)
            ),
            return_exceptions=True,
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["EnrolmentChange", "PreviewOutdated"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_who_starts_a_course_in_the_moment_in_which_it_is_taken_back_is_asked_about(office: Office) -> None:
    [anna] = await arrive(office, "anna")
    course_id, now = await a_course(office), office.engine.now()
    await given(office, "anna")
    async with under_way(
        office.engine, lambda session: courses.advance(session, anna, course_id, Progress.STARTED, now)
    ):
        taking = asyncio.ensure_future(unenrol(office, "anna"))
        await until_somebody_waits(office.engine)
    meant = await taking
    assert isinstance(meant, Proposal)
    assert [each.progress for each in meant.people] == [Progress.STARTED]


async def test_the_log_says_who_got_and_lost_which_course_until_the_name_is_erased(office: Office) -> None:
    [anna] = await arrive(office, "anna")
    course_id = await a_course(office)
    await given(office, "anna")
    await start(office, anna, course_id)
    await taken(office, "anna")
    lost, got, *_ = (await office.engine.read(audit_log.page, office.owner_id)).entries
    assert (got.action, got.subject, got.after) == (Action.COURSE_GIVEN, "Anna Berzina", {"course": "Welcome"})
    assert (lost.action, lost.before) == (Action.COURSE_TAKEN_BACK, {"course": "Welcome", "progress": "started"})
    await office.engine.write(person_erasure.erase, office.owner_id, anna, office.engine.now())
    entries = (await office.engine.read(audit_log.page, office.owner_id)).entries
    of_anna = [each for each in entries if each.action in (Action.COURSE_GIVEN, Action.COURSE_TAKEN_BACK)]
    assert [(each.subject, each.before, each.after) for each in of_anna] == [(f"#{anna}", {}, {})] * 2


# SQLite writes the entries of the log one by one.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_the_statements_do_not_grow_with_the_people(office: Office) -> None:
    names = ("anna", "boris", "clara", "dina")
    await arrive(office, *names)
    await a_course(office)
    costs = []
    for several in (names[:2], names):
        for change in (given, taken):
            with counted() as work:
                assert len((await change(office, *several)).people) == len(several)
            costs.append(work.cost)
    assert costs[:2] == costs[2:]
