"""Departments removed and moved while people and links are on their way into them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable

import pytest

from core.domain.access import Role
from core.errors import DepartmentHasUsers, DepartmentManaged, InvalidInvitation, PreviewOutdated, Refusal
from core.services import (
    department_removal,
    departments,
    invitations,
    people,
    profile_editing,
    profile_lists,
    profiles,
    redemption,
    roles,
)
from core.services.department_removal import Removal
from core.services.departments import Branch
from core.services.ownership import Claimant
from core.services.profile_editing import Change, EditedField
from core.storage import people as stored
from tests.support.account import FAST_HASH, a_form
from tests.support.clock import Clock
from tests.support.concurrent_engines import Crowd, a_crowd, at_once
from tests.support.rows import a_draft, a_user, department_id
from tests.support.transactions import under_way, until_somebody_waits

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
REMOVALS = 6


@pytest.fixture
async def crowd(office_url: str, clock: Clock) -> AsyncIterator[Crowd]:
    async with a_crowd(office_url, clock) as crowd:
        yield crowd


async def sign_up(crowd: Crowd, token: str, email: str) -> int:
    return (await crowd.write(redemption.redeem, token, a_form(email), crowd.office.engine.now())).user_id


async def arrivals(crowd: Crowd, name: str) -> list[Awaitable[object]]:
    """Everything that leads into a department: a link, a transfer, an addition, and who is to manage it."""
    now, owner = crowd.office.engine.now(), crowd.owner_id
    link, learner = await crowd.office.profile(department=name), await crowd.office.profile()
    moved = await sign_up(crowd, learner.token, f"moved@{name}.example.com")
    manager, added = (
        await a_user(crowd.engine, Role.LEARNER, name="Maris"),
        a_form(f"added@{name}.example.com").newcomer,
    )
    return [
        sign_up(crowd, link.token, f"new@{name}.example.com"),
        crowd.write(people.transfer, owner, moved, name, now),
        crowd.write(people.add, owner, added, FAST_HASH, name, now),
        crowd.write(roles.assign, owner, manager, "department administrator", [name], now),
    ]


async def links(crowd: Crowd, name: str) -> list[Awaitable[object]]:
    """What points links at a department: these never keep it, they go with it."""
    now, other = crowd.office.engine.now(), await crowd.office.profile()
    change = Change(field=EditedField.DEPARTMENT, value=name)
    return [
        crowd.write(profile_editing.edit, crowd.owner_id, other.profile_id, change, now),
        crowd.write(profiles.create, crowd.owner_id, a_draft(department=name), now),
    ]


async def test_whoever_is_on_the_way_into_a_department_arrives_or_it_is_removed(crowd: Crowd) -> None:
    for number in range(REMOVALS):
        name = f"Field{number}"
        await crowd.write(departments.add, crowd.owner_id, f"{name} / Below", crowd.office.engine.now())
        coming, leading = await arrivals(crowd, name), await links(crowd, name)
        removal = crowd.write(department_removal.remove, crowd.owner_id, name, crowd.office.engine.now())
        calls = [*leading, *coming]
        answers = await at_once([*calls[:number], removal, *calls[number:]])
        removed = answers.pop(number)
        arrived = [answer for answer in answers[len(leading) :] if not isinstance(answer, Refusal)]
        if isinstance(removed, Removal):
            assert arrived == []
        else:
            assert isinstance(removed, DepartmentHasUsers | DepartmentManaged)
            assert arrived != []
    assert await crowd.is_sound()


@ON_POSTGRESQL
async def test_a_department_that_is_just_given_a_manager_is_not_removed(crowd: Crowd, clock: Clock) -> None:
    manager, owner = await a_user(crowd.engine, Role.LEARNER), crowd.owner_id
    given = ("department administrator", ["Sales / EMEA"], clock())
    async with under_way(crowd.engine, lambda session: roles.assign(session, owner, manager, *given)):
        removal = asyncio.ensure_future(crowd.write(department_removal.remove, owner, "Sales / EMEA", clock()))
        await until_somebody_waits(crowd.engine)
    with pytest.raises(DepartmentManaged):
        await removal
    assert await crowd.engine.read(stored.managed_by, manager) == [
        await crowd.engine.read(department_id, "Sales / EMEA")
    ]
    assert await crowd.is_sound()


@ON_POSTGRESQL
async def test_who_accepts_an_invitation_to_a_department_that_is_just_removed_gets_nothing(
    crowd: Crowd, clock: Clock
) -> None:
    owner, claimant = crowd.owner_id, Claimant(telegram_id=7, first_name="Maris", last_name="", language="en")
    made = await crowd.write(invitations.invite, owner, "department administrator", ["Sales / EMEA"], clock())
    async with under_way(
        crowd.engine, lambda session: department_removal.remove(session, owner, "Sales / EMEA", clock())
    ):
        acceptance = asyncio.ensure_future(crowd.write(invitations.accept, made.code, claimant, clock()))
        await until_somebody_waits(crowd.engine)
    with pytest.raises(InvalidInvitation):
        await acceptance
    assert await crowd.is_sound()


@ON_POSTGRESQL
async def test_a_profile_that_is_just_made_is_not_deleted_unseen(crowd: Crowd, clock: Clock) -> None:
    owner = crowd.owner_id
    shown = await crowd.engine.read(department_removal.preview, owner, "Sales", crowd.engine.now())
    async with under_way(crowd.engine, lambda session: profiles.create(session, owner, a_draft(), clock())):
        call = crowd.write(department_removal.remove, owner, shown.department_id, clock(), seen=shown.seen)
        removal = asyncio.ensure_future(call)
        await until_somebody_waits(crowd.engine)
    with pytest.raises(PreviewOutdated):
        await removal
    assert (await crowd.engine.read(profile_lists.listing, owner, "", 0, clock())).total == 1


async def test_moves_that_would_make_a_circle_together_never_do(crowd: Crowd) -> None:
    now, owner = crowd.office.engine.now(), crowd.owner_id
    for number in range(5):
        names = [f"{name}{number}" for name in ("North", "East", "South")]
        for name in names:
            await crowd.write(departments.add, owner, f"{name} / Below {name}", now)
        circle = zip(names, [*names[1:], names[0]], strict=True)
        moves = (crowd.write(departments.move, owner, name, f"{below} / Below {below}", now) for name, below in circle)
        answers = await at_once(moves)
        assert sum(isinstance(answer, Branch) for answer in answers) == 2
        assert await crowd.is_sound()


async def test_what_is_hung_below_a_department_goes_with_it_or_stays_elsewhere(crowd: Crowd) -> None:
    now, owner = crowd.office.engine.now(), crowd.owner_id
    for number in range(4):
        name, other = f"Going{number}", f"Other{number}"
        for path in (name, f"{other} / Deep"):
            await crowd.write(departments.add, owner, path, now)
        calls: list[Awaitable[Branch | Removal]] = [
            crowd.write(departments.add, owner, f"{name} / New / Newer", now),
            crowd.write(departments.move, owner, other, name, now),
            crowd.write(departments.add, owner, f"{other} / Deep / Deeper", now),
            crowd.write(departments.rename, owner, name, f"{name} renamed", now),
        ]
        await at_once([*calls[:number], crowd.write(department_removal.remove, owner, name, now), *calls[number:]])
        assert await crowd.is_sound()
