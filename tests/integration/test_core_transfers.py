"""People transferred by name: what becomes of the old department's courses, and the way back."""

import asyncio

import pytest

from core.domain.progress import Progress
from core.errors import NothingToUndo, PreviewOutdated
from core.services import audit_log, course_editing, courses, departments, people, transfers
from core.services.audit_log import Action
from core.services.courses import MyCourse
from core.services.transfers import TransferProposal, Transferred
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import transfer

LINK = "https://learn.example.com/x"


async def at_sales(office: Office) -> int:
    """Let Anna join Sales / EMEA, which gives Safety first and Selling, beside Support, which gives Helping."""
    now, write = office.engine.now(), office.engine.write
    await write(departments.add, office.owner_id, "Support", now)
    for title, path in (("Selling", "Sales / EMEA"), ("Helping", "Support")):
        await write(courses.add, office.owner_id, title, LINK, "", now)
        await write(courses.add_rule, office.owner_id, path, title, now)
    return (await office.sign_up((await office.profile()).token)).user_id


async def propose(office: Office, department: str = "Support") -> TransferProposal | Transferred:
    return await office.engine.write(transfers.propose, office.owner_id, "anna", department, office.engine.now())


async def asked(office: Office, department: str = "Support") -> TransferProposal:
    proposed = await propose(office, department)
    assert isinstance(proposed, TransferProposal)
    return proposed


async def mine(office: Office, user_id: int) -> dict[str, MyCourse]:
    return {each.title: each for each in await office.engine.read(courses.mine, user_id, office.engine.now())}


async def where(office: Office, user_id: int) -> tuple[str, ...]:
    return (await office.engine.read(people.card, office.owner_id, user_id)).department


async def test_the_question_names_what_the_old_department_gave_and_the_new_one_does_not(office: Office) -> None:
    anna = await at_sales(office)
    await office.engine.write(courses.add_rule, office.owner_id, "Support", "Selling", office.engine.now())
    await office.engine.write(course_editing.archive, office.owner_id, 1, office.engine.now())
    await office.engine.write(courses.advance, anna, 1, Progress.STARTED, office.engine.now())
    meant = await asked(office)
    assert [(each.title, each.progress) for each in meant.courses] == [("Safety first", Progress.STARTED)]
    assert (meant.before, meant.after) == (("Sales", "EMEA"), ("Support",))
    assert await where(office, anna) == ("Sales", "EMEA")


async def test_nothing_is_asked_if_the_new_department_gives_all_of_them_or_is_the_old_one(office: Office) -> None:
    anna = await at_sales(office)
    there = await propose(office, "Sales / EMEA")
    assert isinstance(there, Transferred)
    assert there.undo_id is None
    await office.engine.write(courses.remove_rule, office.owner_id, "Sales / EMEA", "Selling", office.engine.now())
    done = await propose(office, "Sales")
    assert isinstance(done, Transferred)
    assert (done.added, await where(office, anna)) == ((), ("Sales",))


@pytest.mark.parametrize("keeps", [True, False])
async def test_the_courses_are_kept_or_taken_back_and_the_undo_brings_all_back(
    office: Office, clock: Clock, *, keeps: bool
) -> None:
    anna = await at_sales(office)
    await office.engine.write(courses.advance, anna, 1, Progress.COMPLETED, clock())
    before = await mine(office, anna)
    answer = transfers.keep_courses if keeps else transfers.take_courses_back
    done = await office.engine.write(answer, office.owner_id, (await asked(office)).question_id, clock())
    old = ("Safety first", "Selling")
    assert (done.added, done.kept, done.taken) == (("Helping",), old if keeps else (), () if keeps else old)
    assert set(await mine(office, anna)) == ({"Helping", *old} if keeps else {"Helping"})
    clock.advance(seconds=60)
    assert done.undo_id is not None
    undone = await office.engine.write(transfers.undo, office.owner_id, done.undo_id, clock())
    assert (undone.added, undone.taken) == (() if keeps else old, ("Helping",))
    assert (await where(office, anna), await mine(office, anna)) == (("Sales", "EMEA"), before)


async def test_the_log_has_the_transfer_and_each_course_that_was_taken_back(office: Office) -> None:
    anna = await at_sales(office)
    await office.engine.write(courses.advance, anna, 1, Progress.STARTED, office.engine.now())
    meant = await asked(office)
    await office.engine.write(transfers.take_courses_back, office.owner_id, meant.question_id, office.engine.now())
    entries = (await office.engine.read(audit_log.page, office.owner_id)).entries[:3]
    assert [(each.action, each.before) for each in reversed(entries)] == [
        (Action.COURSE_TAKEN_BACK, {"course": "Safety first", "progress": "started"}),
        (Action.COURSE_TAKEN_BACK, {"course": "Selling", "progress": "not started"}),
        (Action.USER_TRANSFERRED, {"department": ["Sales", "EMEA"]}),
    ]


async def test_a_question_is_out_of_date_when_the_person_has_moved_or_has_made_progress(office: Office) -> None:
    anna = await at_sales(office)
    first = await asked(office)
    await office.engine.write(courses.advance, anna, 1, Progress.STARTED, office.engine.now())
    with pytest.raises(PreviewOutdated):
        await office.engine.write(transfers.take_courses_back, office.owner_id, first.question_id, office.engine.now())
    second = await asked(office)
    await transfer(office.engine, anna, "Sales")
    with pytest.raises(PreviewOutdated):
        await office.engine.write(transfers.keep_courses, office.owner_id, second.question_id, office.engine.now())
    assert await where(office, anna) == ("Sales",)


async def test_an_undo_does_nothing_when_the_person_has_moved_on_or_a_minute_is_over(
    office: Office, clock: Clock
) -> None:
    anna = await at_sales(office)
    done = await office.engine.write(
        transfers.keep_courses, office.owner_id, (await asked(office)).question_id, clock()
    )
    await transfer(office.engine, anna, "Sales")
    assert done.undo_id is not None
    with pytest.raises(PreviewOutdated):
        await office.engine.write(transfers.undo, office.owner_id, done.undo_id, clock())
    clock.advance(seconds=61)
    with pytest.raises(NothingToUndo):
        await office.engine.write(transfers.undo, office.owner_id, done.undo_id, clock())


async def test_of_two_answers_at_once_one_transfers(office: Office) -> None:
    anna = await at_sales(office)
    questions = [(await asked(office)).question_id for _ in range(2)]
    now = office.engine.now()
    answers = await asyncio.gather(
        office.engine.write(transfers.keep_courses, office.owner_id, questions[0], now),
        office.engine.write(transfers.take_courses_back, office.owner_id, questions[1], now),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["PreviewOutdated", "Transferred"]
    assert await where(office, anna) == ("Support",)
