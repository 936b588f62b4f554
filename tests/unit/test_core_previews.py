"""Questions before what can't be taken back: whatever they name changes their fingerprint, and nothing else does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.domain.access import Role, UserState
from core.domain.field_kinds import Kind
from core.domain.links import LinkState
from core.domain.progress import Progress
from core.domain.retention import Kept
from core.domain.windows import Window
from core.services import retention, time_zone
from core.services.courses import MyCourse
from core.services.people import Card
from core.services.person_details import Arrival, Ending, Filled, PersonDetails
from core.services.person_erasure import Erasure
from core.services.reminder_moving import Moved
from core.services.rule_application import Application
from core.services.time_zone import ZonePreview

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CARD = Card(
    user_id=7,
    name="Anna Berzina",
    email="anna@example.com",
    login="anna",
    phone="",
    job_title="",
    state=UserState.ACTIVE,
    role=Role.DEPARTMENT_ADMINISTRATOR,
    role_name=None,
    department=("Sales",),
    manages=(("Sales",), ("Support",)),
    created_at=NOW,
    zone=ZoneInfo("Europe/Riga"),
)
COURSE = MyCourse(
    course_id=3,
    title="Safety first",
    description="",
    link="https://learn.example.com/safety",
    progress=Progress.NOT_STARTED,
    due_at=None,
    completed_at=None,
    overdue=False,
    zone=CARD.zone,
)
ARRIVAL = Arrival(
    activation_id=1, profile_id=2, profile_name="Autumn", at=NOW, returned=False, undone=False, may_return=True
)
PERSON = PersonDetails(
    card=CARD,
    filled=(Filled(label="Team", kind=Kind.TEXT, value="Blue"),),
    courses=(COURSE,),
    arrival=ARRIVAL,
    consent=None,
    mail_refused=None,
    new_email=None,
    ending=Ending(digests=1, digest_in_group=False, invitations=2),
    may_change=True,
    may_end=True,
    may_assign=True,
    may_invite=False,
    may_enrol=True,
)
ERASURE = Erasure(user_id=7, name="Anna Berzina", details=PERSON, keeps_place=True, log_entries=4)
KEPT = retention.Change(kept=Kept.LISTS, before=30, after=10, ending=2)
RULE = Application(department_id=2, course_id=3, department=("Sales",), title="Safety first", people=5, having=1)
WINDOW = Window(starts_at=NOW, ends_at=NOW + timedelta(days=7))
LATER = Window(starts_at=NOW, ends_at=NOW + timedelta(days=8))
EFFECT = time_zone.Effect(
    profile_id=2, name="Autumn", window=WINDOW, shifted=WINDOW, state=LinkState.OPEN, state_if_shifted=LinkState.OPEN
)
ZONE = ZonePreview(
    before=ZoneInfo("UTC"), after=ZoneInfo("Europe/Riga"), effects=(EFFECT,), reminders=Moved(number=0, first=None)
)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Anna Ozola"},
        {"email": None},
        {"login": None},
        {"role": Role.ADMINISTRATOR},
        {"role_name": "Teachers"},
        {"manages": (("Sales",),)},
    ],
)
def test_a_question_about_a_person_rests_on_what_their_card_says_of_them(change: dict[str, Any]) -> None:
    assert replace(PERSON, card=replace(CARD, **change)).seen != PERSON.seen


@pytest.mark.parametrize(
    "change",
    [
        {"filled": (replace(PERSON.filled[0], label="Crew"),)},
        {"courses": (replace(COURSE, title="Fire drill"),)},
        {"arrival": None},
        {"ending": replace(PERSON.ending, digests=2)},
        {"ending": replace(PERSON.ending, digest_in_group=True)},
        {"ending": replace(PERSON.ending, invitations=3)},
    ],
)
def test_a_question_about_a_person_rests_on_all_that_ends_with_them(change: dict[str, Any]) -> None:
    assert replace(PERSON, **change).seen != PERSON.seen


@pytest.mark.parametrize(
    "change",
    [
        {"card": replace(CARD, manages=CARD.manages[::-1])},
        {"filled": (replace(PERSON.filled[0], value="Red"),)},
        {"courses": (replace(COURSE, overdue=True),)},
        {"arrival": replace(ARRIVAL, returned=True)},
        {"may_invite": True},
    ],
)
def test_a_question_about_a_person_does_not_rest_on_what_it_does_not_name(change: dict[str, Any]) -> None:
    assert replace(PERSON, **change).seen == PERSON.seen


@pytest.mark.parametrize(
    ("change", "matters"),
    [
        ({"name": "Anna Ozola"}, True),
        ({"details": None}, True),
        ({"details": replace(PERSON, arrival=None)}, True),
        ({"keeps_place": False}, True),
        ({"log_entries": 5}, False),
    ],
)
def test_a_question_before_an_erasure_rests_on_all_but_the_entries_of_the_log(
    change: dict[str, Any], *, matters: bool
) -> None:
    assert (replace(ERASURE, **change).seen != ERASURE.seen) is matters


@pytest.mark.parametrize("change", [{"kept": Kept.NAMES}, {"before": None}, {"after": 11}, {"ending": 3}])
def test_a_question_about_how_long_something_is_kept_rests_on_all_of_it(change: dict[str, Any]) -> None:
    assert replace(KEPT, **change).seen != KEPT.seen


@pytest.mark.parametrize(
    ("change", "matters"),
    [
        ({"department": ("Support",)}, True),
        ({"title": "Fire drill"}, True),
        ({"people": 6}, True),
        ({"having": 2}, False),
    ],
)
def test_a_question_whether_a_rule_is_applied_rests_on_whom_and_what_it_names(
    change: dict[str, Any], *, matters: bool
) -> None:
    assert (replace(RULE, **change).seen != RULE.seen) is matters


@pytest.mark.parametrize(
    ("change", "matters"),
    [
        ({"before": ZoneInfo("Asia/Tokyo")}, True),
        ({"after": ZoneInfo("Asia/Tokyo")}, True),
        ({"effects": ()}, True),
        ({"effects": (replace(EFFECT, profile_id=3),)}, True),
        ({"effects": (replace(EFFECT, window=LATER),)}, True),
        ({"effects": (replace(EFFECT, shifted=LATER),)}, True),
        ({"effects": (replace(EFFECT, name="Winter"),)}, False),
    ],
)
def test_a_question_before_a_change_of_the_zone_rests_on_the_windows_that_it_moves(
    change: dict[str, Any], *, matters: bool
) -> None:
    assert (replace(ZONE, **change).seen != ZONE.seen) is matters
