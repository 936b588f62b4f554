"""When reminders by hand go out: by the account's clock, whatever the machine's is."""

from datetime import UTC, datetime

import pytest

from core.errors import PreviewOutdated
from core.services import reminders, time_zone
from core.services.link_mails import Sending
from core.services.progress import Cohort, Which
from core.services.time_zone import Keep
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.reminders import ANNA, JANIS, expect
from tests.support.rosters import through

TUESDAY_AT_NINE = datetime(2026, 11, 24, tzinfo=UTC)  # in Tokyo, where it is 21:00 when the clock stands at noon
SENDING = Sending(most=100, language="en")


async def in_tokyo(office: Office, clock: Clock) -> int:
    """Expect somebody through a profile, and let another one be behind; return the profile's number."""
    await office.engine.write(time_zone.change, office.owner_id, "Asia/Tokyo", Keep.MOMENTS, clock())
    await office.profile(name="Another")
    card = await office.profile()
    await office.sign_up(card.token, JANIS)
    await expect(office, card.profile_id, ANNA)
    return card.profile_id


async def test_the_missing_are_reminded_by_the_accounts_clock(office: Office, clock: Clock) -> None:
    engine, number = office.engine, await in_tokyo(office, clock)
    found = await engine.read(
        reminders.preview_missing, office.owner_id, through(number), number, clock(), SENDING.most
    )
    assert (found.at, found.new, found.left) == (TUESDAY_AT_NINE, 1, 100)
    done = await engine.write(
        reminders.remind_missing, office.owner_id, through(number), number, clock(), SENDING, seen=found.seen
    )
    assert (done.at, done.people) == (TUESDAY_AT_NINE, 1)
    clock.at = TUESDAY_AT_NINE
    again = await engine.read(
        reminders.preview_missing, office.owner_id, through(number), number, clock(), SENDING.most
    )
    assert (again.at, again.new, again.reminded, again.left) == (TUESDAY_AT_NINE, 0, 1, 99)


async def test_learners_are_reminded_by_the_accounts_clock(office: Office, clock: Clock) -> None:
    engine, cohort = office.engine, Cohort(profile_id=await in_tokyo(office, clock))
    found = await engine.read(
        reminders.preview_behind, office.owner_id, cohort, Which.NOT_STARTED, clock(), SENDING.most
    )
    assert (found.at, found.new) == (TUESDAY_AT_NINE, 1)
    done = await engine.write(
        reminders.remind_behind, office.owner_id, cohort, Which.NOT_STARTED, clock(), SENDING, seen=found.seen
    )
    assert (done.at, done.people) == (TUESDAY_AT_NINE, 1)


async def test_learners_other_than_those_who_were_shown_are_not_reminded(office: Office, clock: Clock) -> None:
    engine, cohort = office.engine, Cohort(profile_id=await in_tokyo(office, clock))
    place = office.owner_id, cohort, Which.NOT_STARTED, clock()
    with pytest.raises(PreviewOutdated):
        await engine.write(reminders.remind_behind, *place, SENDING, seen="others")
