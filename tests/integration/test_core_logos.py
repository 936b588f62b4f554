"""The account's logo: what the undo of a change takes back, and that changes at once leave one that is kept."""

from collections.abc import AsyncIterator

import pytest

from core.domain.logos import Logo
from core.errors import NothingToUndo, PreviewOutdated, QuestionClosed
from core.services import account, audit_log, logos
from core.services.audit_log import Action
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.concurrent_engines import Crowd, a_crowd, at_once

RED, BLUE, GREEN = (Logo(version=f"{number}-20x20", content="aaaa") for number in range(3))


async def change(office: Office, logo: Logo) -> int:
    undo = await office.engine.write(logos.change, office.owner_id, logo, office.engine.now())
    assert undo is not None
    return undo


async def undo(office: Office, question_id: int) -> None:
    await office.engine.write(logos.undo, office.owner_id, question_id, office.engine.now())


async def shown(office: Office) -> str | None:
    return await office.engine.read(logos.logo, office.owner_id)


async def test_an_undo_brings_the_logo_of_before_back_once(office: Office) -> None:
    await change(office, RED)
    blue = await change(office, BLUE)
    await undo(office, blue)
    assert await shown(office) == RED.version
    with pytest.raises(QuestionClosed):
        await undo(office, blue)


async def test_pages_and_cards_know_the_logo_that_is_shown(office: Office) -> None:
    assert (await office.engine.read(account.organisation)).logo is None
    await change(office, RED)
    assert (await office.engine.read(account.organisation)).logo == RED.version


async def test_a_change_is_taken_back_until_a_minute_is_over(office: Office, clock: Clock) -> None:
    red = await change(office, RED)
    clock.advance(seconds=60)
    await undo(office, red)
    assert await shown(office) is None


async def test_a_logo_and_its_removal_are_recorded(office: Office) -> None:
    await change(office, RED)
    await change(office, BLUE)
    assert await office.engine.write(logos.remove, office.owner_id, office.engine.now()) is not None
    assert await office.engine.write(logos.remove, office.owner_id, office.engine.now()) is None
    entries = (await office.engine.read(audit_log.page, office.owner_id)).entries
    changes = [(each.before, each.after) for each in entries if each.action is Action.POLICY_CHANGED]
    assert changes == [({"logo": True}, {"logo": False}), ({"logo": False}, {"logo": True})]


async def test_an_undo_of_an_earlier_change_changes_nothing(office: Office) -> None:
    red = await change(office, RED)
    await change(office, BLUE)
    with pytest.raises(PreviewOutdated):
        await undo(office, red)
    assert await shown(office) == BLUE.version


async def test_a_change_is_taken_back_within_a_minute_only(office: Office, clock: Clock) -> None:
    red = await change(office, RED)
    clock.advance(seconds=61)
    with pytest.raises(NothingToUndo) as refused:
        await undo(office, red)
    assert refused.value.seconds == 60


async def test_the_same_logo_again_is_no_change(office: Office) -> None:
    await change(office, RED)
    assert await office.engine.write(logos.change, office.owner_id, RED, office.engine.now()) is None


@pytest.fixture
async def crowd(office_url: str, clock: Clock) -> AsyncIterator[Crowd]:
    """Two engines on the database of an office."""
    async with a_crowd(office_url, clock) as crowd:
        yield crowd


async def test_the_logo_of_those_set_at_once_can_be_shown(crowd: Crowd, clock: Clock) -> None:
    for _ in range(4):
        await at_once([crowd.write(logos.change, crowd.owner_id, each, clock()) for each in (RED, BLUE, GREEN, RED)])
        version = await crowd.engine.read(logos.logo, crowd.owner_id)
        assert version is not None
        assert await crowd.engine.read(logos.picture, version) is not None
