"""Several people changed at once: all or none, once, and only as the question named them."""

import asyncio

import pytest

from core.domain.access import Role, UserState
from core.errors import NotAllowed, NotYourself, OwnerStays, PreviewOutdated, QuestionClosed, UserNotFound
from core.services import audit_log, departments, people, people_list, people_selection
from core.services.people_selection import PeopleChange, SelectionDone
from tests.support.account import Office
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
