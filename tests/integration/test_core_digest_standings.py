"""Which profiles a digest lists and what it says of each: both sides of every limit."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.services import departments, digest_summaries, digests, rosters
from core.services.digest_overviews import Standing
from core.services.digest_summaries import Asked
from core.storage.tables import DigestRun, Profile
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.digests import ask
from tests.support.rosters import keep, listed, through
from tests.support.rows import a_manager
from tests.support.statements import counted


async def standings(office: Office, actor_id: int = 0) -> tuple[Standing, ...]:
    return (await ask(office.engine, actor_id or office.owner_id)).overview.standings


async def end_at(office: Office, profile_id: int, moment: datetime) -> None:
    """Let a profile end at a moment; typed ends are the ends of minutes."""

    def run(session: Session) -> None:
        session.execute(update(Profile).where(Profile.id == profile_id).values(ends_at=moment))

    await office.engine.write(run)


@pytest.mark.parametrize(("profiles", "shown", "more"), [(15, 15, False), (16, 15, True)])
async def test_fifteen_profiles_are_listed_and_that_there_are_more(
    office: Office, profiles: int, shown: int, *, more: bool
) -> None:
    for number in range(profiles):
        await office.profile(name=f"Profile {number}")
    overview = (await ask(office.engine, office.owner_id)).overview
    assert (len(overview.standings), overview.more_standings) == (shown, more)


async def test_a_profile_ends_soon_if_it_ends_in_seven_days_at_most(office: Office, clock: Clock) -> None:
    for name, left in (("Soon", timedelta(days=7)), ("Later", timedelta(days=7, seconds=1))):
        await end_at(office, (await office.profile(name=name)).profile_id, clock() + left)
    found = await standings(office)
    assert [(each.name, each.ends_soon) for each in found] == [("Soon", True), ("Later", False)]


async def test_a_profile_is_quiet_after_seven_whole_days_without_a_sign_up(office: Office, clock: Clock) -> None:
    card = await office.profile(window="now - +3 months")
    await office.sign_up(card.token)
    clock.advance(days=7, seconds=-1)
    assert [each.quiet_days for each in await standings(office)] == [None]
    clock.advance(seconds=1)
    [standing] = await standings(office)
    assert (standing.quiet_days, standing.needs_attention) == (7, True)


async def test_of_a_quiet_profile_fourteen_days_are_looked_back_at(office: Office, clock: Clock) -> None:
    card = await office.profile(window="now - +3 months")
    await office.sign_up(card.token)
    clock.advance(days=13)
    assert [each.quiet_days for each in await standings(office)] == [13]
    clock.advance(days=20)
    assert [each.quiet_days for each in await standings(office)] == [14]


async def test_a_full_profile_is_not_quiet_and_one_without_a_limit_is_never_full(office: Office, clock: Clock) -> None:
    for limit in ("1", "unlimited"):
        card = await office.profile(name=f"For {limit}", limit=limit, window="now - +3 months")
        await office.sign_up(card.token, f"{limit}@example.com")
    clock.advance(days=8)
    found = {each.name: (each.limit, each.full, each.quiet_days) for each in await standings(office)}
    assert found == {"For 1": (1, True, None), "For unlimited": (None, False, 8)}


async def test_who_waits_takes_a_place_and_is_not_counted_as_used(approving: Office) -> None:
    card = await approving.profile(limit="1")
    await approving.sign_up(card.token)
    [standing] = await standings(approving)
    assert (standing.used, standing.limit, standing.full) == (0, 1, True)


async def test_a_profile_that_is_full_at_its_very_end_is_foretold_and_a_second_later_not(
    office: Office, clock: Clock
) -> None:
    card = await office.profile(limit="10")
    clock.advance(days=5)
    for number in range(5):
        await office.sign_up(card.token, f"learner{number}@example.com")
    await end_at(office, card.profile_id, clock() + timedelta(days=5))
    [standing] = await standings(office)
    assert standing.forecast is not None
    assert standing.forecast.full_at == standing.ends_at
    await end_at(office, card.profile_id, clock() + timedelta(days=5, seconds=-1))
    assert [each.forecast for each in await standings(office)] == [None]


async def test_a_pace_is_taken_from_the_last_fourteen_days(office: Office, clock: Clock) -> None:
    card = await office.profile(limit="100", window="now - +3 months")
    await office.sign_up(card.token, "early@example.com")
    clock.advance(days=20)
    for number in range(7):
        await office.sign_up(card.token, f"learner{number}@example.com")
    [standing] = await standings(office)
    assert standing.forecast is None  # 7 in 14 days, and 92 places are left
    await end_at(office, card.profile_id, clock() + timedelta(days=400))
    [standing] = await standings(office)
    assert standing.forecast is not None
    assert (standing.forecast.days, standing.forecast.a_day) == (14, 0.5)
    assert standing.forecast.full_at == clock() + timedelta(days=184)


async def test_departments_that_a_digest_is_about_are_named_in_their_order(office: Office) -> None:
    for name in ("Support", "Accounts"):
        await office.engine.write(departments.add, office.owner_id, name, office.engine.now())
    manager = await a_manager(office.engine, "Support", "Accounts")
    overview = (await ask(office.engine, manager)).overview
    assert overview.managed == (("Accounts",), ("Support",))


async def a_link_with_people_missing(office: Office, name: str = "Short", window: str = "now - +3 days") -> int:
    """Make a link through which one of three expected people comes; return its profile's number."""
    card = await office.profile(name=name, window=window)
    expected = listed(*(f"{who}@example.com" for who in (f"anna{card.profile_id}", "janis", "olga")))
    await keep(office.engine, office.owner_id, through(card.profile_id), expected)
    await office.sign_up(card.token, f"anna{card.profile_id}@example.com")
    return card.profile_id


async def test_a_link_that_ended_with_people_missing_stands_first_and_they_still_count(
    office: Office, clock: Clock
) -> None:
    short, long = await a_link_with_people_missing(office), await office.profile(name="Long", window="now - +3 months")
    assert [each.missing for each in await standings(office)] == [None, None]
    clock.advance(days=5)
    found = (await ask(office.engine, office.owner_id)).overview
    assert found.roster is not None
    assert (found.roster.expected, found.roster.missing, found.missing_in) == (3, 2, through(short))
    assert [(each.profile_id, each.missing) for each in found.standings] == [(short, 2), (long.profile_id, None)]
    assert found.missing_after_end == 2


async def test_a_link_that_ended_is_named_for_a_week_and_in_the_first_digest_after_it(
    office: Office, clock: Clock
) -> None:
    engine, short = office.engine, await a_link_with_people_missing(office)
    end = clock() + timedelta(days=3)
    await end_at(office, short, end)
    rare = await a_manager(engine, "Sales")
    for reader in (office.owner_id, rare):
        await ask(engine, reader)
    for since_end, named in ((timedelta(seconds=1), [2]), (timedelta(days=7), [2]), (timedelta(days=7, seconds=1), [])):
        clock.at = end + since_end
        found = (await ask(engine, office.owner_id)).overview
        assert [each.missing for each in found.standings] == named
        assert found.missing_after_end == 2
    clock.advance(days=40)
    assert [each.missing for each in await standings(office, rare)] == [2]
    assert [each.missing for each in await standings(office, rare)] == []


async def test_a_link_that_ended_is_not_named_if_all_have_come_or_its_list_is_gone(
    office: Office, clock: Clock
) -> None:
    short = await a_link_with_people_missing(office)
    complete = await office.profile(name="Complete", window="now - +3 days")
    await keep(office.engine, office.owner_id, through(complete.profile_id), listed("boris@example.com"))
    await office.sign_up(complete.token, "boris@example.com")
    clock.advance(days=5)
    found = (await ask(office.engine, office.owner_id)).overview
    assert ([each.name for each in found.standings], found.missing_after_end) == (["Short"], 2)
    await office.engine.write(rosters.remove, office.owner_id, through(short), office.engine.now())
    assert await standings(office) == ()


async def test_of_links_that_ended_the_last_three_are_named_and_all_are_counted(office: Office, clock: Clock) -> None:
    for days in range(1, 5):
        await a_link_with_people_missing(office, name=f"For {days}", window=f"now - +{days} days")
    clock.advance(days=6)
    found = (await ask(office.engine, office.owner_id)).overview
    assert [each.name for each in found.standings] == ["For 4", "For 3", "For 2"]
    assert (found.missing_after_end, found.missing_in) == (8, None)


async def test_digests_of_several_recipients_name_the_same_ended_links_by_one_statement(
    office: Office, clock: Clock
) -> None:
    engine = office.engine
    await a_link_with_people_missing(office)
    clock.advance(days=5)
    readers = [await a_manager(engine, "Sales") for _ in range(4)]
    for reader in readers:
        await engine.write(digests.request, reader, 1001, engine.now())
    runs = sorted(await engine.read(lambda session: list(session.scalars(select(DigestRun.id)))))
    asked = [Asked(recipient_id=reader, run_id=run) for reader, run in zip(readers, runs, strict=True)]
    costs = list[int]()
    for some in (asked[:1], asked):
        with counted() as count:
            told = await engine.read(digest_summaries.summaries, some)
        assert [each.overview.standings[0].missing for each in told.values()] == [2] * len(some)
        costs.append(count.cost.statements)
    assert costs[0] == costs[1]
