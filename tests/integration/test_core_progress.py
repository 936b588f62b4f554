"""Progress: who has started, completed or not begun which course, of a profile, a department, all, and one person."""

from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.domain import files
from core.domain.access import Permission, Role, UserState
from core.domain.progress import Behind, Progress
from core.domain.tallies import Hidden
from core.engine import Engine
from core.errors import (
    CohortNotFound,
    CourseGone,
    DepartmentGone,
    FileTooLong,
    NotAllowed,
    ProfileNotFound,
    UserNotFound,
    WaitsForApproval,
)
from core.services import (
    audit_log,
    courses,
    departments,
    enrolling,
    history,
    people,
    people_by_name,
    profiles,
    progress,
    progress_lookup,
    reminders,
    steps,
)
from core.services.profiles import Card
from core.services.progress import Cohort, CourseCounts, Overview, Which
from core.services.progress_lookup import Found
from core.services.steps import Steps
from core.storage.tables import User
from tests.support.account import Office, a_form
from tests.support.clock import Clock
from tests.support.rows import a_manager, a_user, deactivate, transfer
from tests.support.statements import counted

ALL = Cohort()
NUMBERS = count(1)


async def a_crowd(office: Office) -> tuple[Card, list[int]]:
    """Let four learners sign up, who are not far, further, done, and elsewhere now."""
    card = await office.profile()
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    made = [(await office.sign_up(card.token, f"learner{number}@example.com")).user_id for number in range(4)]
    [course] = await office.engine.read(courses.mine, made[0], office.engine.now())
    for user_id, step in ((made[1], Progress.STARTED), (made[2], Progress.COMPLETED)):
        await office.engine.write(courses.advance, user_id, course.course_id, step, office.engine.now())
    await transfer(office.engine, made[3], "Support")
    return card, made


async def overview(engine: Engine, actor_id: int, cohort: Cohort) -> Overview:
    return await engine.read(progress.overview, actor_id, cohort, engine.now())


async def cohorts_named(engine: Engine, actor_id: int, text: str) -> tuple[Cohort, ...]:
    """Return whose progress a text names."""
    found = await engine.read(progress_lookup.find, actor_id, text)
    assert not found.people
    return tuple(each.cohort for each in found.cohorts)


async def cohort_named(engine: Engine, actor_id: int, text: str) -> Cohort:
    """Return whose progress a text names, if only one has the name."""
    [cohort] = await cohorts_named(engine, actor_id, text)
    return cohort


async def found_by(office: Office, actor_id: int, text: str) -> Found:
    return await office.engine.read(progress_lookup.find, actor_id, text)


async def people_called(office: Office, actor_id: int, text: str) -> list[int]:
    """Return the numbers of the people whom a text names."""
    found = await found_by(office, actor_id, text)
    assert not found.cohorts
    return [card.user_id for card in found.people]


def set_state(session: Session, user_id: int, state: UserState) -> None:
    session.execute(update(User).where(User.id == user_id).values(state=state))


async def a_learner(office: Office, name: str, department: str, login: str = "", email: str = "") -> int:
    """Add a learner of this name."""
    first, _, last = name.partition(" ")
    key = f"somebody{next(NUMBERS)}"
    newcomer = replace(a_form(email or f"{key}@example.com", login=login).newcomer, first_name=first, last_name=last)
    now = office.engine.now()
    return (await office.engine.write(people.add, office.owner_id, newcomer, None, department, now)).user_id


async def named(engine: Engine, actor_id: int, cohort: Cohort, which: Which) -> list[int]:
    """Page through a cohort's people, two at a time."""
    numbers, after = list[int](), 0
    while True:
        found = await engine.read(progress.page, actor_id, cohort, which, engine.now(), after=after, size=2)
        numbers += [each.user_id for each in found.people]
        if found.last is None:
            return numbers
        after = found.last


def counts(**changes: int) -> tuple[CourseCounts, ...]:
    known = {"not_started": 0, "started": 0, "completed": 0, "overdue": 0}
    return (CourseCounts(title="Safety first", **{**known, **changes}),)


async def test_a_profiles_progress_counts_the_learners_whom_its_history_shows(office: Office) -> None:
    engine, (card, made) = office.engine, await a_crowd(office)
    manager, cohort = await a_manager(engine, "Sales"), Cohort(profile_id=card.profile_id)
    found = await overview(engine, manager, cohort)
    assert (found.name, found.people, found.hidden) == ("Autumn sales", 3, Hidden(transferred=1, elsewhere=0))
    assert found.courses == counts(not_started=1, started=1, completed=1)
    assert found.behind == Behind(not_started=1, overdue=0)
    assert await named(engine, manager, cohort, Which.NOT_STARTED) == made[:1]
    assert await named(engine, manager, cohort, Which.ALL) == made[:3]
    everything = await overview(engine, office.owner_id, cohort)
    page = await engine.read(history.page, office.owner_id, card.profile_id)
    assert (
        (everything.people, everything.hidden) == (page.joined, page.hidden) == (4, Hidden(transferred=0, elsewhere=0))
    )
    assert everything.courses == counts(not_started=2, started=1, completed=1)


async def test_the_card_and_the_overview_say_how_far_the_same_learners_are(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, (card, _) = office.engine, await a_crowd(office)
    manager, cohort = await a_manager(engine, "Sales"), Cohort(profile_id=card.profile_id)
    for viewer, learners in ((manager, 3), (office.owner_id, 4)):
        shown = (await engine.read(profiles.card, viewer, card.profile_id, engine.now())).steps
        assert shown == (await overview(engine, viewer, cohort)).steps
        assert shown == Steps(people=learners, not_started=learners - 2, under_way=1, completed=1, overdue=0)
    empty = await office.profile(name="Interns")
    assert (await engine.read(profiles.card, manager, empty.profile_id, engine.now())).steps is None
    monkeypatch.setattr(steps, "FEW", 3)
    assert (await engine.read(profiles.card, manager, card.profile_id, engine.now())).steps is None


async def test_each_learner_is_in_one_group_and_who_has_one_course_to_begin_has_not_started(office: Office) -> None:
    engine, (card, made) = office.engine, await a_crowd(office)
    owner, cohort = office.owner_id, Cohort(profile_id=card.profile_id)
    await engine.write(courses.add, owner, "First aid", "https://learn.example.com/aid", "", engine.now())
    aid = next(each.course_id for each in await engine.read(courses.catalogue, owner) if each.title == "First aid")
    for user_id in made[1:3]:  # one of whom has begun the other course, and one has completed it
        await engine.write(enrolling.give, owner, user_id, aid, engine.now())
    found = await overview(engine, owner, cohort)
    assert found.steps == Steps(people=4, not_started=4, under_way=0, completed=0, overdue=0)
    assert found.behind.not_started == 4
    await engine.write(courses.advance, made[2], aid, Progress.STARTED, engine.now())
    found = await overview(engine, owner, cohort)
    assert found.steps == Steps(people=4, not_started=3, under_way=1, completed=0, overdue=0)


async def test_a_file_has_a_row_for_each_course_and_one_for_each_learner_without(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, owner, (card, made) = office.engine, office.owner_id, await a_crowd(office)
    await engine.write(courses.add, owner, "First aid", "https://learn.example.com/aid", "", engine.now())
    aid, safety = [each.course_id for each in await engine.read(courses.catalogue, owner)]
    await engine.write(enrolling.give, owner, made[0], aid, engine.now())
    outside = await office.profile(name="Support", department="Support")
    await office.sign_up(outside.token, "without@example.com")
    for cohort, number in (
        (Cohort(), 6),
        (Cohort(profile_id=card.profile_id), 5),
        (Cohort(course_id=safety), 4),
        (Cohort(course_id=aid), 1),
        (Cohort(profile_id=outside.profile_id), 1),
    ):
        found = await engine.read(progress.exported, owner, cohort, engine.now(), size=1000)
        assert sum(max(1, len(each.courses)) for each in found.people) == number
        monkeypatch.setattr(files, "MOST_ROWS", number)
        await engine.write(progress.begin_export, owner, cohort, engine.now())
        monkeypatch.setattr(files, "MOST_ROWS", number - 1)
        with pytest.raises(FileTooLong) as too_long:
            await engine.write(progress.begin_export, owner, cohort, engine.now())
        assert (too_long.value.rows, too_long.value.most) == (number, number - 1)


async def test_staff_are_counted_only_if_they_have_a_course(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await a_crowd(office)
    manager = await a_manager(engine, "Sales")
    before = (await overview(engine, owner, Cohort())).people
    assert before == 4
    assert {manager, owner}.isdisjoint(await named(engine, owner, Cohort(), Which.ALL))
    [course] = await engine.read(courses.catalogue, owner)
    await engine.write(enrolling.give, owner, manager, course.course_id, engine.now())
    assert (await overview(engine, owner, Cohort())).people == before + 1


async def test_a_course_is_looked_at_with_those_who_have_it_and_their_progress_in_it_alone(office: Office) -> None:
    engine, (_, made) = office.engine, await a_crowd(office)
    manager, owner = await a_manager(engine, "Sales"), office.owner_id
    await engine.write(courses.add, owner, "First aid", "https://learn.example.com/aid", "", engine.now())
    aid, safety = [each.course_id for each in await engine.read(courses.catalogue, owner)]
    for user_id in (made[1], made[2]):
        await engine.write(enrolling.give, owner, user_id, aid, engine.now())
    found = await overview(engine, manager, Cohort(course_id=safety))
    assert (found.name, found.people, found.steps) == ("Safety first", 3, None)
    assert found.courses == counts(not_started=1, started=1, completed=1)
    assert found.behind == Behind(not_started=1, overdue=0)
    assert await named(engine, manager, Cohort(course_id=safety), Which.NOT_STARTED) == made[:1]
    assert await named(engine, manager, Cohort(course_id=aid), Which.NOT_STARTED) == made[1:3]
    page = await engine.read(progress.page, manager, Cohort(course_id=aid), Which.ALL, engine.now())
    assert [[course.title for course in each.courses] for each in page.people] == [["First aid"]] * 2
    about = manager, Cohort(course_id=aid), Which.NOT_STARTED, engine.now()
    assert (await engine.read(reminders.preview_behind, *about, 100)).people == 2
    assert await cohort_named(engine, manager, "first AID") == Cohort(course_id=aid)
    assert await engine.read(progress.courses_in_scope, manager) == [(safety, "Safety first"), (aid, "First aid")]
    elsewhere = await a_manager(engine, "Support")
    with pytest.raises(CourseGone):
        await overview(engine, elsewhere, Cohort(course_id=aid))
    assert await cohort_named(engine, owner, "Safety first") == Cohort(course_id=safety)


async def test_a_department_is_looked_at_with_those_below_it_and_all_within_scope_at_once(office: Office) -> None:
    engine, (_, made) = office.engine, await a_crowd(office)
    manager, sales = await a_manager(engine, "Sales"), await cohort_named(engine, office.owner_id, "Sales")
    found = await overview(engine, manager, sales)
    assert (found.path, found.people, found.hidden) == (("Sales",), 3, None)
    assert found.courses == counts(not_started=1, started=1, completed=1)
    assert (await overview(engine, manager, ALL)).courses == found.courses
    assert await named(engine, office.owner_id, ALL, Which.NOT_STARTED) == [made[0], made[3]]
    assert (await overview(engine, office.owner_id, ALL)).courses == counts(not_started=2, started=1, completed=1)


async def test_whoever_has_not_completed_a_course_in_time_is_overdue(office: Office, clock: Clock) -> None:
    engine, (card, made) = office.engine, await a_crowd(office)
    cohort = Cohort(profile_id=card.profile_id)
    clock.advance(days=20)
    found = await overview(engine, office.owner_id, cohort)
    assert found.courses == counts(not_started=2, started=1, completed=1, overdue=3)
    assert found.behind == Behind(not_started=2, overdue=3)
    assert await named(engine, office.owner_id, cohort, Which.OVERDUE) == [made[0], made[1], made[3]]


async def test_people_who_are_inactive_or_deleted_are_not_behind(office: Office) -> None:
    engine, (card, made) = office.engine, await a_crowd(office)
    await deactivate(engine, made[0])
    await engine.write(people.delete, office.owner_id, made[3], engine.now())
    for cohort in (ALL, Cohort(profile_id=card.profile_id)):
        found = await overview(engine, office.owner_id, cohort)
        assert found.courses == counts(started=1, completed=1)
        assert found.behind == Behind(not_started=0, overdue=0)
        assert await named(engine, office.owner_id, cohort, Which.NOT_STARTED) == []


async def test_a_persons_courses_have_their_moments(office: Office, clock: Clock) -> None:
    engine = office.engine
    learner = (await office.sign_up((await office.profile()).token)).user_id
    [course] = await engine.read(courses.mine, learner, engine.now())
    moments = [engine.now()]
    for step in (Progress.STARTED, Progress.COMPLETED):
        clock.advance(days=1)
        moments.append(engine.now())
        await engine.write(courses.advance, learner, course.course_id, step, engine.now())
    found = await engine.read(progress.of_person, office.owner_id, learner, engine.now())
    assert (found.name, found.department) == ("Anna Berzina", ("Sales", "EMEA"))
    [one] = found.courses
    assert [one.enrolled_at, one.started_at, one.completed_at] == moments
    assert (one.progress, one.due_at, one.overdue) == (Progress.COMPLETED, course.due_at, False)
    await engine.write(courses.advance, learner, course.course_id, Progress.STARTED, engine.now())
    [undone] = (await engine.read(progress.of_person, office.owner_id, learner, engine.now())).courses
    assert (undone.started_at, undone.completed_at) == (moments[1], None)


async def test_a_course_that_is_completed_at_once_was_started_then(office: Office, clock: Clock) -> None:
    engine = office.engine
    learner = (await office.sign_up((await office.profile()).token)).user_id
    [course] = await engine.read(courses.mine, learner, engine.now())
    clock.advance(hours=1)
    at = engine.now()
    await engine.write(courses.advance, learner, course.course_id, Progress.COMPLETED, at)
    [one] = (await engine.read(progress.of_person, office.owner_id, learner, at)).courses
    assert (one.started_at, one.completed_at) == (at, at)


async def test_a_typed_text_names_a_department_or_a_person(office: Office) -> None:
    engine, (_, made) = office.engine, await a_crowd(office)
    assert (await cohort_named(engine, office.owner_id, "emea")).department_id
    assert await people_called(office, office.owner_id, "learner0@example.com") == [made[0]]
    assert await people_called(office, office.owner_id, "learner1") == [made[1]]
    with pytest.raises(CohortNotFound):
        await engine.read(progress_lookup.find, office.owner_id, "Nowhere")
    with pytest.raises(UserNotFound):
        await engine.read(progress_lookup.find, office.owner_id, "nobody@example.com")


async def test_who_may_manage_profiles_alone_finds_these_by_their_names_and_nothing_else(office: Office) -> None:
    engine, (card, _) = office.engine, await a_crowd(office)
    may = [Permission.MANAGE_PROFILES]
    manager = await a_user(engine, Role.CUSTOM, "Sales / EMEA", telegram_id=1002, permissions=may)
    assert await cohorts_named(engine, manager, "autumn sales") == (Cohort(profile_id=card.profile_id),)
    assert await cohorts_named(engine, manager, "Autu") == (Cohort(profile_id=card.profile_id),)
    await office.profile(name="Autumn helpers", department="Support")
    for other in (
        "EMEA",
        "EMEAA",
        "learner1",
        "learner1@example.com",
        "Safety first",
        "Safety firs",
        "Autumn helpers",
        "/",
    ):
        with pytest.raises(CohortNotFound) as refused:
            await engine.read(progress_lookup.find, manager, other)
        assert refused.value.among_profiles
        assert {*refused.value.nearest} <= {"Autumn sales"}


async def test_a_persons_name_will_do_whole_in_any_order_or_begun(office: Office) -> None:
    boris = await a_learner(office, "Boris Ozols", "Sales")
    await a_learner(office, "Anna Ozola", "Sales")
    for text in ("Boris Ozols", "ozols boris", "  BORIS  ozols", "boris", "Bor Oz", "ozols"):
        assert await people_called(office, office.owner_id, text) == [boris], text


async def test_of_several_people_with_one_name_all_are_offered_and_of_longer_names_only_this_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_by_name, "SHOWN", 2)
    made = [await a_learner(office, name, "Sales") for name in ("Boris Ozols", "Boris Ozols", "Boris Ozols Jr")]
    several = await found_by(office, office.owner_id, "boris ozols")
    assert ([card.user_id for card in several.people], several.more) == (made[:2], False)
    all_of_them = await found_by(office, office.owner_id, "boris")
    assert ([card.user_id for card in all_of_them.people], all_of_them.more) == (made[:2], True)
    assert await people_called(office, office.owner_id, "jr boris ozols") == [made[2]]


async def test_whose_login_it_is_is_among_those_who_are_called_so(office: Office) -> None:
    first = await a_learner(office, "Maria Ozola", "Sales", login="boris")
    second = await a_learner(office, "Boris Ozols", "Sales", login="ozols")
    assert await people_called(office, office.owner_id, "boris") == [first, second]


async def test_a_person_is_found_by_name_among_many_whose_addresses_have_the_same_word(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_by_name, "COMPARED", 2)
    for number in range(3):
        await a_learner(office, f"Anna{number} Berzina", "Sales", email=f"anna{number}@ozols.lv")
    boris = await a_learner(office, "Boris Ozols", "Sales")
    assert await people_called(office, office.owner_id, "ozols") == [boris]
    with pytest.raises(CohortNotFound) as refused:
        await found_by(office, office.owner_id, "Boris Ozlos")
    assert refused.value.nearest == ("Boris Ozols",)


async def test_a_name_within_a_word_or_an_address_names_nobody(office: Office) -> None:
    await a_learner(office, "Joanna Berzina", "Sales")
    with pytest.raises(CohortNotFound):
        await found_by(office, office.owner_id, "anna")
    with pytest.raises(CohortNotFound):
        await found_by(office, office.owner_id, "example")


async def test_a_name_that_nobody_has_is_answered_with_names_like_it(office: Office) -> None:
    await a_learner(office, "Boris Ozols", "Sales")
    with pytest.raises(CohortNotFound) as refused:
        await found_by(office, office.owner_id, "Boris Ozlos")
    assert refused.value.nearest == ("Boris Ozols",)
    with pytest.raises(CohortNotFound) as refused:
        await found_by(office, office.owner_id, "Borris")
    assert refused.value.nearest == ("Boris Ozols",)
    with pytest.raises(CohortNotFound) as refused:
        await found_by(office, office.owner_id, "Boris Kalns")
    assert refused.value.nearest == ()


async def test_people_out_of_scope_have_no_name_and_are_not_like_one(office: Office) -> None:
    engine = office.engine
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    mine = await a_learner(office, "Boris Ozols", "Support")
    await a_learner(office, "Boris Ozols", "Sales")
    await a_learner(office, "Clara Kalna", "Sales", login="clara")
    manager = await a_manager(engine, "Support")
    assert await people_called(office, manager, "Boris Ozols") == [mine]
    refusals = []
    for text in ("Clara Kalna", "Nobody Known", "clara", "Clara Kalma"):
        with pytest.raises(CohortNotFound) as refused:
            await found_by(office, manager, text)
        refusals.append(refused.value.nearest)
    assert refusals == [()] * 4


async def test_who_waits_for_approval_is_told_by_name_if_nobody_else_is_called_so(office: Office) -> None:
    waiting = await a_learner(office, "Boris Ozols", "Sales")
    await office.engine.write(set_state, waiting, UserState.PENDING)
    with pytest.raises(WaitsForApproval):
        await found_by(office, office.owner_id, "boris ozols")
    other = await a_learner(office, "Boris Ozols", "Sales")
    assert await people_called(office, office.owner_id, "boris ozols") == [other]


async def test_what_has_the_same_name_is_found_together(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    first = await office.profile(name="Welcome")
    for _ in range(3):
        await office.profile()
    again = await office.profile(name="WELCOME")
    profiles = (Cohort(profile_id=again.profile_id), Cohort(profile_id=first.profile_id))
    assert await cohorts_named(engine, owner, "welcome") == profiles
    department = await office.profile(name="sales")
    await engine.write(courses.add, owner, "Sales", "https://learn.example.com/sales", "", engine.now())
    course_id = next(each.course_id for each in await engine.read(courses.catalogue, owner) if each.title == "Sales")
    learner = (await office.sign_up(first.token)).user_id
    await engine.write(enrolling.give, owner, learner, course_id, engine.now())
    named = await cohorts_named(engine, owner, "Sales")
    assert [each.department_id is not None for each in named] == [True, False, False]
    assert named[1:] == (Cohort(course_id=course_id), Cohort(profile_id=department.profile_id))


async def test_of_names_that_begin_alike_some_of_each_kind_are_found_and_that_there_are_more(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    profile = await office.profile(name="Northern lights")
    await engine.write(courses.add, owner, "Northwest", "https://learn.example.com/n", "", engine.now())
    course_id = next(
        each.course_id for each in await engine.read(courses.catalogue, owner) if each.title == "Northwest"
    )
    learner = (await office.sign_up(profile.token)).user_id
    await engine.write(enrolling.give, owner, learner, course_id, engine.now())
    for number in range(4):
        await engine.write(departments.add, owner, f"North {number}", engine.now())
    assert not (await found_by(office, owner, "nort")).more
    for number in range(4, 7):
        await engine.write(departments.add, owner, f"North {number}", engine.now())
    found = await found_by(office, owner, "nort")
    assert [each.name for each in found.cohorts] == [
        *(f"North {number}" for number in range(4)),
        "Northwest",
        "Northern lights",
    ]
    assert found.more


async def test_people_whose_names_begin_so_are_found_with_all_else_that_begins_so(office: Office) -> None:
    wave = await office.profile(name="Anna wave 0")
    one = (await office.sign_up(wave.token)).user_id
    found = await found_by(office, office.owner_id, "ann")
    assert [each.user_id for each in found.people] == [one]
    assert [each.name for each in found.cohorts] == ["Anna wave 0"]
    assert not found.more
    for number in range(1, 6):
        await office.profile(name=f"Anna wave {number}")
    found = await found_by(office, office.owner_id, "ann")
    assert [each.user_id for each in found.people] == [one]
    assert [each.name for each in found.cohorts] == [f"Anna wave {number}" for number in range(5, 0, -1)]
    assert found.more


async def test_people_of_just_this_name_or_login_are_meant_although_other_names_begin_so(office: Office) -> None:
    await office.profile(name="Anna Berzina, Ozola and others")
    one = await a_learner(office, "Anna Berzina", "Sales", login="ozola")
    for text in ("Anna Berzina", "ozola"):
        found = await found_by(office, office.owner_id, text)
        assert ([each.user_id for each in found.people], found.cohorts) == ([one], ())


async def test_of_profiles_with_one_name_the_newest_are_found_and_that_there_are_more(office: Office) -> None:
    for _ in range(6):
        await office.profile(name="Welcome")
    assert not (await found_by(office, office.owner_id, "welcome")).more
    await office.profile(name="Welcome")
    found = await found_by(office, office.owner_id, "welcome")
    assert (len(found.cohorts), found.more) == (6, True)


async def test_a_profile_is_found_by_its_name_however_many_are_newer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_lookup, "COMPARED", 1)
    oldest = await office.profile(name="Welcome")
    await office.profile()
    found = await cohort_named(office.engine, office.owner_id, "welcome")
    assert found == Cohort(profile_id=oldest.profile_id)


async def test_what_is_outside_of_the_scope_does_not_exist(office: Office) -> None:
    engine, (card, made) = office.engine, await a_crowd(office)
    stranger, sales = await a_manager(engine, "Support"), await cohort_named(engine, office.owner_id, "Sales")
    for cohort, refusal in ((Cohort(profile_id=card.profile_id), ProfileNotFound), (sales, DepartmentGone)):
        for use_case in (progress.overview, progress.begin_export):
            with pytest.raises(refusal):
                await engine.write(use_case, stranger, cohort, engine.now())
        with pytest.raises(refusal):
            await engine.read(progress.page, stranger, cohort, Which.ALL, engine.now())
    with pytest.raises(UserNotFound):
        await engine.read(progress.of_person, stranger, made[0], engine.now())
    assert (await overview(engine, stranger, ALL)).people == 1  # who was transferred there


async def test_departments_need_the_right_to_manage_people_and_profiles_that_to_manage_profiles(office: Office) -> None:
    engine, (card, made) = office.engine, await a_crowd(office)
    by_profile = await a_user(engine, Role.CUSTOM, "Sales", permissions=[Permission.MANAGE_PROFILES])
    by_people = await a_user(engine, Role.CUSTOM, "Sales", permissions=[Permission.MANAGE_PEOPLE])
    cohort = Cohort(profile_id=card.profile_id)
    assert (await overview(engine, by_profile, cohort)).people == 3
    assert (await overview(engine, by_people, ALL)).people == 3
    for actor_id, refused in ((by_profile, ALL), (by_people, cohort)):
        with pytest.raises(NotAllowed):
            await overview(engine, actor_id, refused)
    with pytest.raises(NotAllowed):
        await engine.read(progress.of_person, by_profile, made[0], engine.now())


async def test_an_export_is_recorded(office: Office) -> None:
    engine, (card, _) = office.engine, await a_crowd(office)
    sales = await cohort_named(engine, office.owner_id, "Sales / EMEA")
    for cohort in (ALL, sales, Cohort(profile_id=card.profile_id)):
        await engine.write(progress.begin_export, office.owner_id, cohort, engine.now())
    manager = await a_manager(engine, "Sales")
    await engine.write(progress.begin_export, manager, ALL, engine.now())
    entries = (await engine.read(audit_log.page, office.owner_id)).entries[:4]
    assert [entry.subject for entry in entries] == ["Sales", "Autumn sales", "Sales / EMEA", ""]
    assert {entry.action for entry in entries} == {audit_log.Action.PROGRESS_EXPORTED}


async def test_no_screen_takes_more_statements_for_more_people(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    manager, cohort = await a_manager(engine, "Sales"), Cohort(profile_id=card.profile_id)

    async def cost() -> list[int]:
        found = list[int]()
        for each in (ALL, cohort):
            with counted() as count:
                await overview(engine, manager, each)
                await engine.read(progress.page, manager, each, Which.NOT_STARTED, engine.now())
            found.append(count.cost.statements)
        return found

    await office.sign_up(card.token, "first@example.com")
    before = await cost()
    for number in range(7):
        await office.sign_up(card.token, f"learner{number}@example.com")
    assert await cost() == before
