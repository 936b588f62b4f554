"""Requests for a new password: stored whoever asks, and told to those who can help, limited and gathered."""

import pytest
from sqlalchemy import select

from core.domain.outbox import Kind
from core.engine import Engine
from core.services import password_links, password_requests
from core.storage.tables import OutboxMessage, PasswordRequest
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_manager
from tests.support.statements import counted


@pytest.fixture
async def manager(office: Office) -> int:
    """A manager of Sales who is in the chat."""
    return await a_manager(office.engine, "Sales", telegram_id=2001)


async def sign_up(office: Office, *emails: str) -> list[int]:
    profile = await office.profile()
    return [(await office.sign_up(profile.token, email)).user_id for email in emails]


async def ask(engine: Engine, *identifiers: str) -> None:
    """Let people ask, and the schedule tick once."""
    for identifier in identifiers:
        await engine.write(password_requests.ask, identifier, engine.now())
    await tick(engine)


async def tick(engine: Engine) -> None:
    if await engine.read(password_requests.any_to_announce, engine.now()):
        await engine.write(password_requests.announce, engine.now())


async def notified(engine: Engine) -> list[int]:
    """The recipients of notices so far."""
    query = select(OutboxMessage.user_id).where(OutboxMessage.kind == Kind.PASSWORD_WANTED).order_by(OutboxMessage.id)
    return await engine.read(lambda session: list(session.scalars(query)))


async def names(engine: Engine, recipient: int) -> list[int]:
    return [each.user_id for each in await engine.read(password_requests.wanted, recipient)]


async def test_the_managers_over_a_person_are_told(engine: Engine, office: Office, manager: int) -> None:
    [anna] = await sign_up(office, "anna@example.com")
    await a_manager(engine, "Sales", telegram_id=None)  # who isn't in the chat
    await ask(engine, " Anna@Example.com ")
    assert await notified(engine) == [manager]
    assert await names(engine, manager) == [anna]


async def test_the_administrators_are_told_if_nobody_else_can_help(engine: Engine, office: Office) -> None:
    [anna] = await sign_up(office, "anna@example.com")
    await ask(engine, "anna")  # the login
    assert await notified(engine) == [office.owner_id]
    assert await names(engine, office.owner_id) == [anna]


async def test_a_request_for_no_account_is_forgotten(engine: Engine, manager: int) -> None:
    await ask(engine, "nobody@example.com")
    assert await engine.read(lambda session: list(session.scalars(select(PasswordRequest)))) == []
    assert await notified(engine) == []
    assert await names(engine, manager) == []


async def test_storing_a_request_is_one_statement_whether_there_is_such_an_account_or_not(
    engine: Engine, office: Office
) -> None:
    await sign_up(office, "anna@example.com")
    costs = []
    for identifier in ("anna@example.com", "nobody@example.com", "anna@example.com", "nobody@example.com"):
        with counted() as count:
            await engine.write(password_requests.ask, identifier, engine.now())
        costs.append(count.cost)
    assert {cost.statements for cost in costs} == {1}


async def test_several_requests_make_one_notice(engine: Engine, office: Office, manager: int, clock: Clock) -> None:
    emails = [f"learner{number}@example.com" for number in range(3)]
    learners = await sign_up(office, *emails)
    await ask(engine, emails[0])
    await ask(engine, emails[1])
    await ask(engine, emails[2])
    assert await notified(engine) == [manager]
    assert await names(engine, manager) == learners
    clock.advance(minutes=10)
    await tick(engine)
    assert await notified(engine) == [manager] * 2
    clock.advance(minutes=10)
    await tick(engine)
    assert await notified(engine) == [manager] * 2


@pytest.mark.usefixtures("manager")
async def test_a_person_who_asks_again_within_a_day_is_not_announced_again(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await sign_up(office, "anna@example.com")
    for _ in range(3):
        await ask(engine, "anna@example.com")
        clock.advance(hours=1)
    assert len(await notified(engine)) == 1
    clock.advance(days=1)
    await engine.write(password_requests.sweep, engine.now())
    await ask(engine, "anna@example.com")
    assert len(await notified(engine)) == 2


async def test_a_request_is_over_with_the_link(engine: Engine, office: Office, manager: int) -> None:
    [anna] = await sign_up(office, "anna@example.com")
    await ask(engine, "anna@example.com")
    await engine.write(password_links.make, manager, anna, engine.now())
    assert await names(engine, manager) == []


async def test_a_manager_sees_who_asks_within_their_scope_only(engine: Engine, office: Office, manager: int) -> None:
    [anna] = await sign_up(office, "anna@example.com")
    await ask(engine, "anna@example.com")
    assert await names(engine, manager) == [anna]
    elsewhere = await a_manager(engine, "Sales / EMEA")
    assert await names(engine, elsewhere) == [anna]
    nowhere = await a_manager(engine)
    assert await names(engine, nowhere) == []
