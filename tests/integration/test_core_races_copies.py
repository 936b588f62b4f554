"""Profiles duplicated while they are being changed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable

import pytest

from core.errors import ProfileNotFound
from core.services import department_removal, profile_copying, profile_editing
from core.services.profile_editing import Change, EditedField
from core.services.profiles import Card
from tests.support.clock import Clock
from tests.support.concurrent_engines import Crowd, a_crowd
from tests.support.transactions import under_way, until_somebody_waits

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
async def crowd(office_url: str, clock: Clock) -> AsyncIterator[Crowd]:
    async with a_crowd(office_url, clock) as crowd:
        yield crowd


def copied(crowd: Crowd, model: Card) -> Awaitable[Card]:
    now = crowd.office.engine.now()
    return crowd.write(profile_copying.duplicate, crowd.owner_id, model.profile_id, f"{model.name} (2)", now)


@ON_POSTGRESQL
async def test_a_copy_is_where_its_model_has_just_been_moved(crowd: Crowd, clock: Clock) -> None:
    model, owner = await crowd.office.profile(), crowd.owner_id
    moved = (model.profile_id, Change(field=EditedField.DEPARTMENT, value="Sales"), clock())
    async with under_way(crowd.engine, lambda session: profile_editing.edit(session, owner, *moved)):
        copy = asyncio.ensure_future(copied(crowd, model))
        await until_somebody_waits(crowd.engine)
    assert (await copy).department == ("Sales",)


@ON_POSTGRESQL
async def test_a_model_that_goes_with_its_department_meanwhile_is_not_copied(crowd: Crowd, clock: Clock) -> None:
    model, owner = await crowd.office.profile(), crowd.owner_id
    removed = ("Sales / EMEA", clock())
    async with under_way(crowd.engine, lambda session: department_removal.remove(session, owner, *removed)):
        copy = asyncio.ensure_future(copied(crowd, model))
        await until_somebody_waits(crowd.engine)
    with pytest.raises(ProfileNotFound) as refused:
        await copy
    assert refused.value.profile_id == model.profile_id
