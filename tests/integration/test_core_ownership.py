"""Who becomes the owner: by the one-time link, by the settings, or in place of a lost owner."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import InvalidInvitation, InvitationGivesNothing, OwnerExists
from core.services import outbox, ownership, people
from core.services.audit_log import Action
from core.services.ownership import LIFETIME, Claimant
from core.storage.tables import AuditLogEntry
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_user
from tests.support.transactions import under_way, until_somebody_waits

SECRET = "a secret key of tests"
POSTGRESQL_ONLY = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def claimant(telegram_id: int = 1001) -> Claimant:
    return Claimant(telegram_id=telegram_id, first_name="Olivia", last_name="Owner", language="ru")


async def code(engine: Engine) -> str:
    return await engine.write(ownership.new_code, SECRET, engine.now())


async def first(engine: Engine) -> str | None:
    return await engine.write(ownership.first_code, SECRET, engine.now())


async def replacement(engine: Engine) -> str:
    return await engine.write(ownership.replacement_code, SECRET, engine.now())


async def claim(engine: Engine, told: str, telegram_id: int = 1001) -> int:
    return await engine.write(ownership.claim_by_code, SECRET, told, claimant(telegram_id), engine.now())


async def role(engine: Engine, telegram_id: int) -> Role | None:
    person = await engine.read(people.by_telegram_id, telegram_id)
    return person.role if person else None


async def test_whoever_opens_the_owners_link_becomes_the_owner(engine: Engine) -> None:
    owner = await claim(engine, await code(engine))
    person = await engine.read(people.by_telegram_id, 1001)
    assert person
    assert (person.user_id, person.role, person.first_name, person.language) == (owner, Role.OWNER, "Olivia", "ru")


async def test_starts_make_one_owners_link_in_all(engine: Engine) -> None:
    told = await first(engine)
    assert told
    assert await first(engine) is None
    assert await claim(engine, told)


@POSTGRESQL_ONLY
async def test_processes_that_start_together_make_one_owners_link(engine: Engine) -> None:
    async with under_way(engine, lambda session: ownership.first_code(session, SECRET, engine.now())) as slow:
        quick = asyncio.create_task(first(engine))
        await until_somebody_waits(engine)
    assert await slow
    assert await quick is None


async def test_a_new_owners_link_ends_the_earlier_ones(engine: Engine) -> None:
    for old in (await first(engine), await code(engine)):
        new = await code(engine)
        assert old
        with pytest.raises(InvalidInvitation):
            await claim(engine, old)
    assert await claim(engine, new)


async def test_an_owners_link_ends_within_the_hour(engine: Engine, clock: Clock) -> None:
    told = await first(engine)
    clock.at += LIFETIME
    assert told
    with pytest.raises(InvalidInvitation):
        await claim(engine, told)
    assert await first(engine) is None
    assert await claim(engine, await code(engine))


async def test_an_owners_link_of_another_key_is_refused(engine: Engine) -> None:
    other = await engine.write(ownership.new_code, "another secret key", engine.now())
    with pytest.raises(InvalidInvitation):
        await claim(engine, other)


async def test_a_code_that_is_not_the_owners_is_refused(engine: Engine) -> None:
    await code(engine)
    for told in ("", "x", "привет", "\x00", "\ud800", "0" * 32):
        with pytest.raises(InvalidInvitation):
            await claim(engine, told)


async def test_no_code_works_before_one_is_made(engine: Engine) -> None:
    with pytest.raises(InvalidInvitation):
        await claim(engine, "")


async def test_an_owners_link_works_once(engine: Engine) -> None:
    told = await code(engine)
    await claim(engine, told)
    with pytest.raises(InvalidInvitation):
        await claim(engine, told, 1002)


async def test_no_owners_link_is_made_once_there_is_an_owner(engine: Engine) -> None:
    await claim(engine, await code(engine))
    for make in (first, code):
        with pytest.raises(OwnerExists):
            await make(engine)


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


async def test_a_stranger_can_replace_a_lost_owner_who_becomes_an_administrator_and_is_told(
    engine: Engine, office: Office
) -> None:
    new = await claim(engine, await replacement(engine), 1009)
    assert (await role(engine, 1009), await role(engine, 1001)) == (Role.OWNER, Role.ADMINISTRATOR)
    [told] = await engine.write(outbox.claim, "one", engine.now())
    assert (told.kind, told.user_id, told.subject_id) == (Kind.OWNER_REPLACED, office.owner_id, new)
    assert await engine.read(ownership.owner_name) == "Olivia Owner"


@pytest.mark.parametrize("before", [Role.ADMINISTRATOR, Role.DEPARTMENT_ADMINISTRATOR, Role.CUSTOM])
async def test_a_member_of_staff_can_replace_a_lost_owner(engine: Engine, office: Office, before: Role) -> None:
    managed = ("Sales",) if before is Role.DEPARTMENT_ADMINISTRATOR else ()
    heir = await a_user(engine, before, *managed, telegram_id=1009, active=False)
    assert await claim(engine, await replacement(engine), 1009) == heir
    assert (await role(engine, 1009), await role(engine, 1001)) == (Role.OWNER, Role.ADMINISTRATOR)
    assert office.owner_id != heir


async def test_replacing_the_owner_is_recorded_when_the_link_is_made_and_when_it_is_opened(
    engine: Engine, office: Office
) -> None:
    new = await claim(engine, await replacement(engine), 1009)

    def recorded(session: Session) -> list[tuple[str, int | None, int | None]]:
        query = select(AuditLogEntry).where(AuditLogEntry.action.in_([Action.OWNER_LINK_MADE, Action.OWNER_REPLACED]))
        found = session.scalars(query.order_by(AuditLogEntry.id)).all()
        return [(entry.action, entry.actor_id, entry.subject_id) for entry in found]

    assert await engine.read(recorded) == [
        (Action.OWNER_LINK_MADE, None, office.owner_id),
        (Action.OWNER_REPLACED, None, new),
    ]


async def test_the_owners_own_tap_on_the_replacement_changes_nothing_and_leaves_the_link(
    engine: Engine, office: Office
) -> None:
    told = await replacement(engine)
    with pytest.raises(InvitationGivesNothing):
        await claim(engine, told, 1001)
    assert await role(engine, 1001) is Role.OWNER
    assert await claim(engine, told, 1009) != office.owner_id


@pytest.mark.usefixtures("office")
async def test_a_replacement_works_once_and_for_the_owner_it_was_made_for(engine: Engine, clock: Clock) -> None:
    told = await replacement(engine)
    await claim(engine, told, 1009)
    with pytest.raises(InvalidInvitation):
        await claim(engine, told, 1010)
    late = await replacement(engine)
    clock.at += LIFETIME
    with pytest.raises(InvalidInvitation):
        await claim(engine, late, 1010)
    assert await role(engine, 1009) is Role.OWNER


async def test_a_replacement_for_nobody_is_an_owners_link(engine: Engine) -> None:
    assert await claim(engine, await replacement(engine))
    assert await role(engine, 1001) is Role.OWNER


@pytest.mark.usefixtures("office")
async def test_of_several_who_replace_the_owner_at_once_one_does(engine: Engine) -> None:
    told = await replacement(engine)
    claims = (claim(engine, told, 2001 + number) for number in range(4))
    answers = await asyncio.gather(*claims, return_exceptions=True)
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert sum(isinstance(answer, InvalidInvitation) for answer in answers) == 3
