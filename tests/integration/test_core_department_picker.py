"""Departments to choose by taps and by typed words: pages, the way back, and the order of what was found."""

import pytest

from core.domain.access import Permission, Role
from core.errors import DepartmentGone
from core.services import department_picker, departments
from core.services.department_picker import Choice, Choices, Found
from core.storage.departments import root_id
from tests.support.account import Office
from tests.support.rows import a_manager, a_user, department_id


async def add(office: Office, *paths: str) -> None:
    for path in paths:
        await office.engine.write(departments.add, office.owner_id, path, office.engine.now())


async def number(office: Office, path: str) -> int:
    return await office.engine.read(department_id, path)


async def choices(office: Office, node: int | None = None, page: int = 0, *, by: int = 0) -> Choices:
    return await office.engine.read(department_picker.choices, by or office.owner_id, node, page)


async def found(office: Office, words: str, *, by: int = 0) -> Found:
    return await office.engine.read(department_picker.find, by or office.owner_id, words)


def names(found: tuple[Choice, ...]) -> list[str]:
    return [each.name for each in found]


async def test_fourteen_departments_stand_on_a_page_of_the_top(office: Office) -> None:
    await add(office, *(f"Unit {each:02}" for each in range(13)))
    shown = await choices(office)
    assert (names(shown.children)[0], len(shown.children), shown.page, shown.pages) == ("Sales", 14, 0, 1)
    assert (shown.recent, shown.here, shown.above) == ((), None, None)
    assert [each.below for each in shown.children] == [True] + 13 * [False]
    await add(office, "Unit 13")
    assert ((await choices(office)).pages, len((await choices(office)).children)) == (2, 14)
    for page in (1, 2, 99):
        last = await choices(office, page=page)
        assert (names(last.children), last.page) == (["Unit 13"], 1)
    assert (await choices(office, page=-1)).page == 0


async def test_below_a_department_there_are_two_less_for_the_department_itself(office: Office) -> None:
    await add(office, *(f"Sales / Unit {each:02}" for each in range(12)))
    sales, emea = await number(office, "Sales"), await number(office, "Sales / EMEA")
    shown = await choices(office, sales)
    assert (len(shown.children), shown.pages, shown.above) == (12, 2, None)
    assert shown.here == Choice(department_id=sales, name="Sales", path=("Sales",))
    assert names((await choices(office, sales, 1)).children) == ["Unit 11"]
    below = await choices(office, emea)
    assert (below.above, below.children, below.pages) == (sales, (), 1)


async def test_the_departments_of_the_last_three_profiles_are_offered_first_and_take_the_place_of_two_each(
    office: Office,
) -> None:
    await add(office, *(f"Unit {each:02}" for each in range(8)))
    for department in ("Unit 00", "Unit 01", "Sales / EMEA", "Unit 01", "Unit 02"):
        await office.profile(department=department)
    shown = await choices(office)
    assert [each.path for each in shown.recent] == [("Unit 02",), ("Unit 01",), ("Sales", "EMEA")]
    assert (len(shown.children), shown.pages) == (8, 2)
    assert (await choices(office, await number(office, "Sales"))).recent == ()


async def test_a_manager_begins_with_what_they_manage_and_does_not_go_above_it(office: Office) -> None:
    await add(office, "Sales / EMEA / Riga", "Support")
    manager = await a_manager(office.engine, "Sales / EMEA", "Support")
    emea, riga = await number(office, "Sales / EMEA"), await number(office, "Sales / EMEA / Riga")
    assert names((await choices(office, by=manager)).children) == ["EMEA", "Support"]
    assert (await choices(office, emea, by=manager)).above is None
    assert (await choices(office, riga, by=manager)).above == emea
    for hidden in (await number(office, "Sales"), await office.engine.read(root_id), 7777):
        with pytest.raises(DepartmentGone):
            await choices(office, hidden, by=manager)
        with pytest.raises(DepartmentGone):
            await office.engine.read(department_picker.take, manager, hidden)


async def test_who_manages_a_department_and_one_below_it_goes_no_further_up_from_either(office: Office) -> None:
    manager = await a_manager(office.engine, "Sales", "Sales / EMEA")
    assert (await choices(office, await number(office, "Sales / EMEA"), by=manager)).above is None


async def test_words_find_whole_paths_before_names_before_beginnings_before_the_rest(office: Office) -> None:
    await add(office, "Riga", "Support / Riga", "Support / Riga Centre", "Old Riga / Night", "Support / Riga / Day")
    shown = await found(office, "riga")
    assert [" / ".join(each.path) for each in shown.choices] == [
        "Riga",
        "Support / Riga",
        "Support / Riga Centre",
        "Old Riga",
        "Old Riga / Night",
        "Support / Riga / Day",
    ]
    assert (shown.more, shown.addable) == (0, False)
    assert shown.choices[1] == Choice(
        department_id=await number(office, "Support / Riga"), name="Riga", path=("Support", "Riga")
    )
    assert (await found(office, "support / RIGA")).choices[0].path == ("Support", "Riga")


async def test_six_are_found_at_most_and_the_others_counted(office: Office) -> None:
    await add(office, *(f"Unit {each}" for each in range(6)))
    assert (len((await found(office, "unit")).choices), (await found(office, "unit")).more) == (6, 0)
    await add(office, "Unit 6", "Unit 7")
    shown = await found(office, "unit")
    assert (names(shown.choices), shown.more) == ([f"Unit {each}" for each in range(6)], 2)


async def test_what_is_not_found_can_be_added_by_who_may(office: Office) -> None:
    assert await found(office, "Nowhere") == Found(choices=(), more=0, addable=True)
    assert not (await found(office, "Nowhere", by=await a_manager(office.engine, "Sales"))).addable
    assert not (await found(office, " ")).choices


async def test_the_usual_department_is_that_of_the_last_profile_or_the_only_one(office: Office) -> None:
    usual = department_picker.usual
    manager = await a_manager(office.engine, "Sales / EMEA")
    emea = await number(office, "Sales / EMEA")
    assert await office.engine.read(usual, manager) == emea
    assert await office.engine.read(usual, office.owner_id) is None
    await office.profile(department="Sales")
    await office.profile(department="Sales / EMEA")
    assert await office.engine.read(usual, office.owner_id) == emea
    assert await office.engine.read(usual, await a_manager(office.engine, "Sales")) is None


async def test_a_department_that_is_added_on_the_way_is_chosen(office: Office) -> None:
    chosen = await office.engine.write(department_picker.add, office.owner_id, "Sales / APAC", office.engine.now())
    apac = await number(office, "Sales / APAC")
    assert chosen == Choice(department_id=apac, name="APAC", path=("Sales", "APAC"))
    assert await office.engine.read(department_picker.take, office.owner_id, apac) == chosen


async def test_one_of_two_permissions_is_enough_to_choose(office: Office) -> None:
    for permission in (Permission.MANAGE_PROFILES, Permission.MANAGE_PEOPLE):
        actor = await a_user(office.engine, Role.CUSTOM, "Sales", permissions=[permission])
        assert names((await choices(office, by=actor)).children) == ["Sales"]
