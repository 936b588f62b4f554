"""Departments moved and removed, and fields taken off, as they were shown, or not at all."""

from collections.abc import Awaitable, Callable

import pytest

from core.domain.access import Permission, Role
from core.domain.field_kinds import Kind
from core.errors import DepartmentGone, DepartmentNotFound, FieldGone, PreviewOutdated
from core.services import (
    department_removal,
    departments,
    form_fields,
    profile_editing,
    profile_lists,
    profile_removal,
    profiles,
)
from core.services.form_fields import FieldDraft
from core.services.profile_editing import Change, EditedField
from tests.support.account import Office
from tests.support.rows import a_draft, a_manager, a_user, deactivate

Happening = Callable[[Office], Awaitable[object]]


def added(path: str) -> Happening:
    return lambda office: office.engine.write(departments.add, office.owner_id, path, office.engine.now())


def renamed(path: str, name: str) -> Happening:
    return lambda office: office.engine.write(departments.rename, office.owner_id, path, name, office.engine.now())


async def added_anew(office: Office) -> None:
    await office.engine.write(department_removal.remove, office.owner_id, "Sales / EMEA", office.engine.now())
    await added("Sales / EMEA")(office)


async def a_profile(office: Office) -> None:
    await office.engine.write(profiles.create, office.owner_id, a_draft(name="Winter"), office.engine.now())


async def a_profile_made_anew(office: Office) -> None:
    await office.engine.write(profile_removal.remove, office.owner_id, [1], office.engine.now())
    await office.profile()


async def a_profile_renamed(office: Office) -> None:
    change = Change(field=EditedField.NAME, value="Winter")
    await office.engine.write(profile_editing.edit, office.owner_id, 1, change, office.engine.now())


async def a_person(office: Office) -> None:
    await office.sign_up((await office.engine.read(profiles.card, office.owner_id, 1, office.engine.now())).token)


async def a_manager_more(office: Office) -> None:
    await a_manager(office.engine, "Support")


async def names_of_profiles(office: Office) -> list[str]:
    listing = await office.engine.read(profile_lists.listing, office.owner_id, "", 0, office.engine.now())
    return [card.name for card in listing.cards]


async def nothing_that_concerns_it(office: Office) -> None:
    await added("Support / Night")(office)
    await office.engine.write(profiles.create, office.owner_id, a_draft(department="Support"), office.engine.now())


@pytest.mark.parametrize(
    "happened",
    [
        pytest.param(added("Sales / Riga"), id="a department below"),
        pytest.param(added("Sales / EMEA / Riga"), id="a department further below"),
        pytest.param(added_anew, id="another department of the same name"),
        pytest.param(renamed("Sales", "Revenue"), id="another name"),
        pytest.param(renamed("Sales / EMEA", "Europe"), id="another name below"),
        pytest.param(a_profile, id="a profile"),
        pytest.param(a_profile_made_anew, id="another profile of the same name"),
        pytest.param(a_profile_renamed, id="another name of a profile"),
    ],
)
async def test_what_would_not_go_as_it_was_shown_stays(office: Office, happened: Happening) -> None:
    engine, owner = office.engine, office.owner_id
    await office.profile()
    shown = await engine.read(department_removal.preview, owner, "Sales", engine.now())
    await happened(office)
    before, listed = await engine.read(departments.tree, owner), await names_of_profiles(office)
    with pytest.raises(PreviewOutdated):
        await engine.write(department_removal.remove, owner, shown.department_id, engine.now(), seen=shown.seen)
    assert (await engine.read(departments.tree, owner), await names_of_profiles(office)) == (before, listed)


async def test_what_would_go_as_it_was_shown_goes(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await added("Support")(office)
    await office.profile()
    shown = await engine.read(department_removal.preview, owner, "Sales", engine.now())
    await nothing_that_concerns_it(office)
    gone = await engine.write(department_removal.remove, owner, shown.department_id, engine.now(), seen=shown.seen)
    assert gone == shown
    with pytest.raises(DepartmentGone):
        await engine.write(department_removal.remove, owner, shown.department_id, engine.now(), seen=shown.seen)


@pytest.mark.parametrize(
    "happened",
    [
        pytest.param(renamed("Support", "Help"), id="another path after"),
        pytest.param(renamed("Sales", "Revenue"), id="another path before"),
        pytest.param(a_profile, id="a profile"),
        pytest.param(a_person, id="a person"),
        pytest.param(a_manager_more, id="a manager"),
    ],
)
async def test_what_would_not_move_as_it_was_shown_stays_where_it_is(office: Office, happened: Happening) -> None:
    engine, owner = office.engine, office.owner_id
    await added("Support")(office)
    await office.profile()
    shown = await engine.read(departments.preview_move, owner, "Sales / EMEA", "Support")
    await happened(office)
    before = await engine.read(departments.tree, owner)
    with pytest.raises(PreviewOutdated):
        await engine.write(departments.move, owner, shown.department_id, shown.parent_id, engine.now(), seen=shown.seen)
    assert await engine.read(departments.tree, owner) == before


async def test_what_would_move_as_it_was_shown_moves(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await added("Support")(office)
    shown = await engine.read(departments.preview_move, owner, "Sales / EMEA", "Support")
    await nothing_that_concerns_it(office)
    moved = await engine.write(
        departments.move, owner, shown.department_id, shown.parent_id, engine.now(), seen=shown.seen
    )
    assert moved.path == shown.after == ("Support", "EMEA")


async def test_a_move_names_the_active_who_did_not_manage_the_department_itself(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await added("Support")(office)
    for managed, name in (("Sales", "Rita"), ("Support", "Soren")):
        await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, managed, name=name)
        await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, managed, "Sales / EMEA", name="Always")
        await deactivate(engine, await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, managed, name="Idle"))
    meant = await engine.read(departments.preview_move, owner, "Sales / EMEA", "Support")
    assert (meant.gaining, meant.losing) == (("Soren Meier",), ("Rita Meier",))


async def test_a_move_counts_the_profiles_of_the_whole_branch_that_are_there(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    for path in ("Sales", "Sales / EMEA", "Sales / EMEA"):
        await office.profile(department=path)
    await engine.write(profile_removal.remove, owner, [3], engine.now())
    await added("Support")(office)
    assert (await engine.read(departments.preview_move, owner, "Sales", "Support")).profiles == 2


async def test_a_field_under_another_label_is_not_taken_off(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    draft = FieldDraft(label="Crew", kind=Kind.TEXT)
    await engine.write(form_fields.add_field, owner, draft, engine.now())
    shown = await engine.read(form_fields.preview_removal, owner, "crew")
    await engine.write(form_fields.change_field, owner, "Crew", FieldDraft(label="Team", kind=Kind.TEXT), engine.now())
    with pytest.raises(PreviewOutdated):
        await engine.write(form_fields.remove_field, owner, shown.field_id, engine.now(), seen=shown.seen)
    await engine.write(form_fields.change_field, owner, "Team", draft, engine.now())
    await engine.write(form_fields.remove_field, owner, shown.field_id, engine.now(), seen=shown.seen)
    with pytest.raises(FieldGone):
        await engine.write(form_fields.remove_field, owner, shown.field_id, engine.now(), seen=shown.seen)
    with pytest.raises(FieldGone):
        await engine.read(form_fields.preview_removal, owner, shown.field_id)


async def test_a_number_is_no_label(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(form_fields.add_field, owner, FieldDraft(label="7", kind=Kind.TEXT), engine.now())
    with pytest.raises(FieldGone):
        await engine.read(form_fields.preview_removal, owner, 7)


@pytest.mark.parametrize(
    ("path", "addable", "below"),
    [
        ("Outside", False, ("Sales",)),
        ("Support", False, ("Sales",)),
        ("Support / Night", False, ("Sales",)),
        ("Sales / Xyzzy", True, ()),
        ("Sales / EMEA / Riga", True, ()),
    ],
)
async def test_a_path_is_called_addable_only_where_it_may_be_added(
    office: Office, path: str, *, addable: bool, below: tuple[str, ...]
) -> None:
    engine = office.engine
    await added("Support")(office)
    keeper = await a_user(engine, Role.CUSTOM, "Sales", permissions=[Permission.MANAGE_DEPARTMENTS])
    with pytest.raises(DepartmentNotFound) as refused:
        await engine.read(department_removal.preview, keeper, path, engine.now())
    assert (refused.value.addable, refused.value.below) == (addable, below)
    if addable:
        await engine.write(departments.add, keeper, path, engine.now())
    else:
        with pytest.raises(DepartmentNotFound):
            await engine.write(departments.add, keeper, path, engine.now())


async def test_nothing_is_called_addable_to_who_may_add_nothing(office: Office) -> None:
    manager = await a_manager(office.engine, "Sales")
    with pytest.raises(DepartmentNotFound) as refused:
        await office.engine.write(profiles.create, manager, a_draft(department="Sales / Xyzzy"), office.engine.now())
    assert (refused.value.addable, refused.value.below) == (False, ())
