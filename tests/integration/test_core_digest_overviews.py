"""What a digest shows at a glance: how profiles stand, who is missing and behind, and the change since before."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import Permission, Role
from core.engine import Engine
from core.services import (
    departments,
    digest_summaries,
    digests,
    policies,
    profile_editing,
    progress,
    reminders,
    rosters,
)
from core.services.authorisation import authorise
from core.services.digest_audiences import Focus, Interval, Wanted, gather
from core.services.digest_overviews import LISTED, Overview
from core.services.digest_summaries import Asked
from core.services.policies import Switch
from core.services.progress import Cohort, Which
from core.storage.tables import DigestRun
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.digests import ask
from tests.support.rosters import keep, listed, through, within
from tests.support.rows import a_manager, a_request, a_user, demote, transfer
from tests.support.statements import counted


async def glance(engine: Engine, actor_id: int) -> Overview:
    return (await ask(engine, actor_id)).overview


async def about(engine: Engine, actor_id: int, focus: Focus) -> Overview:
    """Give what the first digest about something shows at a glance."""

    def composed(session: Session) -> Overview:
        actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
        interval = Interval(after=0, through=10**9, since=None, until=engine.now())
        [audience] = gather(session, [Wanted(actor=actor, focus=focus, interval=interval)])
        return digest_summaries.compose(session, audience)[0].overview

    return await engine.read(composed)


async def expect(engine: Engine, actor_id: int, profile_id: int, *emails: str) -> None:
    """Keep a roster of people with these addresses."""
    await keep(engine, actor_id, through(profile_id), listed(*emails))


async def test_a_profile_that_fills_up_before_its_end_is_foretold(office: Office, clock: Clock) -> None:
    card = await office.profile(limit="15", window="now - +1 month")
    clock.advance(days=5)
    for number in range(10):
        await office.sign_up(card.token, f"learner{number}@example.com")
    [standing] = (await glance(office.engine, office.owner_id)).standings
    assert standing.forecast is not None
    assert (standing.forecast.full_at, standing.forecast.a_day) == (clock() + timedelta(days=2.5), 2.0)
    assert (standing.used, standing.limit, standing.full, standing.quiet_days) == (10, 15, False, None)


async def test_what_is_full_ends_soon_or_is_quiet_stands_first(office: Office, clock: Clock) -> None:
    engine = office.engine
    quiet = await office.profile(name="Quiet", window="now - +1 month")
    await office.sign_up(quiet.token, "quiet@example.com")
    clock.advance(days=9)
    calm = await office.profile(name="Calm", window="now - +1 month")
    full = await office.profile(name="Full", limit="1", window="now - +2 months")
    await office.sign_up(full.token, "full@example.com")
    await office.profile(name="Soon", window="now - +3 days")
    paused = await office.profile(name="Paused")
    await engine.write(profile_editing.pause, office.owner_id, paused.profile_id, engine.now(), paused=True)
    found = (await glance(engine, office.owner_id)).standings
    assert [each.name for each in found] == ["Full", "Soon", "Quiet", calm.name]
    assert [(each.ends_soon, each.full, each.quiet_days) for each in found] == [
        (False, True, None),
        (True, False, None),
        (False, False, 9),
        (False, False, None),
    ]


async def test_a_full_and_a_quiet_profile_are_not_cut_away_by_those_that_end_before(
    office: Office, clock: Clock
) -> None:
    await office.profile(name="Quiet", window="now - +3 months")
    clock.advance(days=9)
    for number in range(LISTED + 1):
        await office.profile(name=f"Calm {number}", window="now - +1 month")
    full = await office.profile(name="Full", limit="1", window="now - +2 months")
    await office.sign_up(full.token, "full@example.com")
    manager = await a_manager(office.engine, "Sales")
    for reader in (office.owner_id, manager):
        await office.engine.write(digests.request, reader, 1001, office.engine.now())
    runs = sorted(await office.engine.read(_runs))
    asked = [
        Asked(recipient_id=reader, run_id=run) for reader, run in zip((office.owner_id, manager), runs, strict=True)
    ]
    for together in (asked, asked[:1]):
        for found in (await office.engine.read(digest_summaries.summaries, together)).values():
            assert [each.name for each in found.overview.standings[:2]] == ["Full", "Quiet"]
            assert (len(found.overview.standings), found.overview.more_standings) == (LISTED, True)


async def test_the_numbers_are_those_of_missing_and_of_progress(office: Office) -> None:
    engine, manager = office.engine, await a_manager(office.engine, "Sales")
    card = await office.profile()
    anna, janis = [(await office.sign_up(card.token, f"{name}@example.com")).user_id for name in ("anna", "janis")]
    await expect(engine, manager, card.profile_id, "anna@example.com", "janis@example.com", "olga@example.com")
    await transfer(engine, janis, "")
    found = await glance(engine, manager)
    missing = (await engine.read(rosters.missing, manager, through(card.profile_id))).roster
    assert found.roster is not None
    assert (found.roster.expected, found.roster.came, found.roster.hidden) == (3, 1, 1)
    assert (found.roster.missing, found.missing_in) == (missing.missing, through(card.profile_id))
    overview = await engine.read(progress.overview, manager, Cohort(), engine.now())
    assert found.behind == overview.behind
    assert anna != janis


async def test_who_has_not_started_is_counted_where_a_reminder_reaches_just_them(office: Office) -> None:
    engine, manager = office.engine, await a_manager(office.engine, "Sales")
    first, second = await office.profile(), await office.profile(name="Winter")
    for card, name in ((first, "anna"), (first, "janis"), (second, "olga")):
        await office.sign_up(card.token, f"{name}@example.com")
    emea = (await within(engine, "Sales / EMEA")).department_id
    profiles = frozenset({first.profile_id, second.profile_id})
    expected = {
        Focus(): [(Cohort(), "", 3)],
        Focus(department_id=emea): [(Cohort(department_id=emea), "", 3)],
        Focus(profiles=frozenset({second.profile_id})): [(Cohort(profile_id=second.profile_id), "Winter", 1)],
        Focus(profiles=profiles): [
            (Cohort(profile_id=first.profile_id), "Autumn sales", 2),
            (Cohort(profile_id=second.profile_id), "Winter", 1),
        ],
    }
    for focus, wanted in expected.items():
        found = (await about(engine, manager, focus)).not_started_in
        assert [(each.cohort, each.name, each.people) for each in found] == wanted
        for each in found:
            asked = await engine.read(
                reminders.preview_behind, manager, each.cohort, Which.NOT_STARTED, engine.now(), 100
            )
            assert asked.people == each.people


async def test_rights_that_the_recipient_lacks_leave_out_what_they_are_about(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    listener = await a_user(engine, Role.CUSTOM, "Sales", permissions=[Permission.RECEIVE_DIGESTS])
    await expect(engine, office.owner_id, card.profile_id, "anna@example.com")
    await engine.write(policies.switch, office.owner_id, Switch.APPROVAL, engine.now(), on=True)
    await office.sign_up(card.token, "janis@example.com")
    owners = await glance(engine, office.owner_id)
    assert (owners.waiting, owners.may_extend, owners.roster and owners.roster.missing) == (1, True, 1)
    found = await glance(engine, listener)
    assert (found.waiting, found.may_extend, found.roster, found.behind) == (0, False, None, None)


async def test_requests_for_access_are_counted_for_who_may_answer_them(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    listener = await a_user(engine, Role.CUSTOM, "Sales", permissions=[Permission.RECEIVE_DIGESTS])
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    elsewhere = await a_manager(engine, "Support")
    for name in ("Anna", "Janis"):
        await a_request(engine, card.token, name)
    readers = (office.owner_id, await a_manager(engine, "Sales"), listener, elsewhere)
    assert [(await glance(engine, each)).requests for each in readers] == [2, 2, 0, 0]


async def test_a_digest_is_compared_with_the_same_time_before(office: Office, clock: Clock) -> None:
    engine, card = office.engine, await office.profile(window="now - +3 months")
    assert (await glance(engine, office.owner_id)).shown_before is None
    clock.advance(hours=1)
    for number in range(3):
        await office.sign_up(card.token, f"learner{number}@example.com")
    clock.advance(days=7)
    await ask(engine, office.owner_id)
    clock.advance(days=7, hours=1)
    await office.sign_up(card.token, "later@example.com")
    digest = await ask(engine, office.owner_id)
    assert (digest.shown, digest.overview.shown_before) == (1, 3)


async def test_a_digest_asked_for_within_a_day_of_another_is_compared_with_nothing(
    office: Office, clock: Clock
) -> None:
    engine, card = office.engine, await office.profile()
    await ask(engine, office.owner_id)
    await office.sign_up(card.token)
    clock.advance(minutes=4)
    assert (await glance(engine, office.owner_id)).shown_before is None
    clock.advance(hours=23)  # as a day that is shorter has them
    assert (await glance(engine, office.owner_id)).shown_before == 1


async def test_the_statements_of_a_digest_grow_with_neither_profiles_nor_people(office: Office) -> None:
    engine, manager = office.engine, await a_manager(office.engine, "Sales")

    async def cost() -> int:
        await engine.write(digests.request, manager, 1001, engine.now())
        with counted() as count:
            await engine.read(digests.summary, manager, await engine.read(_last_run))
        return count.cost.statements

    await cost()  # the first digest compares with nothing
    for profile in range(2):
        card = await office.profile(name=f"Profile {profile}")
        await expect(engine, manager, card.profile_id, f"nobody{profile}@example.com")
        await office.sign_up(card.token, f"first{profile}@example.com")
    before = await cost()
    for profile in range(4):
        card = await office.profile(name=f"Another {profile}")
        await expect(engine, manager, card.profile_id, f"none{profile}@example.com")
        for number in range(3):
            await office.sign_up(card.token, f"learner{profile}{number}@example.com")
    assert await cost() == before


async def test_the_statements_of_digests_of_one_interval_do_not_grow_with_recipients(office: Office) -> None:
    engine = office.engine
    card = await office.profile()
    await office.sign_up(card.token)
    managers = [await a_manager(engine, "Sales") for _ in range(5)]
    for manager in managers:
        await engine.write(digests.request, manager, 1001, engine.now())
    runs = sorted(await engine.read(_runs))

    async def cost(number: int) -> int:
        asked = [
            Asked(recipient_id=manager, run_id=run, chat_id=1001) for manager, run in zip(managers, runs, strict=True)
        ]
        with counted() as count:
            assert len(await engine.read(digest_summaries.summaries, asked[:number])) == number
        return count.cost.statements

    assert await cost(1) == await cost(2) == await cost(5)


async def test_of_digests_read_together_only_those_are_left_out_whose_recipients_lost_the_right(office: Office) -> None:
    engine, manager = office.engine, await a_manager(office.engine, "Sales")
    for user_id in (manager, office.owner_id):
        await engine.write(digests.request, user_id, 1001, engine.now())
    of_manager, of_owner = sorted(await engine.read(_runs))
    mine = Asked(recipient_id=office.owner_id, run_id=of_owner)
    await demote(engine, manager)
    found = await engine.read(digest_summaries.summaries, [Asked(recipient_id=manager, run_id=of_manager), mine])
    assert list(found) == [mine]


def _runs(session: Session) -> list[int]:
    return list(session.scalars(select(DigestRun.id)))


def _last_run(session: Session) -> int:
    return max(session.scalars(select(DigestRun.id)))


async def test_a_digest_is_read_again_only_by_its_own_recipient(office: Office) -> None:
    engine, manager = office.engine, await a_manager(office.engine, "Sales")
    await engine.write(digests.request, manager, 1001, engine.now())
    run = await engine.read(_last_run)
    assert await engine.read(digests.again, manager, run) is not None
    assert await engine.read(digests.again, office.owner_id, run) is None
    assert await engine.read(digests.again, manager, run + 1) is None
