"""The account: its owner, name, time zone, switch, and what it keeps."""

import asyncio

import pytest

from core.domain.access import Role
from core.domain.cadence import parse_cadence
from core.engine import Engine
from core.errors import InvalidInvitation, InvalidName, OwnerExists, UnknownZone
from core.services import account, digests, monitoring, ownership, people, profiles, time_zone
from core.services.account import Organisation, SetUp
from core.services.ownership import Claimant
from core.services.time_zone import Keep
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.transactions import under_way, until_somebody_waits

SECRET = "a secret key of tests"
POSTGRESQL_ONLY = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def claimant(telegram_id: int = 1001) -> Claimant:
    return Claimant(telegram_id=telegram_id, first_name="Olivia", last_name="Owner", language="ru")


async def code(engine: Engine, *, fresh: bool = False) -> str:
    return await engine.write(ownership.owner_code, SECRET, fresh=fresh)


async def claim(engine: Engine, told: str, telegram_id: int = 1001) -> int:
    return await engine.write(ownership.claim_by_code, SECRET, told, claimant(telegram_id), engine.now())


async def test_a_new_account_has_no_name_utc_and_sign_up_off(engine: Engine) -> None:
    organisation = await engine.read(account.organisation)
    assert (organisation.name, organisation.zone.key, organisation.sign_up_enabled) == (None, "UTC", False)


async def test_whoever_opens_the_owners_link_becomes_the_owner(engine: Engine) -> None:
    owner = await claim(engine, await code(engine))
    person = await engine.read(people.by_telegram_id, 1001)
    assert person
    assert (person.user_id, person.role, person.first_name, person.language) == (owner, Role.OWNER, "Olivia", "ru")


async def test_every_process_prints_the_same_owners_link(engine: Engine) -> None:
    assert await code(engine) == await code(engine)


@POSTGRESQL_ONLY
async def test_processes_that_start_together_print_the_same_owners_link(engine: Engine) -> None:
    async with under_way(engine, lambda session: ownership.owner_code(session, SECRET, fresh=False)) as slow:
        quick = asyncio.create_task(code(engine))
        await until_somebody_waits(engine)
    assert await slow == await quick


async def test_a_fresh_owners_link_ends_the_earlier_one(engine: Engine) -> None:
    old, new = await code(engine), await code(engine, fresh=True)
    assert old != new
    with pytest.raises(InvalidInvitation):
        await claim(engine, old)
    assert await claim(engine, new)


async def test_an_owners_link_of_another_key_is_refused(engine: Engine) -> None:
    other = await engine.write(ownership.owner_code, "another secret key", fresh=False)
    with pytest.raises(InvalidInvitation):
        await claim(engine, other)


async def test_a_code_that_is_not_the_owners_is_refused(engine: Engine) -> None:
    await code(engine)
    for told in ("", "x", "привет", "\x00", "\ud800", "0" * 32):
        with pytest.raises(InvalidInvitation):
            await claim(engine, told)


async def test_no_code_works_before_one_is_printed(engine: Engine) -> None:
    with pytest.raises(InvalidInvitation):
        await claim(engine, "")


async def test_an_owners_link_works_once(engine: Engine) -> None:
    told = await code(engine)
    await claim(engine, told)
    with pytest.raises(InvalidInvitation):
        await claim(engine, told, 1002)


async def test_no_owners_link_is_printed_once_there_is_an_owner(engine: Engine) -> None:
    await claim(engine, await code(engine))
    for fresh in (False, True):
        with pytest.raises(OwnerExists):
            await code(engine, fresh=fresh)


async def test_the_person_named_in_the_settings_becomes_the_owner_while_there_is_none(engine: Engine) -> None:
    assert await engine.write(ownership.claim_as_configured, claimant(), engine.now())
    with pytest.raises(OwnerExists):
        await engine.write(ownership.claim_as_configured, claimant(1002), engine.now())


async def test_of_several_who_open_the_owners_link_at_once_one_becomes_the_owner(engine: Engine) -> None:
    told = await code(engine)
    claims = (claim(engine, told, 1001 + number) for number in range(6))
    answers = await asyncio.gather(*claims, return_exceptions=True)
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert sum(isinstance(answer, InvalidInvitation | OwnerExists) for answer in answers) == 5


async def test_a_name_longer_than_its_column_is_cut(engine: Engine) -> None:
    long = Claimant(telegram_id=1001, first_name="O" * 200, last_name="W" * 200, language="en")
    await engine.write(ownership.claim_as_configured, long, engine.now())
    person = await engine.read(people.by_telegram_id, 1001)
    assert person
    assert person.first_name == "O" * 100


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
    assert rezoned.key == "Europe/Riga"
    after = await engine.read(profiles.card, office.owner_id, card.profile_id, engine.now())
    assert (after.window, after.zone) == (card.window, rezoned)


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
