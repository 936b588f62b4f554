"""Who waits is told in one message that grows until somebody is answered; then a new one follows."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.outbox import OPEN
from core.services import pending_sign_ups, waiting_sign_ups
from core.services.growing_notices import LASTS
from core.storage.tables import OutboxMessage
from tests.support.account import Office
from tests.support.bot_fixture import Town, open_town
from tests.support.chat import SeenMessage
from tests.support.clock import Clock
from tests.support.patience import PATIENCE
from tests.support.rows import a_request, a_user

# What grows and until when is tried quickly in test_core_growing_notices.
pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


async def arrives(office: Office, town: Town, clock: Clock, name: str, *, minutes: int) -> SeenMessage:
    """Let a person sign up who has to wait, some minutes later; return the message that tells of them."""
    clock.advance(minutes=minutes)
    links = await office.profile(name=name)
    await office.sign_up(links.token, f"{name}@example.com")
    told = await town.owner.reads(f"{name}@example.com")
    async with asyncio.timeout(PATIENCE):
        while await office.engine.read(_unrecorded):
            await asyncio.sleep(0.02)
    return told


def _unrecorded(session: Session) -> bool:
    return session.scalar(select(OutboxMessage.id).where(OutboxMessage.state.in_(OPEN)).limit(1)) is not None


async def test_one_message_grows_while_people_wait_and_a_new_one_follows_an_answer(
    approving: Office, town: Town, clock: Clock
) -> None:
    await town.owner.asks("/start")
    first = await arrives(approving, town, clock, "anna", minutes=0)
    card = await approving.profile()
    await a_request(approving.engine, card.token, "Zola")
    grown = await arrives(approving, town, clock, "boris", minutes=2)
    assert grown.id == first.id
    assert "2 people wait for your answer.\nAlso: Anna Berzina\n\n1 person asks for access" in grown.text
    assert grown.buttons[1:] == (("Approve 2", "One by one"), ("1 request for access",))
    await town.owner.taps("Approve")
    await town.owner.reads("was approved")
    following = await arrives(approving, town, clock, "clara", minutes=11)
    assert following.id > first.id
    assert (await arrives(approving, town, clock, "dora", minutes=2)).id == following.id
    await town.owner.taps("One by one")
    await town.owner.reads("3 people are waiting")
    assert (await arrives(approving, town, clock, "emma", minutes=11)).id > following.id


async def test_a_new_message_follows_after_a_day_or_if_others_have_answered_all(
    approving: Office, town: Town, clock: Clock
) -> None:
    engine, helper = approving.engine, await a_user(approving.engine, Role.ADMINISTRATOR)
    await town.owner.asks("/start")
    first = await arrives(approving, town, clock, "anna", minutes=0)
    [anna] = (await engine.read(waiting_sign_ups.listing, helper, "", engine.now())).waiting
    await engine.write(pending_sign_ups.approve, helper, anna.user_id, engine.now())
    second = await arrives(approving, town, clock, "boris", minutes=11)
    assert second.id > first.id
    third = await arrives(approving, town, clock, "clara", minutes=int(LASTS.total_seconds() // 60) + 1)
    assert third.id > second.id


async def test_a_message_that_was_deleted_does_not_grow(approving: Office, town: Town, clock: Clock) -> None:
    await town.owner.asks("/start")
    first = await arrives(approving, town, clock, "anna", minutes=0)

    def forget(session: Session) -> None:
        grows = update(OutboxMessage).where(OutboxMessage.grows_in == first.id)
        session.execute(grows.values(grows_in=first.id + 99))

    town.expected_refusals.append("message to edit not found")
    await approving.engine.write(forget)
    assert (await arrives(approving, town, clock, "boris", minutes=2)).id > first.id


@pytest.fixture
async def gated_town(approving: Office) -> AsyncIterator[Town]:
    async with open_town(approving.engine, gated=True) as running:
        yield running


async def test_an_answer_while_a_notice_changes_the_message_comes_below_it(
    approving: Office, gated_town: Town, clock: Clock
) -> None:
    town = gated_town
    await town.owner.asks("/start")
    first = await arrives(approving, town, clock, "anna", minutes=0)
    town.gate.hold("editMessageText")
    clock.advance(minutes=2)
    await approving.sign_up((await approving.profile(name="boris")).token, "boris@example.com")
    await asyncio.wait_for(town.gate.someone_waits.wait(), PATIENCE)
    await town.owner.taps("Approve")
    answer = await town.owner.reads("Anna Berzina was approved")
    assert answer.id > first.id
    town.gate.let_through()
    assert (await town.owner.reads("boris@example.com", after=answer)).id == first.id
    assert (await arrives(approving, town, clock, "clara", minutes=11)).id > answer.id
