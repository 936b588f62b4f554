"""The tree of departments changes: renamed, moved, removed with what hangs on it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import Permission, Role
from core.domain.links import LinkState
from core.engine import Engine
from core.errors import (
    DepartmentExists,
    DepartmentGone,
    DepartmentHasUsers,
    DepartmentManaged,
    DepartmentNotFound,
    InvalidName,
    MoveBelowItself,
    NotAllowed,
    ProfileNotFound,
    RootDepartment,
)
from core.services import (
    courses,
    department_removal,
    departments,
    people,
    policies,
    profile_lists,
    profiles,
    sign_up_page,
)
from core.services.policies import Switch
from core.storage.departments import root_id
from core.storage.tables import Department, DepartmentTree
from tests.support.account import Office
from tests.support.rows import a_manager, a_user


async def paths(engine: Engine, actor_id: int) -> list[str]:
    return [" / ".join(branch.path) for branch in await engine.read(departments.tree, actor_id)]


async def keeper(engine: Engine, *managed: str) -> int:
    """Somebody with a custom role who may change departments, below some only."""
    return await a_user(engine, Role.CUSTOM, *managed, permissions=[Permission.MANAGE_DEPARTMENTS])


def closure(session: Session) -> dict[str, set[tuple[int, int, int]]]:
    """Give the tree as it is kept, and as the parents say."""
    parents = dict(session.execute(select(Department.id, Department.parent_id)).all())
    computed = set()
    for number in parents:
        ancestor: int | None = number
        depth = 0
        while ancestor is not None:
            computed.add((ancestor, number, depth))
            ancestor, depth = parents[ancestor], depth + 1
    columns = (DepartmentTree.ancestor_id, DepartmentTree.descendant_id, DepartmentTree.depth)
    return {
        "kept": {(above, below, depth) for above, below, depth in session.execute(select(*columns)).all()},
        "computed": computed,
    }


async def test_a_department_is_renamed_and_so_are_the_paths_below_it(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    branch = await engine.write(departments.rename, owner, "sales", " Revenue ", engine.now())
    assert branch.path == ("Revenue",)
    assert await paths(engine, owner) == ["", "Revenue", "Revenue / EMEA"]


async def test_a_department_may_change_the_case_of_its_own_name(office: Office) -> None:
    branch = await office.engine.write(departments.rename, office.owner_id, "Sales", "SALES", office.engine.now())
    assert branch.path == ("SALES",)


async def test_a_name_that_a_sibling_has_is_refused_with_its_path(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(departments.add, owner, "Sales / APAC", engine.now())
    with pytest.raises(DepartmentExists) as refused:
        await engine.write(departments.rename, owner, "Sales / APAC", "emea", engine.now())
    assert refused.value.path == "Sales / emea"


async def test_a_department_name_holds_no_separators(office: Office) -> None:
    with pytest.raises(InvalidName):
        await office.engine.write(departments.rename, office.owner_id, "Sales", "A / B", office.engine.now())


async def test_a_branch_moves_with_all_below_it(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(departments.add, owner, "Sales / EMEA / Riga", engine.now())
    await engine.write(departments.add, owner, "Europe", engine.now())
    branch = await engine.write(departments.move, owner, "Sales / EMEA", "Europe", engine.now())
    assert branch.path == ("Europe", "EMEA")
    assert await paths(engine, owner) == ["", "Europe", "Europe / EMEA", "Europe / EMEA / Riga", "Sales"]
    tree = await engine.read(closure)
    assert tree["kept"] == tree["computed"]


async def test_a_department_moves_to_the_top(office: Office) -> None:
    branch = await office.engine.write(departments.move, office.owner_id, "Sales / EMEA", "", office.engine.now())
    assert branch.path == ("EMEA",)


@pytest.mark.parametrize("below", ["Sales", "Sales / EMEA"])
async def test_nothing_moves_below_itself(office: Office, below: str) -> None:
    with pytest.raises(MoveBelowItself):
        await office.engine.write(departments.move, office.owner_id, "Sales", below, office.engine.now())


async def test_a_department_does_not_move_to_where_its_name_is_taken(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(departments.add, owner, "EMEA", engine.now())
    with pytest.raises(DepartmentExists) as refused:
        await engine.write(departments.move, owner, "Sales / EMEA", "", engine.now())
    assert refused.value.path == "EMEA"


async def test_the_root_is_neither_renamed_nor_moved_nor_removed(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    with pytest.raises(RootDepartment):
        await engine.write(departments.rename, owner, "", "Top", engine.now())
    with pytest.raises(RootDepartment):
        await engine.write(departments.move, owner, " / ", "Sales", engine.now())
    with pytest.raises(RootDepartment):
        await engine.write(department_removal.remove, owner, "", engine.now())


async def test_a_removal_takes_what_is_below_the_profiles_and_the_rules(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile()
    foreseen = await engine.read(department_removal.preview, owner, "Sales", engine.now())
    gone = await engine.write(department_removal.remove, owner, "Sales", engine.now())
    assert gone == foreseen
    assert (gone.departments, gone.profiles) == ((("Sales",), ("Sales", "EMEA")), ("Autumn sales",))
    assert await paths(engine, owner) == [""]
    assert await engine.read(courses.rules, owner) == []
    assert (await engine.read(sign_up_page.preview, card.token, engine.now())).state is LinkState.REMOVED
    with pytest.raises(ProfileNotFound):
        await engine.read(profiles.card, owner, card.profile_id, engine.now())


async def test_a_removed_department_can_be_added_anew_and_knows_nothing_of_the_old_one(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await office.profile()
    await engine.write(department_removal.remove, owner, "Sales", engine.now())
    await engine.write(departments.add, owner, "Sales / EMEA", engine.now())
    assert (await engine.read(profile_lists.listing, owner, "", 0, engine.now())).total == 0


async def test_a_department_with_users_in_it_or_below_it_stays_and_says_how_many(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await office.sign_up((await office.profile()).token)
    with pytest.raises(DepartmentHasUsers) as refused:
        await engine.write(department_removal.remove, owner, "Sales", engine.now())
    assert vars(refused.value) == {"path": "Sales", "here": 0, "below": 1, "waiting": 0}
    with pytest.raises(DepartmentHasUsers) as refused:
        await engine.read(department_removal.preview, owner, "Sales / EMEA", engine.now())
    assert vars(refused.value) == {"path": "Sales / EMEA", "here": 1, "below": 0, "waiting": 0}


async def test_a_department_with_users_in_it_says_how_many_of_them_wait_for_an_approval(office: Office) -> None:
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    card = await office.profile()
    await office.sign_up(card.token, "boris@example.com")
    await engine.write(policies.switch, owner, Switch.EMAIL_CONFIRMATION, now, on=True, can_mail=True)
    await office.sign_up(card.token, "clara@example.com")
    await engine.write(policies.switch, owner, Switch.EMAIL_CONFIRMATION, now, on=False, can_mail=True)
    await engine.write(policies.switch, owner, Switch.APPROVAL, now, on=True)
    await office.sign_up(card.token)
    for path, here, below in (("Sales", 0, 3), ("Sales / EMEA", 3, 0)):
        with pytest.raises(DepartmentHasUsers) as refused:
            await engine.read(department_removal.preview, owner, path, engine.now())
        assert vars(refused.value) == {"path": path, "here": here, "below": below, "waiting": 1}


async def test_a_deleted_learner_keeps_no_department_alive(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    learner = await office.sign_up((await office.profile()).token)
    with pytest.raises(DepartmentHasUsers):
        await engine.write(department_removal.remove, owner, "Sales", engine.now())
    await engine.write(people.delete, owner, learner.user_id, engine.now())
    await engine.write(department_removal.remove, owner, "Sales", engine.now())
    assert await paths(engine, owner) == [""]


async def test_enrolments_stay_when_the_rules_department_goes(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    learner = await office.sign_up((await office.profile()).token)
    await engine.write(departments.add, owner, "Support", engine.now())
    await engine.write(people.transfer, owner, learner.user_id, "Support", engine.now())
    await engine.write(department_removal.remove, owner, "Sales", engine.now())
    assert [course.title for course in await engine.read(courses.mine, learner.user_id, engine.now())] == [
        "Safety first"
    ]


async def test_a_department_that_somebody_else_manages_stays_and_says_who(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await a_manager(engine, "Sales / EMEA")
    with pytest.raises(DepartmentManaged) as refused:
        await engine.write(department_removal.remove, owner, "Sales", engine.now())
    assert vars(refused.value) == {"path": "Sales / EMEA", "managers": ("Maris Meier",)}


async def test_who_manages_a_department_alone_may_remove_it(office: Office) -> None:
    engine = office.engine
    actor = await keeper(engine, "Sales")
    await engine.write(department_removal.remove, actor, "Sales", engine.now())
    assert await paths(engine, actor) == []


async def test_a_scope_ends_what_may_be_changed(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(departments.add, owner, "Support", engine.now())
    actor, now = await keeper(engine, "Sales"), engine.now()
    assert (await engine.write(departments.add, actor, "Sales / EMEA / Riga", now)).path == ("Sales", "EMEA", "Riga")
    for use_case, arguments in (
        (departments.add, ("Support / Night",)),
        (departments.rename, ("Support", "Help")),
        (departments.move, ("Sales / EMEA", "Support")),
        (department_removal.remove, ("Support",)),
    ):
        with pytest.raises(DepartmentNotFound):
            await engine.write(use_case, actor, *arguments, now)  # type: ignore[arg-type, call-arg]
    with pytest.raises(NotAllowed):
        await engine.write(departments.move, actor, "Sales / EMEA", "", now)
    with pytest.raises(DepartmentNotFound):
        await engine.write(departments.add, actor, "Finance", now)


async def test_a_department_is_removed_by_its_number_as_by_its_path(office: Office) -> None:
    engine, now = office.engine, office.engine.now()
    branch = await engine.write(departments.add, office.owner_id, "Support", now)
    seen = await engine.read(department_removal.preview, office.owner_id, branch.department_id, engine.now())
    gone = await engine.write(department_removal.remove, office.owner_id, branch.department_id, now)
    assert seen == gone
    with pytest.raises(DepartmentGone):
        await engine.write(department_removal.remove, office.owner_id, branch.department_id, now)
    root = await engine.read(root_id)
    with pytest.raises(RootDepartment):
        await engine.write(department_removal.remove, office.owner_id, root, now)
