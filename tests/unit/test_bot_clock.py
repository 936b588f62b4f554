"""The clock that rings: a step of the wall clock is noticed, and neither silences nor floods it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.schedule import ClockWatch, Every, OnDemand, ring_at
from tests.support.patience import PATIENCE

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("previous", "now", "following"),
    [
        (None, NOON, NOON + SECOND),
        (NOON, NOON + SECOND / 10, NOON + SECOND),
        (NOON, NOON + SECOND, NOON + 2 * SECOND),
        (NOON, NOON + timedelta(days=40), NOON + timedelta(days=40) + SECOND),
        (NOON, NOON - timedelta(hours=1), NOON - timedelta(hours=1) + SECOND),
    ],
    ids=["at first", "in time", "a second late", "forty days late", "set back an hour"],
)
def test_the_next_ring_is_an_interval_away_at_most_whatever_was_missed(
    previous: datetime | None, now: datetime, following: datetime
) -> None:
    assert Every(SECOND).get_next_fire_time(previous, now) == following


@pytest.mark.parametrize("step", [7200.0, -3600.0, -45.0, 40 * 86400.0, 1.0])
def test_a_step_of_the_wall_clock_is_noticed_once(step: float) -> None:
    wall, monotonic = [1000.0], [50.0]
    watch = ClockWatch(lambda: wall[0], lambda: monotonic[0])
    wall[0] += 0.5 + step
    monotonic[0] += 0.5
    assert watch.step() == pytest.approx(step)
    assert watch.step() == 0


@pytest.mark.parametrize("wall_seconds", [0.5, 0.49, 45.0])
def test_passing_time_is_no_step_however_much_of_it_passed(wall_seconds: float) -> None:
    wall, monotonic = [1000.0], [50.0]
    watch = ClockWatch(lambda: wall[0], lambda: monotonic[0])
    wall[0] += wall_seconds
    monotonic[0] += max(0.5, wall_seconds)  # a process that stood still for 45 seconds, or a clock that is drawn right
    assert watch.step() == 0


class Shifted(datetime):
    """The wall clock, as APScheduler reads it."""

    by = timedelta()

    @classmethod
    def now(cls, _tz: object = None) -> datetime:  # type: ignore[override]
        """Return the shifted time."""
        return datetime.now(UTC) + cls.by


@pytest.mark.parametrize("by", [timedelta(hours=-1), timedelta(days=40)], ids=["back", "forward"])
async def test_a_scheduler_that_is_set_anew_after_a_step_rings_on(
    monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    rung = asyncio.Event()
    times: list[float] = []

    async def ring() -> None:
        times.append(asyncio.get_running_loop().time())
        rung.set()

    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Shifted)
    monkeypatch.setattr(Shifted, "by", timedelta())
    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None})
    scheduler.add_job(ring, Every(timedelta(milliseconds=50)))
    scheduler.start()
    try:
        async with asyncio.timeout(PATIENCE):
            await rung.wait()
            monkeypatch.setattr(Shifted, "by", by)
            ring_at(scheduler, Shifted.now())
            before = len(times)
            while len(times) < before + 3:
                rung.clear()
                await rung.wait()
    finally:
        scheduler.shutdown(wait=False)
        await asyncio.sleep(0)


async def nothing() -> None:
    """Work that takes no time."""


@pytest.mark.parametrize(("every", "expected"), [(1, "yyyyyyy"), (5, "y----y-")], ids=["each", "not each"])
def test_work_is_asked_about_every_so_many_ticks(every: int, expected: str) -> None:
    work = OnDemand(do=nothing, every=every)
    assert "".join("y" if work.asks() else "-" for _ in range(7)) == expected


def test_work_that_is_under_way_is_not_asked_about_until_it_has_ended() -> None:
    work = OnDemand(do=nothing, every=2, is_under_way=True)
    assert not any(work.asks() for _ in range(3))
    work.is_under_way = False
    assert work.asks()
