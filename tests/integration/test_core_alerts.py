"""Alerts: told at once and once, to who can do something about it, and not if they are turned off."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.alerts import RUSH, Alert
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import NotAllowed
from core.services import alerts, policies, profile_editing
from core.services.profile_editing import Change, EditedField
from core.storage.tables import OutboxMessage
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.concurrent_engines import at_once
from tests.support.rows import a_manager, demote

OTHERS = frozenset(set(Kind) - set(alerts.KINDS.values()))


async def told(engine: Engine) -> list[tuple[Kind, int, int]]:
    """Do what the schedule does, twice; give kind, subject and recipient of all alerts that it has ever told."""
    for _ in range(2):
        if await engine.read(alerts.any_due, engine.now()):
            await engine.write(alerts.tell, engine.now())

    def run(session: Session) -> list[tuple[Kind, int, int]]:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        return [(Kind(each.kind), each.subject_id, each.user_id) for each in rows if each.kind not in OTHERS]

    return await engine.read(run)


async def test_a_limit_that_is_mostly_used_is_told_once_and_again_with_a_new_limit(
    engine: Engine, office: Office
) -> None:
    card = await office.profile(limit="5")
    for number in range(3):
        await office.sign_up(card.token, f"learner{number}@example.com")
    assert await told(engine) == []
    await office.sign_up(card.token, "learner3@example.com")
    alert = (Kind.MOSTLY_USED, card.profile_id, office.owner_id)
    assert await told(engine) == [alert]
    change = Change(field=EditedField.LIMIT, value="6")
    await engine.write(profile_editing.edit, office.owner_id, card.profile_id, change, engine.now())
    assert await told(engine) == [alert]
    await office.sign_up(card.token, "learner4@example.com")
    assert await told(engine) == [alert, alert]


async def test_a_full_link_is_not_told_to_be_nearly_full(engine: Engine, office: Office) -> None:
    card = await office.profile(limit="1")
    await office.sign_up(card.token)
    assert await told(engine) == []


async def test_a_link_that_ends_with_places_left_is_told_two_days_before(
    engine: Engine, office: Office, clock: Clock
) -> None:
    long, short = await office.profile(window="now - +5 days"), await office.profile(window="now - +1 day")
    assert short.profile_id
    await office.profile(limit="unlimited", window="now - +5 days")
    clock.at = long.window.ends_at - timedelta(hours=49)
    assert await told(engine) == []
    clock.advance(hours=2)
    alert = (Kind.PLACES_UNUSED, long.profile_id, office.owner_id)
    assert await told(engine) == [alert]
    clock.advance(hours=40)
    assert await told(engine) == [alert]
    change = Change(field=EditedField.END, value="+5 days")
    await engine.write(profile_editing.edit, office.owner_id, long.profile_id, change, engine.now())
    clock.advance(hours=80)
    assert await told(engine) == [alert, alert]


async def test_a_rush_is_told_once_an_hour_to_who_may_edit_the_profile(
    engine: Engine, office: Office, clock: Clock
) -> None:
    manager = await a_manager(engine, "Sales", telegram_id=7)
    card = await office.profile(limit="1000")
    for number in range(RUSH - 1):
        await office.sign_up(card.token, f"learner{number}@example.com")
    assert await told(engine) == []
    await office.sign_up(card.token, "last@example.com")
    assert await told(engine) == [(Kind.RUSH, card.profile_id, office.owner_id)]
    clock.advance(minutes=2)
    assert len(await told(engine)) == 1
    await demote(engine, office.owner_id)
    clock.advance(minutes=61)
    for number in range(RUSH):
        await office.sign_up(card.token, f"late{number}@example.com")
    assert (await told(engine))[1:] == [(Kind.RUSH, card.profile_id, manager)]


async def test_scarce_seats_are_told_to_administrators_once_for_each_limit(engine: Engine, office: Office) -> None:
    await engine.write(policies.limit_seats, office.owner_id, "5", engine.now())
    card = await office.profile()
    for number in range(3):  # and the owner
        assert await told(engine) == []
        await office.sign_up(card.token, f"learner{number}@example.com")
    alert = (Kind.SEATS_SCARCE, 0, office.owner_id)
    assert await told(engine) == [alert]
    await engine.write(policies.limit_seats, office.owner_id, "4", engine.now())
    assert await told(engine) == [alert, alert]


async def test_what_is_turned_off_is_not_told_and_only_who_manages_the_account_turns_it(
    engine: Engine, office: Office
) -> None:
    manager = await a_manager(engine, "Sales")
    with pytest.raises(NotAllowed):
        await engine.write(alerts.switch, manager, Alert.MOSTLY_USED, engine.now(), on=False)
    found = await engine.write(alerts.switch, office.owner_id, Alert.MOSTLY_USED, engine.now(), on=False)
    assert [alert for alert, on in found.items() if not on] == [Alert.MOSTLY_USED]
    card = await office.profile(limit="5")
    for number in range(4):
        await office.sign_up(card.token, f"learner{number}@example.com")
    assert await told(engine) == []
    await engine.write(alerts.switch, office.owner_id, Alert.MOSTLY_USED, engine.now(), on=True)
    assert len(await told(engine)) == 1


async def test_processes_that_look_at_once_tell_it_once(engine: Engine, office: Office) -> None:
    card = await office.profile(limit="5")
    for number in range(4):
        await office.sign_up(card.token, f"learner{number}@example.com")
    await at_once(engine.write(alerts.tell, engine.now()) for _ in range(4))
    assert len(await told(engine)) == 1
