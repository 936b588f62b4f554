"""Reminders in the chat: previewed from who is missing and from who is behind, and sent by a tap."""

from collections.abc import AsyncIterator

import pytest

from core.engine import Engine
from tests.support.account import Office
from tests.support.bot_fixture import Town, open_town
from tests.support.clock import Clock
from tests.support.reminders import ANNA, JANIS, OLGA, expect


@pytest.fixture
async def town(engine: Engine, office: Office) -> AsyncIterator[Town]:  # noqa: ARG001 - its account is what the owner opens
    async with open_town(engine, mails_a_day=100) as running:
        await running.owner.asks("/start")
        yield running


async def test_the_missing_and_those_behind_are_reminded_after_a_preview(
    town: Town, office: Office, clock: Clock
) -> None:
    card, owner = await office.profile(), town.owner
    await expect(office, card.profile_id, ANNA, JANIS, OLGA, None)
    await office.sign_up(card.token, ANNA)
    await owner.reads("The first learner signed up")
    await owner.asks(f"/missing {card.profile_id}")
    await owner.taps("Remind all · 3")
    preview = await owner.reads("Remind those who haven't come")
    assert "3 people" in preview.text
    assert "1 can't be reached" in preview.text
    assert "2 people get an email at once." in preview.text
    await owner.taps("Remind 2 people")
    await owner.reads("2 people get an email at once.")
    await owner.taps("‹ Who's missing")
    await owner.reads("1 of 4 came")
    await owner.taps("Remind all · 3")
    assert "2 have a reminder already" in (await owner.reads("So nobody gets an email.")).text
    clock.advance(hours=10)
    await owner.asks(f"/progress {card.profile_id}")
    await owner.taps("Not started · 1 person")
    await owner.reads("Safety first: not started")
    await owner.taps("Remind all by email")
    await owner.reads("1 person gets an email: Tue 24 Nov 09:00 (UTC).")
    await owner.taps("Remind 1 person")
    await owner.reads("1 person gets an email: Tue 24 Nov 09:00 (UTC).")
    await owner.taps("‹ Back")
    await owner.reads("Not started: 1 person")


async def test_without_a_mail_server_it_says_what_is_missing(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    async with open_town(engine) as town:
        await town.owner.asks("/start")
        await town.owner.asks(f"/missing {card.profile_id}")
        await town.owner.taps("Remind all · 1")
        await town.owner.reads("a mail server (SMTP_URL)")
