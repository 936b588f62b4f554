"""A year of digests and reminders with a moved clock, in zones whose clocks are changed in every way there is.

CI lives the weeks around one change of each; `GANGWAY_YEAR=366` lives the whole year that begins there.
One transaction holds a year; processes, kills and locks are tried elsewhere.
"""

import os
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from shutil import copy
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.domain.access import Role, UserState
from core.domain.cadence import Cadence, Frequency, parse_cadence
from core.domain.reminder_rules import Place
from core.domain.reminders import Occasion, next_round
from core.engine import Engine
from core.security_log import SecurityLog, session_info
from core.services import courses, digests, letters, mail_outbox, profiles, redemption, reminder_rounds, reminder_rules
from core.storage import account, departments, people
from core.storage.database import open_database
from core.storage.tables import Activation, Digest, DigestRun, ExpectedPerson, Profile, Reminder, User
from tests.support.account import a_form, an_office
from tests.support.clock import Clock
from tests.support.rows import a_draft

DAYS = int(os.environ.get("GANGWAY_YEAR", "40"))  # 366 for a whole year, in a minute
ZONES = {  # the day of a clock change, and the time of the daily digest: one that it skips, if it skips one
    "Australia/Lord_Howe": (date(2026, 10, 4), "02:15"),  # half an hour
    "Pacific/Apia": (date(2011, 12, 30), "18:00"),  # a day that there never was
    "America/New_York": (date(2027, 3, 14), "02:15"),
    "Africa/Casablanca": (date(2026, 3, 22), "02:15"),  # back from Ramadan's time
    "Asia/Kathmandu": (date(1986, 1, 1), "00:05"),  # a quarter of an hour, at midnight, once
}
DELAYS = (*[timedelta()] * 12, timedelta(seconds=1), timedelta(minutes=40), timedelta(hours=5))
DOWN = timedelta(days=3, hours=7, minutes=20)
LINKS_A_DAY = 10_000


@dataclass
class Year:
    """An account's year, in one session: what the schedule of a process does, at moments of our choice."""

    session: Session
    zone: ZoneInfo
    now: datetime
    chance: Random
    token: str = ""
    profile_id: int = 0
    department_id: int = 0
    down: list[tuple[datetime, datetime]] = field(default_factory=list)
    ran: list[tuple[int, datetime, datetime]] = field(default_factory=list)  # digest, due, at
    written_at: list[datetime] = field(default_factory=list)

    def begin(self, *schedules: str) -> None:
        """Let a manager subscribe to each schedule, turn each rule on, and open a profile."""
        account.load(self.session).zone = self.zone.key
        self.session.flush()
        root, owner_id = departments.root_id(self.session), people.owner_id(self.session) or 0
        for number, schedule in enumerate(schedules, 5000):
            user = User(
                role=Role.ADMINISTRATOR,
                department_id=root,
                state=UserState.ACTIVE,
                first_name=schedule,
                last_name="",
                telegram_id=number,
                created_at=self.now,
            )
            self.session.add(user)
            self.session.flush()
            digests.subscribe(self.session, user.id, parse_cadence(schedule), number, self.now)
        for occasion in Occasion:
            reminder_rules.change(self.session, owner_id, Place(), occasion, self.now, on=True, days=None)
        draft = a_draft(window="now - +24 months", limit="unlimited")
        card = profiles.create(self.session, owner_id, draft, self.now).card
        self.token, self.profile_id = card.token, card.profile_id
        self.department_id = self.session.get_one(Profile, card.profile_id).department_id

    def live(self, until: datetime) -> None:
        """Let people come, and the schedule tick, now and then late, and twice after three days without a process."""
        pauses = [self.now + (until - self.now) * part for part in (0.3, 0.8)]
        number = 0
        while self.now < until:
            self._next_moment()
            if pauses and self.now >= pauses[0]:
                pauses.pop(0)
                self.down.append((self.now, self.now + DOWN))
                self.now += DOWN
            if self.chance.random() < 0.2:
                number += 1
                self._people_come(number)
            self.tick()

    def tick(self) -> None:
        """Do what is due, digests twice, as two processes would."""
        due = self._due()
        self.ran += [(number, at, self.now) for number, at in due.items()]
        for _ in range(2 if due else 0):
            digests.queue_due(self.session, self.now)
        assert not self._due()
        if reminder_rounds.any_due(self.session, self.now):
            while reminder_rounds.advance(self.session, self.now, LINKS_A_DAY):
                pass
        self._write_to_people()
        self.session.commit()

    def _due(self) -> dict[int, datetime]:
        due = self.session.scalars(select(Digest).where(Digest.next_due <= self.now))
        return {digest.id: digest.next_due for digest in due if digest.next_due is not None}

    def _next_moment(self) -> None:
        """Move on to what is due next, a digest or a round of reminders, and be late now and then."""
        following = next_round(self.now + timedelta(minutes=1), self.zone)
        soonest = self.session.scalars(select(func.min(Digest.next_due))).one() or following
        self.now = max(self.now, min(soonest, following)) + self.chance.choice(DELAYS)

    def _people_come(self, number: int) -> None:
        """Let a learner sign up, who may begin their course, and expect another person, who never comes.

        Each second one is expected by the department to which the profile leads.
        """
        form = a_form(f"learner{number}@example.com")
        made = redemption.redeem(self.session, self.token, form, self.now)
        if number % 3 == 0:
            [course] = courses.mine(self.session, made.user_id, self.now)
            courses.begin(self.session, made.user_id, course.course_id, self.now)
        name = f"person{number}"
        self.session.add(
            ExpectedPerson(
                profile_id=None if number % 2 else self.profile_id,
                department_id=self.department_id if number % 2 else None,
                identity=name,
                first_name=name,
                last_name="",
                email=f"{name}@example.com",
                added_at=self.now,
            )
        )
        self.session.flush()

    def _write_to_people(self) -> None:
        """Send the mail that can be sent now."""
        while claimed := mail_outbox.claim(self.session, "one", self.now, at_most=100):
            for mail_id in claimed:
                letter = letters.begin(self.session, mail_id, "one", self.now)
                if letter is not None:
                    self.written_at += [self.now] if letter.reminder else []
                    mail_outbox.finish(self.session, mail_id, "one", self.now)
            self.session.flush()


@pytest.fixture
async def office(tmp_path: Path, migrated_file: Path, clock: Clock) -> AsyncIterator[Session]:
    """A session on SQLite alone, with an account that its owner has set up: nothing here is about the database."""
    url = f"sqlite:///{copy(migrated_file, tmp_path)}"
    engine = Engine(url, clock=clock)
    await an_office(engine)
    await engine.close()
    database = open_database(url, threads=1)
    with Session(database, info=session_info(SecurityLog())) as session:
        yield session
    database.dispose()


@pytest.mark.deep
@pytest.mark.parametrize("zone", ZONES)
async def test_in_a_year_periods_join_quiet_hours_hold_and_nobody_is_written_to_too_often(
    office: Session, zone: str
) -> None:
    day, daily = ZONES[zone]
    begins = datetime.combine(day, time(3), UTC) - timedelta(days=20)
    year = Year(office, ZoneInfo(zone), begins, Random(zone))  # noqa: S311 - nothing secret
    year.begin(f"daily {daily}", "weekly sun 02:15", "monthly 31 23:45")
    year.live(begins + timedelta(days=DAYS))
    for digest in office.scalars(select(Digest).order_by(Digest.id)):
        check_periods(year, digest)
        check_moments(year, digest)
    check_reminders(year)


def check_periods(year: Year, digest: Digest) -> None:
    """Each digest goes on where the one before ended, and covers each sign-up once."""
    runs = year.session.scalars(select(DigestRun).where(DigestRun.digest_id == digest.id).order_by(DigestRun.id)).all()
    assert (runs[0].covers_after, runs[0].covers_since) == (0, None)
    for one, following in pairwise(runs):
        assert (one.covers_through, one.covers_until) == (following.covers_after, following.covers_since)
    covered = [each for run in runs for each in range(run.covers_after + 1, run.covers_through + 1)]
    last = year.session.scalars(select(func.max(Activation.id)).where(Activation.id <= digest.reported_through)).one()
    assert covered == list(range(1, last + 1))


def check_moments(year: Year, digest: Digest) -> None:
    """A digest came on each of its days, at its time; after days without a process one came for all, and then rest."""
    ran = [(due, at) for number, due, at in year.ran if number == digest.id]
    cadence = parse_cadence(year.session.get_one(User, digest.user_id).first_name)
    zone, came = year.zone, Counter(due.astimezone(year.zone).date() for due, _ in ran)
    assert set(came.values()) == {1}
    for due, at in ran:
        assert due <= at
        assert shown(due, zone) == cadence.at or skips(due, cadence, zone)
    for (_, at), (due, _) in pairwise(ran):
        assert due - at > digests.REST
    day, last = ran[0][0].astimezone(zone).date(), ran[-1][0].astimezone(zone).date()
    while day < last:
        day += timedelta(days=1)
        if is_day_of(cadence, day) and exists(day, zone) and not was_down(year, day):
            assert came[day] == 1, (day, cadence)


def shown(moment: datetime, zone: ZoneInfo) -> time:
    return moment.astimezone(zone).time().replace(fold=0)


def skips(due: datetime, cadence: Cadence, zone: ZoneInfo) -> bool:
    """Return whether the clock was set forward over a digest's time just before it was due, by its delay."""
    offsets = [moment.astimezone(zone).utcoffset() or timedelta() for moment in (due - timedelta(hours=1), due)]
    wall = due.astimezone(zone).replace(tzinfo=None)
    return offsets[0] < offsets[1] and wall - (offsets[1] - offsets[0]) == datetime.combine(wall, cadence.at)


def is_day_of(cadence: Cadence, day: date) -> bool:
    match cadence.frequency:
        case Frequency.WEEKLY:
            return day.weekday() == cadence.day
        case Frequency.MONTHLY:
            return (day + timedelta(days=1)).day == 1  # on the 31st, or the month's last day
        case _:
            return True


def exists(day: date, zone: ZoneInfo) -> bool:
    """Return whether the zone's calendar has a day: Samoa's has no 30 December 2011."""
    return datetime.combine(day, time(12), zone).astimezone(UTC).astimezone(zone).date() == day


def was_down(year: Year, day: date) -> bool:
    """Return whether no process ran on a part of a day, or on the evening before, when a catch-up may have come."""
    noon = datetime.combine(day, time(12), year.zone)
    return any(start - timedelta(days=1) <= noon <= end + timedelta(days=1) for start, end in year.down)


def check_reminders(year: Year) -> None:
    """Nobody is written to at night or at weekends, twice on a day, or a fourth time in a row."""
    rows = year.session.scalars(select(Reminder).order_by(Reminder.at)).all()
    for moment in [*(each.at for each in rows), *year.written_at]:
        wall = moment.astimezone(year.zone)
        assert wall.weekday() < 5, wall
        assert time(8) <= wall.time() < time(20), wall
    days = Counter((each.person_key, each.at.astimezone(year.zone).date()) for each in rows)
    assert set(days.values()) == {1}
    of_person = defaultdict[str, list[str]](list)
    for each in rows:
        of_person[each.person_key].append(each.occasion)
    for occasions in of_person.values():
        for row in (["not come"], ["not started", "due soon"], ["overdue"]):
            assert sum(each in row for each in occasions) <= 3, occasions
    assert {"not come", "not started", "due soon", "overdue"} == {each.occasion for each in rows}
    assert sum(occasions[-3:] == ["overdue"] * 3 for occasions in of_person.values())
    lists = select(Reminder.person_key, ExpectedPerson.department_id)
    of_department = dict(
        iter(year.session.execute(lists.join(ExpectedPerson, ExpectedPerson.id == Reminder.expected_id)))
    )
    reminded_enough = [of_department[key] for key, found in of_person.items() if found == ["not come"] * 3]
    assert {each is None for each in reminded_enough} == {True, False}  # of the profile's list, and the department's
