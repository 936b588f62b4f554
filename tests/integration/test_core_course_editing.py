"""Changes of courses, archiving, and what learners have of it."""

from datetime import timedelta

import pytest

from core.domain.access import Permission, Role
from core.domain.progress import Progress
from core.engine import Engine
from core.errors import (
    CourseArchived,
    CourseExists,
    CourseGone,
    CourseReadOnly,
    InvalidCourseLink,
    InvalidDays,
    NothingToUndo,
    PageTextTooLong,
    PreviewOutdated,
    QuestionClosed,
)
from core.services import audit_log, course_details, course_editing, courses
from core.services.audit_log import Action
from core.services.course_details import CourseDetails
from core.services.course_editing import CourseField, Edited, Proposal
from core.services.courses import MyCourse
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_user

SAFETY = 1  # the office's course, which the department Sales gives


async def propose(office: Office, field: CourseField, text: str, title: str = "Safety first") -> Proposal | Edited:
    return await office.engine.write(course_editing.propose, office.owner_id, title, field, text, office.engine.now())


async def edited(office: Office, field: CourseField, text: str, title: str = "Safety first") -> Edited:
    done = await propose(office, field, text, title)
    assert isinstance(done, Edited)
    return done


async def asked(office: Office, field: CourseField, text: str) -> Proposal:
    question = await propose(office, field, text)
    assert isinstance(question, Proposal)
    return question


async def shown(office: Office) -> CourseDetails:
    return await office.engine.read(course_details.show, office.owner_id, SAFETY, office.engine.now())


async def learner(office: Office, email: str = "boris@example.com") -> int:
    card = await office.profile()
    return (await office.sign_up(card.token, email)).user_id


async def mine(engine: Engine, user_id: int) -> list[MyCourse]:
    return await engine.read(courses.mine, user_id, engine.now())


async def archive(office: Office) -> CourseDetails:
    return await office.engine.write(course_editing.archive, office.owner_id, SAFETY, office.engine.now())


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (CourseField.TITLE, " Fire   drill ", "Fire drill"),
        (CourseField.DESCRIPTION, "Where the exits are", "Where the exits are"),
        (CourseField.LINK, "<https://example.com/fire>", "https://example.com/fire"),
        (CourseField.DAYS, "30", 30),
        (CourseField.DAYS, "без лимита", None),
    ],
)
async def test_a_course_that_nobody_has_is_changed_at_once(
    office: Office, field: CourseField, text: str, value: object
) -> None:
    details = (await edited(office, field, text)).details
    assert getattr(details.card, field) == value
    assert await shown(office) == details


async def test_a_change_that_people_see_is_asked_about_first(office: Office) -> None:
    anna = await learner(office)
    question = await asked(office, CourseField.TITLE, "Fire drill")
    assert (question.before, question.after, question.people) == ("Safety first", "Fire drill", 1)
    assert (question.course_id, question.title, question.field) == (SAFETY, "Safety first", CourseField.TITLE)
    assert [course.title for course in await mine(office.engine, anna)] == ["Safety first"]
    await office.engine.write(course_editing.confirm, office.owner_id, question.question_id, office.engine.now())
    assert [course.title for course in await mine(office.engine, anna)] == ["Fire drill"]
    with pytest.raises(QuestionClosed):
        await office.engine.write(course_editing.confirm, office.owner_id, question.question_id, office.engine.now())


async def test_a_question_about_what_was_changed_meanwhile_changes_nothing(office: Office) -> None:
    await learner(office)
    first, second = await asked(office, CourseField.TITLE, "One"), await asked(office, CourseField.TITLE, "Two")
    await office.engine.write(course_editing.confirm, office.owner_id, second.question_id, office.engine.now())
    with pytest.raises(PreviewOutdated):
        await office.engine.write(course_editing.confirm, office.owner_id, first.question_id, office.engine.now())
    assert (await shown(office)).card.title == "Two"


async def test_new_days_are_for_those_who_get_the_course_from_then_on(office: Office, clock: Clock) -> None:
    early = await learner(office)
    await edited(office, CourseField.DAYS, "30")
    late = await learner(office, "late@example.com")
    today = clock().replace(hour=23, minute=59, second=59, microsecond=0)
    due = [(await mine(office.engine, user_id))[0].due_at for user_id in (early, late)]
    assert due == [today + timedelta(days=14), today + timedelta(days=30)]


async def test_a_change_is_taken_back_within_a_minute(office: Office, clock: Clock) -> None:
    first, second = await edited(office, CourseField.DAYS, "30"), await edited(office, CourseField.DAYS, "60")
    assert first.undo_id
    assert second.undo_id
    clock.advance(seconds=60)
    with pytest.raises(PreviewOutdated):
        await office.engine.write(course_editing.undo, office.owner_id, first.undo_id, clock())
    back = await office.engine.write(course_editing.undo, office.owner_id, second.undo_id, clock())
    assert back.details.card.days == 30
    assert back.undo_id
    clock.advance(seconds=61)
    with pytest.raises(NothingToUndo):
        await office.engine.write(course_editing.undo, office.owner_id, back.undo_id, clock())


async def test_what_is_the_same_changes_nothing_and_is_not_recorded(office: Office) -> None:
    before = (await office.engine.read(audit_log.page, office.owner_id)).entries
    assert (await edited(office, CourseField.DAYS, "14")).undo_id is None
    assert (await office.engine.read(audit_log.page, office.owner_id)).entries == before


async def test_a_change_is_recorded_with_what_was_before(office: Office) -> None:
    await edited(office, CourseField.DAYS, "30")
    entry = (await office.engine.read(audit_log.page, office.owner_id)).entries[0]
    assert (entry.action, entry.subject, entry.before, entry.after) == (
        Action.COURSE_CHANGED,
        "Safety first",
        {"days": 14},
        {"days": 30},
    )


@pytest.mark.parametrize(
    ("field", "text", "refusal"),
    [
        (CourseField.TITLE, "WELCOME", CourseExists),
        (CourseField.DESCRIPTION, "x" * 1001, PageTextTooLong),
        (CourseField.LINK, "example.com", InvalidCourseLink),
        (CourseField.DAYS, "soon", InvalidDays),
    ],
)
@pytest.mark.parametrize("taken", [False, True], ids=["nobody has it", "people have it"])
async def test_what_a_course_cannot_have_is_refused(
    office: Office, field: CourseField, text: str, refusal: type[Exception], *, taken: bool
) -> None:
    await office.engine.write(courses.add, office.owner_id, "Welcome", "https://example.com", "", office.engine.now())
    if taken:
        await learner(office)
    with pytest.raises(refusal):
        await propose(office, field, text)


async def test_a_title_can_change_its_case(office: Office) -> None:
    await learner(office)
    assert (await asked(office, CourseField.TITLE, "SAFETY FIRST")).after == "SAFETY FIRST"


async def test_an_archived_course_is_kept_and_no_longer_given_until_it_is_brought_back(office: Office) -> None:
    early = await learner(office)
    assert (await archive(office)).card.archived
    late = await learner(office, "late@example.com")
    assert [len(await mine(office.engine, user_id)) for user_id in (early, late)] == [1, 0]
    details = await office.engine.write(course_editing.restore, office.owner_id, SAFETY, office.engine.now())
    assert not details.card.archived
    assert len(await mine(office.engine, await learner(office, "later@example.com"))) == 1


async def test_no_rule_is_added_for_an_archived_course(office: Office) -> None:
    await archive(office)
    with pytest.raises(CourseArchived):
        await office.engine.write(
            courses.add_rule, office.owner_id, "Sales / EMEA", "Safety first", office.engine.now()
        )


async def test_archiving_is_recorded_once(office: Office) -> None:
    await archive(office)
    await archive(office)
    for _ in range(2):
        await office.engine.write(course_editing.restore, office.owner_id, SAFETY, office.engine.now())
    entries = (await office.engine.read(audit_log.page, office.owner_id)).entries
    assert [entry.action for entry in entries[:3]] == [
        Action.COURSE_RESTORED,
        Action.COURSE_ARCHIVED,
        Action.RULE_ADDED,
    ]


async def test_archiving_is_asked_about_again_if_another_department_gives_the_course(office: Office) -> None:
    now = office.engine.now()
    meant = await office.engine.read(course_editing.preview_archiving, office.owner_id, "safety first", now)
    await office.engine.write(courses.add_rule, office.owner_id, "Sales / EMEA", "Safety first", now)
    with pytest.raises(PreviewOutdated):
        await office.engine.write(course_editing.archive, office.owner_id, SAFETY, now, seen=meant.seen)


async def test_a_card_counts_who_has_the_course_who_completed_it_and_who_is_overdue(
    office: Office, clock: Clock
) -> None:
    anna, _, _ = [await learner(office, f"{name}@example.com") for name in ("anna", "boris", "clara")]
    await office.engine.write(courses.advance, anna, SAFETY, Progress.COMPLETED, clock())
    clock.advance(seconds=timedelta(days=15).total_seconds())
    await learner(office, "dina@example.com")
    found = (await shown(office)).counts
    assert (found.people, found.completed, found.overdue) == (4, 1, 2)


async def test_who_manages_a_department_changes_a_course_that_nobody_else_has(office: Office) -> None:
    permissions = (Permission.MANAGE_COURSES,)
    seller = await a_user(office.engine, Role.CUSTOM, "Sales", permissions=permissions)
    other = await a_user(office.engine, Role.CUSTOM, "Sales / EMEA", permissions=permissions)
    now = office.engine.now()
    assert (await office.engine.read(course_details.show, seller, SAFETY, now)).may_change
    assert not (await office.engine.read(course_details.show, other, SAFETY, now)).may_change
    assert (await office.engine.write(course_editing.archive, seller, SAFETY, now)).card.archived
    with pytest.raises(CourseReadOnly):
        await office.engine.write(course_editing.restore, other, SAFETY, now)


async def test_a_course_that_is_not_there_is_not_shown(office: Office) -> None:
    with pytest.raises(CourseGone):
        await office.engine.read(course_details.show, office.owner_id, 7777, office.engine.now())
    with pytest.raises(CourseGone):
        await office.engine.write(course_editing.archive, office.owner_id, 7777, office.engine.now())
