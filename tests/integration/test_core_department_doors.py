"""Only the people of a department's list may sign up through the profiles that lead into it or below it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from core.domain.rosters import RosterOf
from core.engine import Engine
from core.errors import NotExpected, PreviewOutdated
from core.services import department_tree, departments, profiles, redemption, roster_lockouts, rosters
from core.services.profile_editing import Change, EditedField, edit
from core.services.profiles import Card
from core.services.roster_counts import RosterCounts
from core.services.roster_doors import ClosedBy
from core.services.roster_lockouts import Lockout
from core.storage import roster_lockouts as stored_lockouts
from core.storage import rosters as stored_rosters
from tests.support.account import Office, a_form
from tests.support.clock import Clock
from tests.support.rosters import keep, let_only_expected, listed, through, within
from tests.support.rows import a_manager, used_and_activations
from tests.support.transactions import under_way, until_somebody_waits

T = TypeVar("T")
ANNA, JANIS, OLGA = (f"{name}@example.com" for name in ("anna", "janis", "olga"))
CLOSED = pytest.mark.parametrize("how", ["Sales", "Sales / EMEA", "profile", "moved"])
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer


async def test_only_the_expected_sign_up_below_the_department(engine: Engine, office: Office) -> None:
    sales, owner, card = await within(engine, "Sales"), office.owner_id, await office.profile()
    await engine.write(departments.add, owner, "Support", engine.now())
    elsewhere = await office.profile(name="Support", department="Support")
    await keep(engine, owner, sales, listed(ANNA), only=True)
    await office.sign_up(card.token, ANNA)
    with pytest.raises(NotExpected):
        await office.sign_up(card.token, JANIS)
    await office.sign_up(elsewhere.token, JANIS)
    await engine.write(rosters.let_everybody, owner, sales, engine.now())
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


async def closing(office: Office, card: Card, how: str) -> Callable[[Session], object]:
    """Give what lets in Anna alone from then on: switching the list of a department or profile, or moving below one."""
    engine, owner = office.engine, office.owner_id
    if how == "moved":
        await engine.write(departments.add, owner, "Support", engine.now())
        await keep(engine, owner, await within(engine, "Support"), listed(ANNA), only=True)
        return lambda session: departments.move(session, owner, "Sales", "Support", engine.now())
    of = through(card.profile_id) if how == "profile" else await within(engine, how)
    await keep(engine, owner, of, listed(ANNA))
    return lambda session: let_only_expected(session, owner, of, engine.now())


async def until_it_waits_or_ends(engine: Engine, task: "asyncio.Task[T]") -> None:
    """Return once a task meets another one's lock, or has met none."""
    waits = asyncio.create_task(until_somebody_waits(engine))
    await asyncio.wait((task, waits), return_when=asyncio.FIRST_COMPLETED)
    waits.cancel()


@pytest.mark.deep
@CLOSED
@ON_POSTGRESQL
async def test_a_list_alone_lets_in_only_once_strangers_on_their_way_have_come(
    engine: Engine, office: Office, how: str
) -> None:
    card = await office.profile()
    close = await closing(office, card, how)

    async def came_before() -> tuple[int, int]:
        await engine.write(close)
        return await used_and_activations(engine, card.profile_id)

    async with under_way(engine, partial(redemption.redeem, token=card.token, form=a_form(JANIS), now=engine.now())):
        closed = asyncio.create_task(came_before())
        await until_it_waits_or_ends(engine, closed)
    assert await closed == await used_and_activations(engine, card.profile_id) == (1, 1)


@pytest.mark.deep
@CLOSED
@ON_POSTGRESQL
async def test_a_stranger_who_came_to_an_open_door_that_closes_meanwhile_is_refused(
    engine: Engine, office: Office, how: str
) -> None:
    card = await office.profile()
    async with under_way(engine, await closing(office, card, how)):
        stranger = asyncio.create_task(office.sign_up(card.token, JANIS))
        await until_it_waits_or_ends(engine, stranger)
    with pytest.raises(NotExpected):
        await stranger
    assert await used_and_activations(engine, card.profile_id) == (0, 0)


@pytest.mark.deep
async def test_a_list_tells_which_ones_above_have_to_name_its_people_without_names_that_are_hidden(
    engine: Engine, office: Office
) -> None:
    owner, card = office.owner_id, await office.profile()
    manager = await a_manager(engine, "Sales / EMEA")
    for path in ("Sales", "Sales / EMEA"):
        await keep(engine, owner, await within(engine, path), listed(ANNA), only=True)

    async def above(viewer: int, of: RosterOf) -> tuple[str | None, ...]:
        return (await engine.read(rosters.show, viewer, of)).closed_above

    assert await above(owner, through(card.profile_id)) == ("Sales", "Sales / EMEA")
    assert await above(manager, through(card.profile_id)) == (None, "Sales / EMEA")
    assert await above(manager, await within(engine, "Sales / EMEA")) == (None,)
    assert await above(owner, await within(engine, "Sales")) == ()


async def test_who_is_expected_below_but_not_by_the_department_is_named_before_it_lets_in_only_its_people(
    engine: Engine, office: Office, clock: Clock
) -> None:
    sales, emea, owner = await within(engine, "Sales"), await within(engine, "Sales / EMEA"), office.owner_id
    card, ended = await office.profile(), await office.profile(name="Ended", window="now - +1 day")
    phone, other = "+37120000021", "+37120000022"
    [by_phone, by_other] = [replace(each, phone=number) for each in listed("") for number in (phone, other)]
    await keep(engine, owner, sales, [*listed(ANNA), by_phone])
    below = [*listed(ANNA, JANIS, OLGA), replace(listed("ieva@example.com")[0], phone=phone), by_other]
    await keep(engine, owner, through(card.profile_id), below)
    await keep(engine, owner, emea, listed(JANIS, "liga@example.com"))
    await keep(engine, owner, through(ended.profile_id), listed("late@example.com"))
    await office.sign_up(card.token, OLGA)
    clock.advance(days=2)

    async def named(of: RosterOf) -> list[str]:
        found = await engine.read(roster_lockouts.of_switch, owner, of, engine.now())
        assert found.invited.people == 0
        return [each.email or each.name for each in found.expected.first]

    assert await named(sales) == [JANIS, other, "liga@example.com"], "who is known, came or has no link left isn't"
    assert await named(through(card.profile_id)) == []
    found = await engine.read(roster_lockouts.of_list, owner, sales, listed(JANIS), engine.now(), replace=False)
    assert [each.email or each.name for each in found.expected.first] == [other, "liga@example.com"]
    found = await engine.read(roster_lockouts.of_list, owner, sales, listed(JANIS), engine.now(), replace=True)
    assert found.expected.people == 4


async def test_who_is_expected_below_is_put_on_the_list_of_the_department_or_named_anew(
    engine: Engine, office: Office
) -> None:
    sales, owner, card = await within(engine, "Sales"), office.owner_id, await office.profile()
    await keep(engine, owner, sales, listed(ANNA))
    await keep(engine, owner, through(card.profile_id), listed(JANIS))
    seen = (await engine.read(roster_lockouts.of_switch, owner, sales, engine.now())).seen
    await keep(engine, owner, through(card.profile_id), listed(OLGA))
    asked = owner, sales, engine.now()
    with pytest.raises(PreviewOutdated):
        await engine.write(roster_lockouts.switch_on, *asked, seen=seen, lockout=Lockout.ADD)
    seen = (await engine.read(roster_lockouts.of_switch, *asked)).seen
    switched = await engine.write(roster_lockouts.switch_on, *asked, seen=seen, lockout=Lockout.ADD)
    assert (switched.expected, switched.only_expected) == (3, True)
    await office.sign_up(card.token, OLGA)
    assert (await engine.read(roster_lockouts.of_switch, *asked)).people == 0


@pytest.mark.parametrize(
    ("own", "above", "by_phone", "lets_in_nobody"),
    [
        ([ANNA], [ANNA], {}, False),
        ([ANNA], [JANIS], {}, True),
        ([ANNA], [], {"above"}, False),
        ([], [], {"own", "above"}, False),
        ([ANNA], [JANIS], {"above"}, False),
        ([], [JANIS, ANNA], {"own"}, False),
    ],
)
async def test_lists_let_in_somebody_whom_all_of_them_name_or_may_mean(
    engine: Engine, office: Office, own: list[str], above: list[str], by_phone: set[str], *, lets_in_nobody: bool
) -> None:
    card, owner = await office.profile(), office.owner_id
    [unknown] = listed("")
    meant = replace(unknown, phone="+37120000021")
    lists = {"own": (through(card.profile_id), own), "above": (await within(engine, "Sales"), above)}
    for name, (of, emails) in lists.items():
        await keep(engine, owner, of, [*listed(*emails), *([meant] if name in by_phone else [])], only=True)
    found = await engine.read(profiles.card, owner, card.profile_id, engine.now())
    assert found.closed_by == ClosedBy(own=True, above=("Sales",), lets_in_nobody=lets_in_nobody)


async def test_many_lists_below_are_asked_in_portions(
    engine: Engine, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for storage in (stored_lockouts, stored_rosters):
        monkeypatch.setattr(storage, "CHUNK", 1)
    sales, emea, owner = await within(engine, "Sales"), await within(engine, "Sales / EMEA"), office.owner_id
    card = await office.profile()
    await keep(engine, owner, emea, listed(OLGA, JANIS))
    await keep(engine, owner, through(card.profile_id), listed(JANIS, ANNA))
    await office.sign_up(card.token, ANNA)
    found = await engine.read(roster_lockouts.of_switch, owner, sales, engine.now())
    assert [each.email for each in found.expected.first] == [OLGA, JANIS], "in the order in which they were listed"
    shown = await engine.read(department_tree.show, owner, sales.department_id or 0, 0, 5)
    assert shown.roster == RosterCounts(expected=3, came=1, hidden=0)
