"""Log-ins of learners on the pages."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.engine import Engine
from core.errors import AccountInactive
from core.services import sessions
from core.services.sessions import IDLE, LIFETIME, Browser, SignedIn
from core.storage.tables import WebSession
from tests.support.account import FAST_HASH, Office
from tests.support.clock import Clock
from tests.support.rows import deactivate


@pytest.fixture
async def learner(office: Office) -> int:
    card = await office.profile()
    return (await office.sign_up(card.token)).user_id


async def log_in(engine: Engine, user_id: int, *, instead_of: str | None = None) -> str:
    return await engine.write(sessions.start, user_id, engine.now(), browser=Browser(earlier=instead_of))


async def who(engine: Engine, token: str) -> SignedIn | None:
    return await engine.read(sessions.find, token, engine.now())


async def test_a_password_is_checked_by_e_mail_address_or_login_in_any_case(engine: Engine, learner: int) -> None:
    for identifier in ("anna@example.com", " ANNA@EXAMPLE.COM ", "anna", "Anna"):
        found = await engine.read(sessions.credentials, identifier)
        assert found == sessions.Credentials(user_id=learner, password_hash=FAST_HASH)


@pytest.mark.usefixtures("learner")
async def test_nobody_is_found_by_another_name(engine: Engine) -> None:
    for identifier in ("", "boris", "anna@example.org", "%", "ann\x00", "\ud800", "x" * 100_000):
        assert await engine.read(sessions.credentials, identifier) is None


async def test_a_log_in_is_known_by_its_cookie(engine: Engine, learner: int) -> None:
    assert await who(engine, await log_in(engine, learner)) == SignedIn(
        user_id=learner,
        first_name="Anna",
        last_name="Berzina",
        email="anna@example.com",
        is_learner=True,
        department_id=3,
        department="EMEA",
        password_link_at=None,
        has_telegram=False,
        renewal_due=False,
    )


async def test_another_cookie_is_nobodys(engine: Engine, learner: int) -> None:
    await log_in(engine, learner)
    for token in ("", "x", "a\x00b", "\udcff", "x" * 100_000):
        assert await who(engine, token) is None


async def test_the_database_does_not_hold_the_cookie(engine: Engine, learner: int) -> None:
    token = await log_in(engine, learner)
    [row] = await engine.read(log_ins)
    assert token not in repr(row)


async def test_a_log_in_lasts_two_weeks_however_much_it_is_used(engine: Engine, learner: int, clock: Clock) -> None:
    token, began = await log_in(engine, learner), clock()
    while clock() + IDLE / 2 < began + LIFETIME:
        clock.at += IDLE / 2
        assert await use(engine, token)
    clock.at = began + timedelta(weeks=2) - timedelta(microseconds=1)
    assert await use(engine, token)
    clock.advance(microseconds=1)
    assert await use(engine, token) is None


async def test_a_log_in_that_is_not_used_ends_after_three_days(engine: Engine, learner: int, clock: Clock) -> None:
    token = await log_in(engine, learner)
    clock.at += timedelta(days=3) - timedelta(microseconds=1)
    assert await who(engine, token)
    clock.advance(microseconds=1)
    assert await who(engine, token) is None
    await engine.write(sessions.renew, token, clock())  # too late
    assert await who(engine, token) is None


async def test_use_extends_a_log_in_and_is_written_once_an_hour(engine: Engine, learner: int, clock: Clock) -> None:
    token, due = await log_in(engine, learner), []
    for _ in range(12):
        clock.advance(minutes=10)
        found = await use(engine, token)
        assert found
        due.append(found.renewal_due)
    assert due == 2 * ([False] * 5 + [True])
    clock.at += IDLE - timedelta(minutes=1)
    assert await who(engine, token)


async def test_log_ins_that_have_ended_are_swept(engine: Engine, learner: int, clock: Clock) -> None:
    await log_in(engine, learner)
    clock.at += IDLE
    token = await log_in(engine, learner)
    await engine.write(sessions.sweep, clock())
    assert len(await engine.read(log_ins)) == 1
    assert await who(engine, token)


async def use(engine: Engine, token: str) -> SignedIn | None:
    """Use a session as the pages do."""
    found = await who(engine, token)
    if found and found.renewal_due:
        await engine.write(sessions.renew, token, engine.now())
    return found


def log_ins(session: Session) -> list[dict[str, object]]:
    return [dict(row) for row in session.execute(select(WebSession.__table__)).mappings()]


async def test_one_person_may_be_logged_in_in_several_browsers(engine: Engine, learner: int) -> None:
    tokens = [await log_in(engine, learner) for _ in range(2)]
    assert [bool(await who(engine, token)) for token in tokens] == [True, True]


async def test_a_new_log_in_ends_the_browsers_old_one(engine: Engine, learner: int) -> None:
    old = await log_in(engine, learner)
    new = await log_in(engine, learner, instead_of=old)
    assert await who(engine, old) is None
    assert await who(engine, new)


async def test_logging_out_ends_the_log_in(engine: Engine, learner: int) -> None:
    token = await log_in(engine, learner)
    await engine.write(sessions.end, token)
    assert await who(engine, token) is None


async def test_the_inactive_cannot_log_in(engine: Engine, learner: int) -> None:
    await deactivate(engine, learner)
    with pytest.raises(AccountInactive):
        await log_in(engine, learner)


async def test_who_becomes_inactive_is_logged_out(engine: Engine, learner: int) -> None:
    token = await log_in(engine, learner)
    await deactivate(engine, learner)
    assert await who(engine, token) is None
