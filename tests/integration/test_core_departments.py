"""The tree of departments."""

import asyncio

import pytest

from core.engine import Engine
from core.errors import DepartmentExists, DepartmentNotFound, InvalidName, NotAllowed, PathIncomplete
from core.services import department_tree, departments, people_list, policies, profiles
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.rows import a_draft, a_manager


async def paths(engine: Engine, actor_id: int) -> list[str]:
    return [" / ".join(branch.path) for branch in await engine.read(departments.tree, actor_id)]


async def test_a_path_adds_the_departments_above_that_are_missing(engine: Engine, office: Office) -> None:
    branch = await engine.write(departments.add, office.owner_id, "Support / Night shift / Riga", engine.now())
    assert (branch.path, branch.people) == (("Support", "Night shift", "Riga"), 0)
    assert await paths(engine, office.owner_id) == [
        "",
        "Sales",
        "Sales / EMEA",
        "Support",
        "Support / Night shift",
        "Support / Night shift / Riga",
    ]


async def test_a_department_below_an_existing_one_joins_it_in_any_case(engine: Engine, office: Office) -> None:
    branch = await engine.write(departments.add, office.owner_id, "SALES/apac", engine.now())
    assert branch.path == ("Sales", "apac")


async def test_a_department_that_is_there_is_refused_with_its_path(engine: Engine, office: Office) -> None:
    with pytest.raises(DepartmentExists) as refused:
        await engine.write(departments.add, office.owner_id, "sales / emea", engine.now())
    assert refused.value.path == "Sales / EMEA"


async def test_the_same_name_may_stand_in_several_places(engine: Engine, office: Office) -> None:
    await engine.write(departments.add, office.owner_id, "EMEA / Sales", engine.now())
    assert "EMEA / Sales" in await paths(engine, office.owner_id)


async def test_a_department_without_a_proper_name_is_refused(engine: Engine, office: Office) -> None:
    for text, refusal in (
        ("", PathIncomplete),
        ("Sales /", PathIncomplete),
        ("Sales | EMEA", InvalidName),
        ("x" * 201, InvalidName),
    ):
        with pytest.raises(refusal):
            await engine.write(departments.add, office.owner_id, text, engine.now())


async def test_the_same_department_added_many_times_at_once_is_there_once(engine: Engine, office: Office) -> None:
    adding = (engine.write(departments.add, office.owner_id, "Support / Riga", engine.now()) for _ in range(6))
    answers = await asyncio.gather(*adding, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Branch"] + 5 * ["DepartmentExists"]
    assert (await paths(engine, office.owner_id)).count("Support / Riga") == 1


async def test_the_tree_counts_the_people_of_each_department_alone(engine: Engine, office: Office) -> None:
    owner, now, card = office.owner_id, engine.now(), await office.profile()
    await office.sign_up(card.token)
    await engine.write(policies.switch, owner, Switch.EMAIL_CONFIRMATION, now, on=True, can_mail=True)
    await office.sign_up(card.token, "unconfirmed@example.com")  # lists have them, too
    branches = await engine.read(departments.tree, owner)
    assert {each.path: each.people for each in branches} == {(): 1, ("Sales",): 0, ("Sales", "EMEA"): 2}
    emea = branches[-1].department_id
    shown = await engine.read(department_tree.show, owner, emea, 0, 5)
    assert (shown.people, (await engine.read(people_list.listing, owner, "", department_id=emea)).total) == (2, 2)


async def test_a_manager_sees_the_managed_departments_and_those_below(engine: Engine, office: Office) -> None:
    await engine.write(departments.add, office.owner_id, "Sales / EMEA / Riga", engine.now())
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    manager = await a_manager(engine, "Sales / EMEA")
    assert await paths(engine, manager) == ["Sales / EMEA", "Sales / EMEA / Riga"]


@pytest.mark.usefixtures("office")
async def test_a_manager_of_nothing_sees_nothing(engine: Engine) -> None:
    assert await paths(engine, await a_manager(engine)) == []


@pytest.mark.usefixtures("office")
async def test_a_manager_adds_no_departments(engine: Engine) -> None:
    manager = await a_manager(engine, "Sales")
    with pytest.raises(NotAllowed):
        await engine.write(departments.add, manager, "Sales / Riga", engine.now())


async def test_a_department_that_is_not_there_is_refused_with_what_was_probably_meant(office: Office) -> None:
    for wanted, nearest in (("Sales / EMAE", "Sales / EMEA"), ("Support / emea", "Sales / EMEA"), ("Xyzzy", None)):
        with pytest.raises(DepartmentNotFound) as refused:
            await office.profile(department=wanted)
        assert refused.value.path == wanted
        assert next(iter(refused.value.nearest), None) == nearest


async def test_what_was_meant_is_never_beyond_a_managers_reach(engine: Engine, office: Office) -> None:
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    manager = await a_manager(engine, "Support")
    with pytest.raises(DepartmentNotFound) as refused:
        await engine.write(profiles.create, manager, a_draft(department="Sales / EMAE"), engine.now())
    assert refused.value.nearest == ()
