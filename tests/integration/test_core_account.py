"""The account: its owner, name, time zone, switch, and what it keeps."""

import asyncio

import pytest

from core.domain.cadence import parse_cadence
from core.engine import Engine
from core.errors import InvalidName, UnknownZone
from core.services import account, digests, monitoring, profiles, time_zone
from core.services.account import Organisation, SetUp
from core.services.time_zone import Keep
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.transactions import under_way, until_somebody_waits

POSTGRESQL_ONLY = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def test_a_new_account_has_no_name_utc_and_sign_up_off(engine: Engine) -> None:
    organisation = await engine.read(account.organisation)
    assert (organisation.name, organisation.zone.key, organisation.sign_up_enabled) == (None, "UTC", False)


async def test_the_organisation_gets_a_name(engine: Engine, office: Office) -> None:
    assert await engine.write(account.rename, office.owner_id, " Corvid   Ltd ", engine.now()) == "Corvid Ltd"
    assert (await engine.read(account.organisation)).name == "Corvid Ltd"
    with pytest.raises(InvalidName):
        await engine.write(account.rename, office.owner_id, " ", engine.now())


async def test_sign_up_is_switched_on_and_off(engine: Engine, office: Office) -> None:
    for on in (False, True):
        await engine.write(account.switch_sign_up, office.owner_id, engine.now(), on=on)
        assert (await engine.read(account.organisation)).sign_up_enabled is on


async def test_the_owners_checklist_counts_what_is_there(engine: Engine, office: Office) -> None:
    await office.profile()
    found = await engine.read(account.set_up, office.owner_id)
    organisation = Organisation(name=None, zone=found.organisation.zone, sign_up_enabled=True)
    assert found == SetUp(organisation=organisation, departments=2, courses=1, rules=1, profiles=1)


async def test_a_new_zone_keeps_the_windows_moments(engine: Engine, office: Office) -> None:
    card = await office.profile()
    rezoned = await engine.write(time_zone.change, office.owner_id, "riga", Keep.MOMENTS, engine.now())
    assert rezoned.zone.key == "Europe/Riga"
    after = await engine.read(profiles.card, office.owner_id, card.profile_id, engine.now())
    assert (after.window, after.zone) == (card.window, rezoned.zone)


async def test_an_unknown_zone_changes_nothing(engine: Engine, office: Office) -> None:
    with pytest.raises(UnknownZone):
        await engine.write(time_zone.change, office.owner_id, "Europe/Rigga", Keep.MOMENTS, engine.now())
    assert (await engine.read(account.organisation)).zone.key == "UTC"


async def test_a_new_zone_moves_digests_to_the_same_time_by_its_clock(
    engine: Engine, office: Office, clock: Clock
) -> None:
    before = await engine.write(digests.subscribe, office.owner_id, parse_cadence("daily 18:00"), 1001, clock())
    await engine.write(time_zone.change, office.owner_id, "Europe/Riga", Keep.MOMENTS, clock())
    after = await engine.read(digests.subscription, office.owner_id)
    assert before.next_due == clock().replace(hour=18)
    assert after.next_due == clock().replace(hour=16)
    assert after.zone.key == "Europe/Riga"


async def test_a_new_zone_leaves_digests_that_were_ended_alone(engine: Engine, office: Office, clock: Clock) -> None:
    await engine.write(digests.request, office.owner_id, 1001, clock())
    await engine.write(time_zone.change, office.owner_id, "Europe/Riga", Keep.MOMENTS, clock())
    assert (await engine.read(digests.subscription, office.owner_id)).next_due is None


async def test_the_secret_key_is_made_once_and_kept(engine: Engine) -> None:
    keys = await asyncio.gather(*(engine.write(account.secret_key) for _ in range(5)))
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 43


async def test_the_last_poll_is_remembered(engine: Engine, clock: Clock) -> None:
    assert await engine.read(monitoring.last_poll) is None
    await engine.write(monitoring.record_poll, clock())
    await engine.write(monitoring.record_poll, clock.advance(seconds=30))
    assert await engine.read(monitoring.last_poll) == clock()


@POSTGRESQL_ONLY
async def test_first_polls_of_several_processes_are_no_trouble(engine: Engine) -> None:
    async with under_way(engine, lambda session: monitoring.record_poll(session, engine.now())) as slow:
        quick = asyncio.create_task(engine.write(monitoring.record_poll, engine.now()))
        await until_somebody_waits(engine)
    await asyncio.gather(slow, quick)
    assert await engine.read(monitoring.last_poll) == engine.now()
