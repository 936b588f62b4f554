"""Only the people of a department's list may sign up through the profiles that lead into it or below it."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from core.engine import Engine
from core.errors import NotExpected
from core.services import departments, redemption, rosters
from core.services.profile_editing import Change, EditedField, edit
from tests.support.account import Office, a_form
from tests.support.rosters import keep, listed, through, within
from tests.support.rows import used_and_activations

ANNA, JANIS, OLGA = (f"{name}@example.com" for name in ("anna", "janis", "olga"))


async def test_only_the_expected_sign_up_below_the_department(engine: Engine, office: Office) -> None:
    sales, owner, card = await within(engine, "Sales"), office.owner_id, await office.profile()
    await engine.write(departments.add, owner, "Support", engine.now())
    elsewhere = await office.profile(name="Support", department="Support")
    await keep(engine, owner, sales, listed(ANNA), only=True)
    await office.sign_up(card.token, ANNA)
    with pytest.raises(NotExpected):
        await office.sign_up(card.token, JANIS)
    await office.sign_up(elsewhere.token, JANIS)
    await engine.write(rosters.let_only_expected, owner, sales, engine.now(), on=False)
    await office.sign_up(card.token, OLGA)
    assert await used_and_activations(engine, card.profile_id) == (2, 2)


async def test_each_list_that_lets_in_nobody_else_has_to_name_them(engine: Engine, office: Office) -> None:
    sales, owner, card = await within(engine, "Sales"), office.owner_id, await office.profile()
    await keep(engine, owner, sales, listed(ANNA, JANIS), only=True)
    await keep(engine, owner, through(card.profile_id), listed(ANNA, OLGA), only=True)
    for email in (JANIS, OLGA):
        with pytest.raises(NotExpected):
            await office.sign_up(card.token, email)
    await office.sign_up(card.token, ANNA)


async def test_people_of_the_list_are_known_by_their_phone_number_too(engine: Engine, office: Office) -> None:
    sales, card = await within(engine, "Sales"), await office.profile()
    [person] = listed("")
    await keep(engine, office.owner_id, sales, [replace(person, phone="+37120000021")], only=True)
    form = a_form(ANNA)
    with pytest.raises(NotExpected):
        await engine.write(redemption.redeem, card.token, form, engine.now())
    form = replace(form, newcomer=replace(form.newcomer, phone="+37120000021"))
    await engine.write(redemption.redeem, card.token, form, engine.now())


async def test_a_deleted_list_lets_everybody_in(engine: Engine, office: Office) -> None:
    sales, card = await within(engine, "Sales"), await office.profile()
    await keep(engine, office.owner_id, sales, listed(ANNA), only=True)
    gone = await engine.write(rosters.remove, office.owner_id, sales, engine.now())
    assert (gone.expected, gone.only_expected) == (0, False)
    await office.sign_up(card.token, JANIS)


async def test_it_holds_for_what_is_moved_or_pointed_there_later(engine: Engine, office: Office) -> None:
    owner, card = office.owner_id, await office.profile()
    await engine.write(departments.add, owner, "Support / Riga", engine.now())
    await keep(engine, owner, await within(engine, "Support"), listed(ANNA), only=True)
    await office.sign_up(card.token, "first@example.com")
    meant = await engine.read(departments.preview_move, owner, "Sales", "Support / Riga")
    assert (meant.closing, meant.opening) == (("Support",), ())
    await engine.write(departments.move, owner, "Sales", "Support / Riga", engine.now())
    meant = await engine.read(departments.preview_move, owner, "Sales", "")
    assert (meant.closing, meant.opening) == ((), ("Support",))
    with pytest.raises(NotExpected):
        await office.sign_up(card.token, JANIS)
    await engine.write(departments.move, owner, "Support / Riga / Sales", "", engine.now())
    await office.sign_up(card.token, JANIS)
    change = Change(field=EditedField.DEPARTMENT, value="Support / Riga")
    await engine.write(edit, owner, card.profile_id, change, engine.now())
    with pytest.raises(NotExpected):
        await office.sign_up(card.token, OLGA)
    await office.sign_up(card.token, ANNA)


@pytest.mark.parametrize("moves", [False, True], ids=["switched", "moved"])
async def test_nobody_else_comes_once_the_list_alone_lets_in(engine: Engine, office: Office, *, moves: bool) -> None:
    """Whoever signs up while it is switched on, or the department moves below it, came before that or is refused."""
    owner, card = office.owner_id, await office.profile(limit="unlimited")
    await engine.write(departments.add, owner, "Support", engine.now())
    closed = await within(engine, "Support" if moves else "Sales")
    await keep(engine, owner, closed, listed(ANNA), only=moves)
    after: list[tuple[int, int]] = []

    async def close() -> None:
        if moves:
            await engine.write(departments.move, owner, "Sales", "Support", engine.now())
        else:
            await engine.write(rosters.let_only_expected, owner, closed, engine.now(), on=True)
        after.append(await used_and_activations(engine, card.profile_id))

    async def come(number: int) -> None:
        with suppress(NotExpected):
            await office.sign_up(card.token, f"stranger{number}@example.com")

    coming = [come(number) for number in range(12)]
    await asyncio.gather(*coming[:6], close(), *coming[6:])
    assert after == [await used_and_activations(engine, card.profile_id)]
