"""Sign-ups over time: each in its interval, the largest profiles apart, and nothing beyond the viewer's scope."""

from core.domain.access import Role
from core.domain.intervals import Unit
from core.engine import Engine
from core.services import departments, people, report_charts
from core.services.report_charts import LARGEST, Chart
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_user


async def chart(engine: Engine, viewer: int, period: str = "week") -> Chart:
    return await engine.read(report_charts.chart, viewer, period, engine.now())


async def test_each_sign_up_is_in_the_interval_of_its_moment(engine: Engine, office: Office, clock: Clock) -> None:
    card = await office.profile()
    await office.sign_up(card.token, "anna@example.com")
    clock.advance(days=2)
    await office.sign_up(card.token, "janis@example.com")
    await office.sign_up(card.token, "olga@example.com")
    found = await chart(engine, office.owner_id)
    assert found.intervals.unit is Unit.DAY
    [series] = found.series
    assert (series.profile and series.profile.name, series.counts) == (card.name, (1, 0, 2))


async def test_the_largest_profiles_are_apart_and_the_others_together(engine: Engine, office: Office) -> None:
    for number in range(LARGEST + 2):
        card = await office.profile(name=f"Profile {number}")
        for copy in range(2 if number < LARGEST else 1):
            await office.sign_up(card.token, f"p{number}c{copy}@example.com")
    found = await chart(engine, office.owner_id)
    assert [each.profile and each.profile.name for each in found.series] == [
        *(f"Profile {number}" for number in range(LARGEST)),
        None,
    ]
    assert sum(sum(each.counts) for each in found.series) == found.report.shown == 2 * LARGEST + 2


async def test_who_was_transferred_out_of_scope_is_in_no_bar(engine: Engine, office: Office) -> None:
    card = await office.profile()
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales / EMEA")
    await office.sign_up(card.token, "anna@example.com")
    await office.sign_up(card.token, "janis@example.com")
    anna = await engine.read(people.find, office.owner_id, "anna@example.com")
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    await engine.write(people.transfer, office.owner_id, anna, "Support", engine.now())
    found = await chart(engine, manager)
    assert sum(sum(each.counts) for each in found.series) == found.report.shown == 1
    assert found.report.hidden.total == 1
