"""Rules of reminders: the nearest one holds, the most urgent occasion wins, and three in a row are enough."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.reminder_rules import (
    MOST_IN_A_ROW,
    Place,
    Rule,
    ToDo,
    Verdict,
    begins_anew,
    expects,
    holding,
    judge,
    occasion_of,
)
from core.domain.reminders import Occasion
from tests.support.selection import many

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FOLLOWING = AT + DAY
DAYS = st.integers(-20, 20).map(lambda days: AT + days * DAY)
COURSES = st.lists(
    st.builds(ToDo, started=st.booleans(), enrolled_at=DAYS, due_at=st.none() | DAYS), min_size=1, max_size=4
)
PLACES = st.sampled_from(
    [Place(), Place(profile_id=1), Place(profile_id=2), *(Place(department_id=each) for each in range(4))]
)


def a_rule(occasion: Occasion, place: Place = Place(), *, days: int = 3, on: bool = True, since: datetime = AT) -> Rule:  # noqa: B008 - it is frozen
    return Rule(occasion=occasion, place=place, days=days, on=on, since=since)


RULES = st.lists(
    st.builds(a_rule, st.sampled_from(Occasion), PLACES, days=st.integers(0, 9), on=st.booleans()), max_size=12
)


@settings(max_examples=many(300), deadline=None)
@given(rules=RULES, profile=st.none() | st.integers(1, 3), departments=st.permutations(range(3)))
def test_the_rule_of_the_nearest_place_holds(rules: list[Rule], profile: int | None, departments: list[int]) -> None:
    nearest = [
        *([Place(profile_id=profile)] if profile else []),
        *(Place(department_id=each) for each in departments),
        Place(),
    ]
    held = holding(rules, profile, departments)
    for occasion in Occasion:
        places = [place for place in nearest if any(r.place == place and r.occasion is occasion for r in rules)]
        assert (held[occasion].place if occasion in held else None) == (places[0] if places else None)


@settings(max_examples=many(300), deadline=None)
@given(courses=COURSES, rules=RULES)
def test_nobody_is_reminded_without_a_rule_that_is_on_and_a_reason(courses: list[ToDo], rules: list[Rule]) -> None:
    held = holding(rules, None, [])
    occasion = occasion_of(courses, held, AT, FOLLOWING)
    days = {each: timedelta(days=rule.days) for each, rule in held.items() if rule.on}
    overdue = [each for each in courses if each.due_at and each.due_at < AT]
    soon = [
        each
        for each in courses
        if each.due_at and AT <= each.due_at < FOLLOWING + days.get(Occasion.DUE_SOON, timedelta())
    ]
    waiting = [
        each
        for each in courses
        if not each.started and AT - each.enrolled_at >= days.get(Occasion.NOT_STARTED, timedelta())
    ]
    reasons = {Occasion.OVERDUE: overdue, Occasion.DUE_SOON: soon, Occasion.NOT_STARTED: waiting}
    expected = [each for each, found in reasons.items() if found and each in days]
    assert occasion == (expected[0] if expected else None)


def test_a_rule_that_changed_after_a_round_began_holds_for_the_next_one() -> None:
    rule = a_rule(Occasion.NOT_COME, days=3, since=AT + timedelta(seconds=1))
    assert not expects(rule, AT - 9 * DAY, AT)
    assert expects(rule, AT - 9 * DAY, FOLLOWING)
    assert not expects(a_rule(Occasion.NOT_COME, on=False), AT - 9 * DAY, AT)
    assert not expects(None, AT - 9 * DAY, AT)
    assert [expects(a_rule(Occasion.NOT_COME, days=3), AT - days * DAY, AT) for days in (2, 3)] == [False, True]


def test_what_is_due_on_a_day_without_a_round_is_told_before() -> None:
    friday, monday = datetime(2026, 11, 27, 9, tzinfo=UTC), datetime(2026, 11, 30, 9, tzinfo=UTC)
    sunday = ToDo(started=True, enrolled_at=AT, due_at=datetime(2026, 11, 29, 23, 59, tzinfo=UTC))
    held = {Occasion.DUE_SOON: a_rule(Occasion.DUE_SOON, days=1)}
    assert occasion_of([sunday], held, friday, monday) is Occasion.DUE_SOON
    assert occasion_of([sunday], held, friday - DAY, friday) is None


@settings(max_examples=many(200), deadline=None)
@given(moments=st.lists(DAYS, max_size=8), since=DAYS)
def test_three_reminders_without_anything_new_in_between_are_enough(moments: list[datetime], since: datetime) -> None:
    in_a_row = [moment for moment in moments if moment > since]
    assert (judge(moments, since) is Verdict.REMIND) == (len(in_a_row) < MOST_IN_A_ROW)


def test_a_course_that_becomes_overdue_is_something_new() -> None:
    courses = [ToDo(started=False, enrolled_at=AT - 9 * DAY, due_at=AT - DAY)]
    assert begins_anew(courses, AT - 9 * DAY, AT) == AT - DAY
    assert begins_anew(courses, AT - 9 * DAY, AT - 2 * DAY) == AT - 9 * DAY


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("occasion", "due_at", "reminds"),
    [
        (Occasion.OVERDUE, AT - SECOND, True),
        (Occasion.OVERDUE, AT, False),
        (Occasion.DUE_SOON, AT - SECOND, False),
        (Occasion.DUE_SOON, AT, True),
        (Occasion.DUE_SOON, FOLLOWING + 3 * DAY - SECOND, True),
        (Occasion.DUE_SOON, FOLLOWING + 3 * DAY, False),
    ],
)
def test_what_is_due_at_the_very_moment_is_due_soon_and_not_overdue(
    occasion: Occasion, due_at: datetime, *, reminds: bool
) -> None:
    todo = [ToDo(started=True, enrolled_at=AT, due_at=due_at)]
    assert occasion_of(todo, {occasion: a_rule(occasion)}, AT, FOLLOWING) == (occasion if reminds else None)


@pytest.mark.parametrize(("waited", "reminds"), [(3 * DAY, True), (3 * DAY - SECOND, False)])
def test_who_has_waited_for_exactly_the_days_of_a_rule_is_reminded(waited: timedelta, *, reminds: bool) -> None:
    todo = [ToDo(started=False, enrolled_at=AT - waited, due_at=None)]
    held = {Occasion.NOT_STARTED: a_rule(Occasion.NOT_STARTED)}
    assert occasion_of(todo, held, AT, FOLLOWING) == (Occasion.NOT_STARTED if reminds else None)
    assert expects(a_rule(Occasion.NOT_COME), AT - waited, AT) is reminds


def test_a_course_begins_a_row_anew_only_when_it_was_due_before_the_moment() -> None:
    for due_at, since in ((AT - SECOND, AT - SECOND), (AT, AT - 9 * DAY)):
        assert begins_anew([ToDo(started=False, enrolled_at=AT, due_at=due_at)], AT - 9 * DAY, AT) == since


def test_a_reminder_at_the_moment_of_what_the_person_did_is_not_in_the_row_after_it() -> None:
    after = [AT + SECOND, AT + 2 * SECOND]
    assert judge([AT, *after], AT) is Verdict.REMIND
    assert judge([AT + 3 * SECOND, *after], AT) is Verdict.TELL
