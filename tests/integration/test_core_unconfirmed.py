"""Answers and messages of which nobody knows whether they arrived: the newest fifteen of three days."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.outbox import Kind, MessageState
from core.errors import NotAllowed
from core.services import time_zone, unconfirmed
from core.services.time_zone import Keep
from core.services.unconfirmed import Unconfirmed, UnconfirmedList
from core.storage.tables import OutboxMessage
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.outbox_messages import queue
from tests.support.rows import a_manager, a_user


async def lost(office: Office, number: int, *, refusal: str | None = None) -> None:
    """Lose so many messages, each a second after the one before."""

    def run(session: Session) -> None:
        lost = {"state": MessageState.UNKNOWN, "refusal": refusal}
        session.execute(update(OutboxMessage).where(OutboxMessage.state == MessageState.WAITING).values(**lost))

    for subject in range(number):
        await queue(office, subject=subject)
    await office.engine.write(run)


async def listing(office: Office, *, by: int = 0) -> UnconfirmedList:
    return await office.engine.read(unconfirmed.listing, by or office.owner_id, office.engine.now())


async def test_a_lost_message_says_when_for_whom_what_and_why(office: Office, clock: Clock) -> None:
    await office.engine.write(time_zone.change, office.owner_id, "Europe/Riga", Keep.MOMENTS, clock())
    await lost(office, 1, refusal="chat not found")
    at = clock()
    clock.advance(hours=1)
    found = await listing(office)
    assert found.zone.key == "Europe/Riga"
    assert found.newest == (
        Unconfirmed(at=at, recipient="Olivia Owner", kind=Kind.FIRST_LEARNER, refusal="chat not found"),
    )


async def test_fifteen_are_shown_the_newest_first(office: Office, clock: Clock) -> None:
    for _ in range(17):
        await lost(office, 1)
        clock.advance(minutes=1)
    found = (await listing(office)).newest
    assert [each.at for each in found] == [clock() - timedelta(minutes=minutes) for minutes in range(1, 16)]


async def test_they_are_shown_for_three_days(office: Office, clock: Clock) -> None:
    await lost(office, 1)
    clock.advance(days=3)
    assert len((await listing(office)).newest) == 1
    clock.advance(seconds=1)
    assert (await listing(office)).newest == ()


async def test_only_who_reads_the_log_of_the_whole_account_sees_them(office: Office) -> None:
    assert (await listing(office, by=await a_user(office.engine, Role.ADMINISTRATOR))).newest == ()
    with pytest.raises(NotAllowed):
        await listing(office, by=await a_manager(office.engine, "Sales"))
