"""One department at a time: its figures within the viewer's scope, and lists that are added below it."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from core.domain.access import Permission, Role
from core.errors import DepartmentGone, DepartmentNotFound, InvalidName, QuestionClosed
from core.services import department_lists, department_removal, department_tree, departments, people_list
from core.services.roster_counts import RosterCounts
from core.storage.tables import ExpectedPerson
from tests.support.account import Office
from tests.support.rows import a_manager, a_user
from tests.support.statements import counted


def _expect(session: Session, profile_id: int, emails: tuple[str, ...], now: datetime) -> None:
    session.add_all(
        ExpectedPerson(profile_id=profile_id, identity=email, first_name="", last_name="", email=email, added_at=now)
        for email in emails
    )


async def numbered(office: Office) -> dict[str, int]:
    tree = await office.engine.read(departments.tree, office.owner_id)
    return {" / ".join(each.path): each.department_id for each in tree}


async def test_a_department_is_shown_with_what_is_below_it_and_what_belongs_to_it(office: Office) -> None:
    read, write, now = office.engine.read, office.engine.write, office.engine.now()
    card = await office.profile()
    await office.sign_up(card.token)
    await write(_expect, card.profile_id, ("anna@example.com", "boris@example.com"), now)
    await write(departments.add, office.owner_id, "Sales / APAC / Tokyo", now)
    manager = await a_manager(office.engine, "Sales")
    number = await numbered(office)
    sales = await read(department_tree.show, office.owner_id, number["Sales"], 0, 1)
    assert (sales.path, sales.people, sales.people_below, sales.profiles) == (("Sales",), 0, 1, 1)
    assert (sales.above, sales.managers) == (None, ("Maris Meier",))
    assert sales.roster == RosterCounts(expected=2, came=1, hidden=0)
    assert [(each.name, each.below) for each in sales.children.children] == [("APAC", True)]
    assert sales.children.pages == 2
    assert (await read(department_tree.top, office.owner_id, 9, 9))[0] == 4
    below = await read(department_tree.show, manager, number["Sales / EMEA"], 0, 9)
    assert (below.above, below.above_name, below.managers) == (number["Sales"], "Sales", ())
    listed = await read(people_list.listing, office.owner_id, "", department_id=number["Sales"])
    assert ([each.name for each in listed.cards], listed.total) == (["Anna Berzina"], 1)
    assert not (await read(people_list.listing, office.owner_id, "", department_id=number["Sales / APAC"])).cards
    for hidden in (number[""], 77):
        with pytest.raises(DepartmentGone):
            await read(department_tree.show, office.owner_id, hidden, 0, 9)


async def test_a_list_is_added_whole_once_and_where_its_department_is_by_then(office: Office) -> None:
    write, now, owner = office.engine.write, office.engine.now(), office.owner_id
    sales = (await numbered(office))["Sales"]
    seen = await write(department_lists.propose, owner, ["EMEA", "EMEA / Riga", "apac / Tokyo"], sales, now)
    assert [("/".join(each.path), each.existing) for each in seen.departments] == [
        ("Sales/apac", False),
        ("Sales/apac/Tokyo", False),
        ("Sales/EMEA", True),
        ("Sales/EMEA/Riga", False),
    ]
    await write(departments.rename, owner, "Sales", "Vertrieb", now)
    added = await write(department_lists.confirm, owner, seen.question_id, now)
    assert [" / ".join(each.path) for each in added] == [
        "Vertrieb / EMEA / Riga",
        "Vertrieb / apac",
        "Vertrieb / apac / Tokyo",
    ]
    with pytest.raises(QuestionClosed):
        await write(department_lists.confirm, owner, seen.question_id, now)
    with pytest.raises(InvalidName):
        await write(department_lists.propose, owner, ["Good", "x" * 201], None, now)
    gone = await write(department_lists.propose, owner, ["More"], sales, now)
    await write(department_removal.remove, owner, "Vertrieb", now)
    with pytest.raises(DepartmentGone):
        await write(department_lists.confirm, owner, gone.question_id, now)
    assert set(await numbered(office)) == {""}
    with pytest.raises(DepartmentGone):
        await write(department_lists.propose, owner, ["More"], sales, now)


async def test_a_long_list_is_added_in_few_statements_and_belongs_to_those_who_manage_what_is_above(
    office: Office,
) -> None:
    write, now, owner = office.engine.write, office.engine.now(), office.owner_id
    manager = await a_manager(office.engine, "Sales")
    costs = []
    for many in (10, 90):
        units = [f"sales / Area {many + number % 7} / Unit {number}" for number in range(many)]
        with counted() as asking:
            asked = await write(department_lists.propose, owner, units, None, now)
        with counted() as adding:
            await write(department_lists.confirm, owner, asked.question_id, now)
        costs.append((asking.cost.statements, adding.cost.statements))
    assert costs[0] == costs[1]
    assert costs[0][0] <= 8
    seen = [each.path for each in await office.engine.read(departments.tree, manager)]
    assert len(seen) == 2 + 7 + 10 + 7 + 90
    assert ("Sales", "Area 93", "Unit 87") in seen


async def test_a_list_whose_place_was_taken_out_of_one_s_scope_meanwhile_adds_nothing(office: Office) -> None:
    write, now = office.engine.write, office.engine.now()
    may = [Permission.MANAGE_DEPARTMENTS]
    planner = await a_user(office.engine, Role.CUSTOM, "Sales / EMEA", permissions=may)
    seen = await write(department_lists.propose, planner, ["Sales / EMEA / Riga"], None, now)
    await write(departments.rename, office.owner_id, "Sales / EMEA", "Europe", now)
    with pytest.raises(DepartmentNotFound):
        await write(department_lists.confirm, planner, seen.question_id, now)
    assert "Sales / EMEA / Riga" not in await numbered(office)
