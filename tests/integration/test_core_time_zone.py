"""Another time zone for the account: what it would change, and the choice of what stays."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.domain.links import LinkState
from core.engine import Engine
from core.errors import NotAllowed, PreviewOutdated, UnknownZone
from core.services import account, audit_log, profiles, time_zone
from core.services.profiles import Card
from core.services.time_zone import Keep
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_manager

KIRITIMATI = ZoneInfo("Pacific/Kiritimati")  # fourteen hours ahead


async def card_of(engine: Engine, office: Office, card: Card) -> Card:
    return await engine.read(profiles.card, office.owner_id, card.profile_id, engine.now())


async def test_a_preview_shows_both_choices_for_every_profile_that_is_not_over(office: Office, clock: Clock) -> None:
    engine = office.engine
    await office.profile(name="Over", window="now - +1 day")
    clock.advance(days=2)
    running = await office.profile(name="Running", window="now - +10 hours")
    seen = await engine.read(time_zone.preview, office.owner_id, "Kiritimati", clock())
    [effect] = seen.effects
    assert (seen.before.key, seen.after, effect.name, effect.window) == ("UTC", KIRITIMATI, "Running", running.window)
    assert effect.shifted.ends_at == running.window.ends_at - timedelta(hours=14)
    assert (effect.state, effect.state_if_shifted) == (LinkState.OPEN, LinkState.ENDED)


async def test_moments_are_kept_on_request(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    done = await engine.write(time_zone.change, office.owner_id, "Kiritimati", Keep.MOMENTS, engine.now())
    assert done.zone == KIRITIMATI
    after = await card_of(engine, office, card)
    assert (after.window, after.zone) == (card.window, KIRITIMATI)


async def test_wall_clock_times_are_kept_on_request_but_what_is_over_stays_over(office: Office, clock: Clock) -> None:
    engine = office.engine
    over = await office.profile(name="Over", window="now - +1 hour")
    clock.advance(hours=2)
    card = await office.profile(window="2026-12-01 09:00 - 2026-12-24 18:00")
    await engine.write(time_zone.change, office.owner_id, "America/New_York", Keep.WALL_CLOCK, clock())
    after = await card_of(engine, office, card)
    assert after.window.ends_at.astimezone(after.zone).replace(tzinfo=None) == datetime(2026, 12, 24, 18)  # noqa: DTZ001
    assert (await card_of(engine, office, over)).window == over.window


@pytest.mark.parametrize("keep", Keep)
async def test_a_choice_moves_the_profiles_that_were_shown_or_none(office: Office, clock: Clock, keep: Keep) -> None:
    engine = office.engine
    card = await office.profile()
    seen = (await engine.read(time_zone.preview, office.owner_id, "Kiritimati", clock())).seen
    later = await office.profile(name="Later")
    with pytest.raises(PreviewOutdated):
        await engine.write(time_zone.change, office.owner_id, "Kiritimati", keep, clock(), seen=seen)
    for known in (card, later):
        assert (await card_of(engine, office, known)).window == known.window
    again = (await engine.read(time_zone.preview, office.owner_id, "Kiritimati", clock())).seen
    done = await engine.write(time_zone.change, office.owner_id, "Kiritimati", keep, clock(), seen=again)
    assert done.zone == KIRITIMATI


async def test_a_choice_between_other_zones_than_were_shown_changes_nothing(office: Office, clock: Clock) -> None:
    engine = office.engine
    await office.profile()
    seen = (await engine.read(time_zone.preview, office.owner_id, "Kiritimati", clock())).seen
    await engine.write(time_zone.change, office.owner_id, "Europe/Riga", Keep.MOMENTS, clock())
    with pytest.raises(PreviewOutdated):
        await engine.write(time_zone.change, office.owner_id, "Kiritimati", Keep.WALL_CLOCK, clock(), seen=seen)
    assert (await engine.read(account.organisation)).zone.key == "Europe/Riga"


async def test_a_change_of_the_zone_is_recorded(office: Office) -> None:
    engine = office.engine
    await engine.write(time_zone.change, office.owner_id, "riga", Keep.WALL_CLOCK, engine.now())
    entry = (await engine.read(audit_log.page, office.owner_id)).entries[0]
    assert (entry.before, entry.after) == ({"zone": "UTC"}, {"zone": "Europe/Riga", "kept": "wall clock"})


async def test_an_unknown_zone_is_refused_before_anything_is_asked(office: Office) -> None:
    with pytest.raises(UnknownZone):
        await office.engine.read(time_zone.preview, office.owner_id, "Atlantis", office.engine.now())


async def test_managers_do_not_change_the_zone(office: Office) -> None:
    engine = office.engine
    manager = await a_manager(engine, "Sales")
    with pytest.raises(NotAllowed):
        await engine.read(time_zone.preview, manager, "riga", engine.now())
    with pytest.raises(NotAllowed):
        await engine.write(time_zone.change, manager, "riga", Keep.MOMENTS, engine.now())
