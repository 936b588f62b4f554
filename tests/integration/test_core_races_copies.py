"""Profiles duplicated by several taps on one button at once: one copy, and all are shown it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable

import pytest

from core.services import profile_copying, profile_editing, profiles
from core.services.profile_editing import Change, EditedField
from core.services.profiles import Card
from tests.support.clock import Clock
from tests.support.concurrent_engines import Crowd, a_crowd, at_once
from tests.support.transactions import under_way, until_somebody_waits

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
async def crowd(office_url: str, clock: Clock) -> AsyncIterator[Crowd]:
    async with a_crowd(office_url, clock) as crowd:
        yield crowd


def copied(crowd: Crowd, model: Card) -> Awaitable[Card]:
    now = crowd.office.engine.now()
    return crowd.write(
        profile_copying.duplicate, crowd.owner_id, model.profile_id, f"{model.name} (2)", now, since=model.newest
    )


async def test_taps_on_one_button_at_once_make_one_copy(crowd: Crowd, clock: Clock) -> None:
    for number in range(1, 6):
        model = await crowd.office.profile(name=f"Season {number}")
        answers = await at_once(copied(crowd, model) for _ in range(6))
        assert answers == 6 * [answers[0]]
        assert (await crowd.engine.read(profiles.listing, crowd.owner_id, "", 0, clock())).total == 2 * number
    assert await crowd.is_sound()


@ON_POSTGRESQL
async def test_a_tap_waits_for_the_copy_that_another_one_is_making(crowd: Crowd, clock: Clock) -> None:
    model, owner = await crowd.office.profile(), crowd.owner_id
    arguments = (owner, model.profile_id, f"{model.name} (2)", clock())
    async with under_way(
        crowd.engine, lambda session: profile_copying.duplicate(session, *arguments, since=model.newest)
    ) as first:
        second = asyncio.ensure_future(copied(crowd, model))
        await until_somebody_waits(crowd.engine)
    assert await first == await second


@ON_POSTGRESQL
async def test_a_copy_is_where_its_model_has_just_been_moved(crowd: Crowd, clock: Clock) -> None:
    model, owner = await crowd.office.profile(), crowd.owner_id
    moved = (model.profile_id, Change(field=EditedField.DEPARTMENT, value="Sales"), clock())
    async with under_way(crowd.engine, lambda session: profile_editing.edit(session, owner, *moved)):
        copy = asyncio.ensure_future(copied(crowd, model))
        await until_somebody_waits(crowd.engine)
    assert (await copy).department == ("Sales",)
