"""More time and more places for a profile by one tap, and back for a minute."""

from datetime import timedelta

import pytest

from core.domain.places import HIGHEST_LIMIT
from core.errors import LimitNotUnderstood, NothingToUndo, PreviewOutdated
from core.services import audit_log, profile_extending, profiles, time_zone
from core.services.audit_log import Action
from core.services.profile_changes import as_seconds
from core.services.profile_extending import Extended
from core.services.time_zone import Keep
from tests.support.account import Office
from tests.support.clock import Clock


async def a_week(office: Office, card: profiles.Card) -> Extended:
    return await office.engine.write(
        profile_extending.add_week,
        office.owner_id,
        card.profile_id,
        office.engine.now(),
        ends_at=as_seconds(card.window.ends_at),
    )


async def places(office: Office, profile_id: int, limit: int) -> Extended:
    return await office.engine.write(
        profile_extending.add_places, office.owner_id, profile_id, office.engine.now(), limit=limit
    )


async def test_a_profile_ends_a_week_after_its_end_at_the_end_of_that_day(office: Office, clock: Clock) -> None:
    card = await office.profile(window="now - +3 days")
    done = await a_week(office, card)
    end = clock().replace(hour=23, minute=59, second=59) + timedelta(days=10)
    assert done.card.window.ends_at.replace(microsecond=0) == end


async def test_a_profile_that_has_ended_is_open_for_a_week_from_now_in_the_accounts_zone(
    office: Office, clock: Clock
) -> None:
    await office.engine.write(time_zone.change, office.owner_id, "Asia/Tokyo", Keep.MOMENTS, clock())
    await office.profile(name="Another")
    card = await office.profile(window="now - +1 day")
    clock.advance(days=30, hours=4)  # 16:00, which is 01:00 of the next day there
    done = await a_week(office, card)
    end = clock().replace(hour=14, minute=59, second=59) + timedelta(days=8)
    assert done.card.window.ends_at.replace(microsecond=0) == end


async def test_a_second_tap_on_what_was_seen_before_adds_nothing(office: Office) -> None:
    card = await office.profile()
    await a_week(office, card)
    await places(office, card.profile_id, 50)
    with pytest.raises(PreviewOutdated):
        await a_week(office, card)
    with pytest.raises(PreviewOutdated):
        await places(office, card.profile_id, 50)


async def test_ten_places_are_added_up_to_the_highest_limit(office: Office) -> None:
    card = await office.profile(limit=str(HIGHEST_LIMIT - 10))
    assert (await places(office, card.profile_id, HIGHEST_LIMIT - 10)).card.limit == HIGHEST_LIMIT == 1_000_000
    with pytest.raises(LimitNotUnderstood) as refused:
        await places(office, card.profile_id, HIGHEST_LIMIT)
    assert (refused.value.text, refused.value.highest) == ("1000010", 1_000_000)


async def test_it_is_taken_back_for_a_minute(office: Office, clock: Clock) -> None:
    await office.profile(name="Another")
    card = await office.profile()
    given, at = await places(office, card.profile_id, 50), clock()

    async def back() -> profiles.Card:
        return await office.engine.write(
            profile_extending.undo, office.owner_id, card.profile_id, given.undo, clock(), at=at
        )

    clock.advance(seconds=61)
    with pytest.raises(NothingToUndo) as refused:
        await back()
    assert refused.value.seconds == 60
    clock.advance(seconds=-1)
    assert (await back()).limit == 50


async def test_both_are_recorded_with_what_was_before(office: Office) -> None:
    await office.profile(name="Another")
    card = await office.profile(name="Autumn")
    await places(office, card.profile_id, 50)
    await a_week(office, card)
    entries = (await office.engine.read(audit_log.page, office.owner_id)).entries[:2]
    assert [(each.action, each.subject) for each in entries] == [(Action.PROFILE_EDITED, "Autumn")] * 2
    assert [each.before for each in entries][1] == {"limit": 50}
    assert [each.after for each in entries][1] == {"limit": 60}
