"""Departments are found by their paths, or by the end of a path that is unique within one's scope."""

import random
from itertools import pairwise

import pytest

from core.domain.access import Actor, Role, Scope, permissions_of
from core.domain.naming import format_path, parse_path
from core.engine import Engine
from core.errors import DepartmentAmbiguous, DepartmentNotFound, DepartmentNotNamed
from core.services import department_lookup, department_removal, departments, profiles
from core.storage import departments as stored
from tests.support.account import Office
from tests.support.rows import a_draft, a_manager

Tree = dict[int, tuple[str, ...]]
NAMES = ("Sales", "EMEA", "Iberia", "Support", "Night shift", "Äußeres")


async def tree(engine: Engine) -> Tree:
    return await engine.read(lambda session: stored.paths_in(session, Scope(everywhere=True)))


async def grown(engine: Engine, office: Office, seed: int) -> Tree:
    """Add departments with few different names, so that many have the same one."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(14):
        path = [chance.choice(NAMES) for _ in range(chance.randint(1, 3))]
        if path not in map(list, (await tree(engine)).values()):
            await engine.write(departments.add, office.owner_id, format_path(path), engine.now())
    return await tree(engine)


def within(tree: Tree, scope: Scope) -> Tree:
    tops = [tree[number] for number in scope.managed]
    return {
        number: path
        for number, path in tree.items()
        if path and (scope.everywhere or any(path[: len(top)] == top for top in tops))
    }


def meant(tree: Tree, scope: Scope, typed: tuple[str, ...]) -> set[tuple[str, ...]]:
    """What a typed path means by the rule: the whole path, or else all that end so."""
    visible = set(within(tree, scope).values())
    return {typed} & visible or {path for path in visible if path[-len(typed) :] == typed}


async def found(engine: Engine, tree: Tree, scope: Scope, typed: str) -> set[tuple[str, ...]]:
    """What the lookup finds: a department's path, the paths that it can't choose from, or nothing."""
    role = Role.OWNER if scope.everywhere else Role.DEPARTMENT_ADMINISTRATOR
    actor = Actor(user_id=1, role=role, permissions=permissions_of(role), scope=scope)
    try:
        return {tree[await engine.read(department_lookup.find, actor, typed)]}
    except DepartmentAmbiguous as refused:
        return {parse_path(path) for path in refused.nearest}
    except DepartmentNotFound:
        return set()


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(4))
async def test_the_end_of_a_path_is_enough_if_it_is_unique_within_scope(
    engine: Engine, office: Office, seed: int
) -> None:
    grove = await grown(engine, office, seed)
    numbers = [number for number, path in grove.items() if path]
    scopes = [Scope(everywhere=True), *(Scope(everywhere=False, managed=frozenset(pair)) for pair in pairwise(numbers))]
    for scope in scopes[:6]:
        for path in grove.values():
            for typed in {path[-1:], path[-2:], path} - {()}:
                wanted = meant(grove, scope, typed)
                assert await found(engine, grove, scope, format_path(typed).upper()) == wanted


async def test_a_whole_path_goes_before_the_end_of_another(engine: Engine, office: Office) -> None:
    await engine.write(departments.add, office.owner_id, "Support / Sales", engine.now())
    card = await engine.write(profiles.create, office.owner_id, a_draft(department="Sales"), engine.now())
    assert card.card.department == ("Sales",)


async def test_a_department_out_of_scope_makes_no_name_ambiguous(engine: Engine, office: Office) -> None:
    for path in ("Support / Riga", "Sales / Riga"):
        await engine.write(departments.add, office.owner_id, path, engine.now())
    manager = await a_manager(engine, "Support")
    made = await engine.write(profiles.create, manager, a_draft(department="riga"), engine.now())
    assert made.card.department == ("Support", "Riga")


async def test_a_removed_department_makes_no_name_ambiguous(engine: Engine, office: Office) -> None:
    gone = await engine.write(departments.add, office.owner_id, "Support / EMEA", engine.now())
    await engine.write(department_removal.remove, office.owner_id, gone.department_id, engine.now())
    made = await engine.write(profiles.create, office.owner_id, a_draft(department="EMEA"), engine.now())
    assert made.card.department == ("Sales", "EMEA")


@pytest.mark.usefixtures("office")
async def test_whoever_manages_one_department_need_not_name_it(engine: Engine) -> None:
    manager = await a_manager(engine, "Sales")
    made = await engine.write(profiles.create, manager, a_draft(department=""), engine.now())
    assert made.card.department == ("Sales",)


async def test_whoever_manages_several_departments_or_all_has_to_name_one(engine: Engine, office: Office) -> None:
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    for actor in (office.owner_id, await a_manager(engine, "Sales", "Support")):
        with pytest.raises(DepartmentNotNamed):
            await engine.write(profiles.create, actor, a_draft(department=""), engine.now())
