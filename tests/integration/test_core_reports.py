"""Reports of sign-ups: the most in front, five of each kind, the rest and the hidden counted, and the period before."""

from datetime import UTC, datetime

import pytest

from core.domain.access import Permission, Role
from core.domain.tallies import Hidden
from core.errors import NotAllowed
from core.services import departments, history, profile_removal, report_charts, reports, time_zone
from core.services.reports import DepartmentCount, ProfileCount, Report
from core.services.roster_counts import RosterCounts
from core.services.time_zone import Keep
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.digests import ask
from tests.support.rosters import keep, listed, through, within
from tests.support.rows import a_manager, a_user, repoint, transfer


async def report(office: Office, period: str = "week", *, by: int = 0) -> Report:
    return await office.engine.read(reports.sign_ups, by or office.owner_id, period, office.engine.now())


async def brought(office: Office, name: str, number: int, department: str = "Sales / EMEA") -> int:
    """Let so many sign up through a new profile; return its number."""
    card = await office.profile(name=name, department=department)
    for each in range(number):
        await office.sign_up(card.token, f"{name}{each}@example.com".replace(" ", ""))
    return card.profile_id


async def test_the_five_profiles_with_the_most_come_first_and_equal_ones_by_number(office: Office) -> None:
    await office.profile(name="Empty")
    numbers = {each: await brought(office, f"P{each}", count) for each, count in enumerate((1, 2, 3, 2, 1))}
    found = await report(office)
    assert [(each.profile_id, each.name, each.joined) for each in found.profiles] == [
        (numbers[2], "P2", 3),
        (numbers[1], "P1", 2),
        (numbers[3], "P3", 2),
        (numbers[0], "P0", 1),
        (numbers[4], "P4", 1),
    ]
    assert (found.shown, found.hidden.total, found.more_profiles) == (9, 0, 0)
    for more in (1, 2):
        await brought(office, f"Late {more}", 1)
        found = await report(office)
        assert (len(found.profiles), found.more_profiles, found.profiles[-1].name) == (5, more, "P4")


async def test_the_five_departments_with_the_most_come_first(office: Office) -> None:
    for each in range(6):
        await office.engine.write(departments.add, office.owner_id, f"Unit {each}", office.engine.now())
        await brought(office, f"P{each}", 2 if each == 5 else 1, f"Unit {each}")
    found = await report(office)
    assert found.departments == (
        DepartmentCount(path=("Unit 5",), joined=2),
        *(DepartmentCount(path=(f"Unit {each}",), joined=1) for each in range(4)),
    )
    assert found.more_departments == 1


async def test_the_period_before_and_what_was_given_back_are_counted(office: Office, clock: Clock) -> None:
    card = await office.profile(window="now - +3 months")
    for number in range(3):
        await office.sign_up(card.token, f"before{number}@example.com")
    clock.advance(days=7, hours=1)
    for number in range(2):
        await office.sign_up(card.token, f"now{number}@example.com")
    [newest, *_] = (await office.engine.read(history.page, office.owner_id, card.profile_id)).entries
    await office.engine.write(history.return_activation, office.owner_id, newest.activation_id, "twice", clock())
    found = await report(office)
    assert (found.shown, found.returned, found.joined_before) == (2, 1, 3)
    assert found.compared.period.since == datetime(2026, 11, 30, tzinfo=UTC)
    assert found.zone.key == "UTC"


async def test_a_week_is_one_of_the_accounts_zone(office: Office, clock: Clock) -> None:
    await office.engine.write(time_zone.change, office.owner_id, "Asia/Tokyo", Keep.MOMENTS, clock())
    found = await report(office)
    assert found.compared.period.since == datetime(2026, 11, 22, 15, tzinfo=UTC)
    assert found.zone.key == "Asia/Tokyo"


async def test_learners_who_left_a_viewers_departments_are_hidden_now_and_before(office: Office, clock: Clock) -> None:
    manager = await a_manager(office.engine, "Sales")
    card = await office.profile(window="now - +3 months")
    early = [(await office.sign_up(card.token, f"early{each}@example.com")).user_id for each in range(2)]
    clock.advance(days=7, hours=1)
    late = [(await office.sign_up(card.token, f"late{each}@example.com")).user_id for each in range(3)]
    for user_id in (early[0], late[0], late[1]):
        await transfer(office.engine, user_id, "")
    found = await report(office, by=manager)
    assert (found.shown, found.hidden, found.joined_before) == (1, Hidden(transferred=2, elsewhere=0), 1)
    assert [(each.name, each.joined) for each in found.profiles] == [("Autumn sales", 1)]
    assert [(each.path, each.joined) for each in found.departments] == [(("Sales", "EMEA"), 1)]
    assert ((await report(office)).shown, (await report(office)).hidden.total) == (3, 0)


async def test_who_signed_up_while_the_profile_pointed_elsewhere_is_hidden_for_that_reason(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(departments.add, owner, "Support", engine.now())
    manager, number = await a_manager(engine, "Support"), await brought(office, "Moved", 2)
    await repoint(engine, number, "Support")
    assert (await report(office, by=manager)).hidden == Hidden(transferred=0, elsewhere=2)


async def test_lists_of_expected_people_are_counted_for_profiles_and_departments(office: Office) -> None:
    await office.profile(name="Another")
    number = await brought(office, "Busy", 1)
    await keep(office.engine, office.owner_id, through(number), listed("busy0@example.com", "olga@example.com"))
    of_department = await within(office.engine, "Sales / EMEA")
    await keep(office.engine, office.owner_id, of_department, listed("nobody@example.com"))
    found = await report(office)
    assert found.profiles == (
        ProfileCount(
            profile_id=number,
            name="Busy",
            removed=False,
            joined=1,
            roster=RosterCounts(expected=2, came=1, hidden=0),
        ),
    )
    assert [each.roster for each in found.departments] == [RosterCounts(expected=1, came=0, hidden=0)]


async def test_expected_people_are_counted_as_in_a_digest_whoever_joined_in_the_period(
    office: Office, clock: Clock
) -> None:
    engine, manager = office.engine, await a_manager(office.engine, "Sales")
    assert (await report(office, "today", by=manager)).expected is None
    number = await brought(office, "Busy", 1)
    await keep(engine, office.owner_id, through(number), listed("busy0@example.com", "olga@example.com"))
    await keep(engine, office.owner_id, await within(engine, "Sales"), listed("olga@example.com", "janis@example.com"))
    clock.advance(days=60)
    found = await report(office, "today", by=manager)
    assert (found.joined, found.expected) == (0, RosterCounts(expected=3, came=1, hidden=0))
    for reader in (manager, office.owner_id):
        assert (await ask(engine, reader)).overview.roster == found.expected


async def test_a_deleted_profile_stays_in_the_report_and_is_marked(office: Office) -> None:
    number = await brought(office, "Gone", 1)
    await office.engine.write(profile_removal.remove, office.owner_id, [number], office.engine.now())
    assert [(each.name, each.removed, each.roster) for each in (await report(office)).profiles] == [
        ("Gone", True, None)
    ]


async def test_a_chart_has_five_profiles_and_the_others_together(office: Office) -> None:
    for each in range(6):
        await brought(office, f"P{each}", 1)
    found = await office.engine.read(report_charts.chart, office.owner_id, "week", office.engine.now())
    assert [each.profile.name if each.profile else None for each in found.series] == [
        "P0",
        "P1",
        "P2",
        "P3",
        "P4",
        None,
    ]
    assert (found.organisation, found.report.shown) == (None, 6)


async def test_reports_need_the_right_to_manage_profiles(office: Office) -> None:
    listener = await a_user(office.engine, Role.CUSTOM, "Sales", permissions=[Permission.MANAGE_PEOPLE])
    with pytest.raises(NotAllowed):
        await report(office, by=listener)
    with pytest.raises(NotAllowed):
        await office.engine.read(report_charts.chart, listener, "week", office.engine.now())
