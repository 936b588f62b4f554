"""Several people changed at once: all or none, once, and only as the question named them."""

import asyncio

import pytest

from core.domain.access import Role, UserState
from core.errors import (
    NotAllowed,
    NothingToUndo,
    NotYourself,
    OwnerStays,
    PreviewOutdated,
    QuestionClosed,
    UserNotFound,
)
from core.services import audit_log, courses, departments, people, people_list, people_selection
from core.services.people_selection import PeopleChange, SelectionDone
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_manager, a_user, transfer


async def proposed(office: Office, numbers: list[int], wanted: PeopleChange, department: str | None = None) -> int:
    meant = await office.engine.write(
        people_selection.propose, office.owner_id, numbers, wanted, office.engine.now(), department=department
    )
    assert [each.user_id for each in meant.people] == sorted(numbers)
    return meant.question_id


async def confirmed(office: Office, question_id: int) -> SelectionDone:
    return await office.engine.write(people_selection.confirm, office.owner_id, question_id, office.engine.now())


async def learners(office: Office) -> list[int]:
    numbers = [await a_user(office.engine, Role.LEARNER, name=name) for name in ("Anna", "Boris")]
    for number in numbers:
        await transfer(office.engine, number, "Sales / EMEA")
    return numbers


async def test_all_are_transferred_deactivated_and_deleted_and_each_is_recorded(office: Office) -> None:
    anna, boris = await learners(office)
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    done = await confirmed(office, await proposed(office, [boris, anna], PeopleChange.TRANSFER, "Support"))
    assert (done.names, done.department) == (("Anna Meier", "Boris Meier"), ("Support",))
    cards = [await office.engine.read(people.card, office.owner_id, number) for number in (anna, boris)]
    assert [card.department for card in cards] == [("Support",)] * 2
    await confirmed(office, await proposed(office, [anna, boris], PeopleChange.DEACTIVATE))
    listed = (await office.engine.read(people_list.listing, office.owner_id, "Meier")).cards
    assert [card.state for card in listed] == [UserState.INACTIVE] * 2
    await confirmed(office, await proposed(office, [anna, boris], PeopleChange.DELETE))
    assert not (await office.engine.read(people_list.listing, office.owner_id, "Meier")).cards
    entries = (await office.engine.read(audit_log.page, office.owner_id)).entries
    wanted = [audit_log.Action.USER_DELETED, audit_log.Action.USER_DEACTIVATED, audit_log.Action.USER_TRANSFERRED]
    assert [entry.action for entry in entries[:6]] == [each for each in wanted for _ in range(2)]


async def test_a_transfer_of_several_is_taken_back_whole_once_and_for_a_minute(office: Office, clock: Clock) -> None:
    anna, boris = await learners(office)
    await transfer(office.engine, boris, "Sales")
    await office.engine.write(departments.add, office.owner_id, "Support", clock())
    await office.engine.write(courses.add, office.owner_id, "Helping", "https://example.com/helping", "", clock())
    await office.engine.write(courses.add_rule, office.owner_id, "Support", "Helping", clock())
    done = await confirmed(office, await proposed(office, [anna, boris], PeopleChange.TRANSFER, "Support"))
    assert "Helping" in await titles(office, anna)
    assert await undone(office, done.undo_id, clock) == ("Anna Meier", "Boris Meier")
    cards = [await office.engine.read(people.card, office.owner_id, number) for number in (anna, boris)]
    assert [card.department for card in cards] == [("Sales", "EMEA"), ("Sales",)]
    assert "Helping" not in await titles(office, anna)
    with pytest.raises(QuestionClosed):
        await undone(office, done.undo_id, clock)
    late = await confirmed(office, await proposed(office, [anna, boris], PeopleChange.TRANSFER, "Sales / EMEA"))
    clock.advance(seconds=61)
    with pytest.raises(NothingToUndo):
        await undone(office, late.undo_id, clock)


async def test_if_one_of_several_has_moved_on_nobody_is_brought_back(office: Office, clock: Clock) -> None:
    anna, boris = await learners(office)
    done = await confirmed(office, await proposed(office, [anna, boris], PeopleChange.TRANSFER, "Sales"))
    await transfer(office.engine, boris, "Sales / EMEA")
    with pytest.raises(PreviewOutdated):
        await undone(office, done.undo_id, clock)
    assert (await office.engine.read(people.card, office.owner_id, anna)).department == ("Sales",)
    nothing = await confirmed(office, await proposed(office, [anna], PeopleChange.TRANSFER, "Sales"))
    assert nothing.undo_id is None


async def undone(office: Office, question_id: int | None, clock: Clock) -> tuple[str, ...]:
    assert question_id is not None
    return await office.engine.write(people_selection.undo, office.owner_id, question_id, clock())


async def titles(office: Office, user_id: int) -> list[str]:
    return [each.title for each in await office.engine.read(courses.mine, user_id, office.engine.now())]


async def test_of_two_at_once_one_changes_them_and_the_other_is_refused(office: Office) -> None:
    question = await proposed(office, await learners(office), PeopleChange.DELETE)
    answers = await asyncio.gather(confirmed(office, question), confirmed(office, question), return_exceptions=True)
    assert {type(each) for each in answers} == {SelectionDone, QuestionClosed}


async def test_nothing_happens_if_one_has_changed_since_or_may_not_be_changed(office: Office) -> None:
    anna, boris = await learners(office)
    moving = await proposed(office, [anna, boris], PeopleChange.TRANSFER, "Sales")
    ending = await proposed(office, [anna, boris], PeopleChange.DELETE)
    await office.engine.write(people.deactivate, office.owner_id, boris, office.engine.now())
    with pytest.raises(PreviewOutdated):
        await confirmed(office, moving)
    await office.engine.write(people.delete, office.owner_id, boris, office.engine.now())
    with pytest.raises(UserNotFound):
        await confirmed(office, ending)
    assert (await office.engine.read(people.card, office.owner_id, anna)).department == ("Sales", "EMEA")
    with pytest.raises(OwnerStays):
        await proposed(office, [office.owner_id, anna], PeopleChange.DELETE)


async def test_a_list_says_whom_its_viewer_may_change(office: Office) -> None:
    [anna, _] = await learners(office)
    manager = await a_manager(office.engine, "Sales")
    colleague = await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales / EMEA", name="Rita")
    for number in (manager, colleague):
        await transfer(office.engine, number, "Sales / EMEA")
    everybody = await office.engine.read(people_list.listing, office.owner_id, "")
    assert everybody.changeable == {card.user_id for card in everybody.cards} - {office.owner_id}
    theirs = (await office.engine.read(people_list.listing, manager, "")).changeable
    assert anna in theirs
    assert not {manager, colleague, office.owner_id} & theirs
    for number, refusal in ((manager, NotYourself), (colleague, NotAllowed)):
        with pytest.raises(refusal):
            await office.engine.write(
                people_selection.propose, manager, [anna, number], PeopleChange.DEACTIVATE, office.engine.now()
            )
