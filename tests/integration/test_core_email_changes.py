"""New addresses of users who confirm them at once: one link works once, and one address is given once."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.orm import Session

from core.domain.hashes import hash_of
from core.errors import EmailLinkGone
from core.services import email_changes
from core.services.confirmations import Addressee
from core.storage import reminders
from core.storage.tables import User
from tests.support.clock import Clock
from tests.support.concurrent_engines import Crowd, a_crowd, at_once, kinds

pytestmark = pytest.mark.deep
NEW = "new@example.com"


@pytest.fixture
async def crowd(office_url: str, clock: Clock) -> AsyncIterator[Crowd]:
    async with a_crowd(office_url, clock) as crowd:
        yield crowd


async def ask(crowd: Crowd, user_id: int, email: str, clock: Clock) -> str:
    """Enter a new address, and return the code that is sent there."""
    now = clock.advance(minutes=1)
    to = Addressee(language="en", pseudonym=email)
    await crowd.engine.write(email_changes.ask, user_id, email, to, now)
    brought = await crowd.engine.write(email_changes.mailed, user_id, email, now)
    assert brought is not None
    return brought.code


async def email_of(crowd: Crowd, user_id: int) -> str | None:
    def read(session: Session) -> str | None:
        return session.get_one(User, user_id).email

    return await crowd.engine.read(read)


async def test_one_address_is_given_once_by_one_link(crowd: Crowd, clock: Clock) -> None:
    token = (await crowd.office.profile()).token
    users = [(await crowd.office.sign_up(token, f"user{number}@example.com")).user_id for number in range(4)]
    codes = [await ask(crowd, user_id, NEW, clock) for user_id in users]
    confirmed = await at_once([crowd.write(email_changes.confirm, code, clock()) for code in codes for _ in range(3)])
    assert kinds(confirmed)["NoneType"] == 1
    assert set(kinds(confirmed)) <= {"NoneType", "EmailTaken", "EmailLinkGone"}
    assert [await email_of(crowd, user_id) for user_id in users].count(NEW) == 1


async def test_a_link_to_an_address_that_was_given_up_for_another_is_void(crowd: Crowd, clock: Clock) -> None:
    user_id = (await crowd.office.sign_up((await crowd.office.profile()).token)).user_id
    first = await ask(crowd, user_id, "first@example.com", clock)
    second = await ask(crowd, user_id, "second@example.com", clock)
    assert await crowd.engine.write(email_changes.mailed, user_id, "first@example.com", clock()) is None
    with pytest.raises(EmailLinkGone):
        await crowd.engine.write(email_changes.confirm, first, clock())
    await crowd.engine.write(email_changes.confirm, second, clock())
    assert await email_of(crowd, user_id) == "second@example.com"


async def test_a_wish_for_no_reminders_and_the_end_of_a_day_hold_for_a_new_address(crowd: Crowd, clock: Clock) -> None:
    user_id = (await crowd.office.sign_up((await crowd.office.profile()).token)).user_id
    await crowd.engine.write(reminders.stop, hash_of("anna@example.com"), clock())
    await crowd.engine.write(email_changes.confirm, await ask(crowd, user_id, NEW, clock), clock())
    assert await crowd.engine.read(reminders.is_stopped, hash_of(NEW))
    third = await ask(crowd, user_id, "third@example.com", clock)
    clock.advance(days=1)
    with pytest.raises(EmailLinkGone):
        await crowd.engine.read(email_changes.find, third, clock())
    await crowd.engine.write(email_changes.sweep, clock())
