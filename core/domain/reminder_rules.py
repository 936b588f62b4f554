"""Rules of reminders: which one holds for a person, on which occasion it reminds them, and when it is enough."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from core.domain.reminders import Occasion

MOST_IN_A_ROW = 3
DAYS: Mapping[Occasion, int] = {  # of a rule that nobody has changed
    Occasion.NOT_COME: 3,
    Occasion.NOT_STARTED: 3,
    Occasion.DUE_SOON: 2,
    Occasion.OVERDUE: 0,
}
MOST_DAYS = 365
BY_URGENCY: Sequence[Occasion] = (Occasion.OVERDUE, Occasion.DUE_SOON, Occasion.NOT_STARTED)  # of those about courses


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a rule holds: for a profile's people, for a department and those below it, or (neither) for all."""

    profile_id: int | None = None
    department_id: int | None = None

    @property
    def is_account(self) -> bool:
        """Whether it is for all."""
        return self.profile_id is None and self.department_id is None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule of a place: whether it is on, and after or before how many days it reminds; since when (UTC)."""

    occasion: Occasion
    place: Place
    days: int
    on: bool
    since: datetime


@dataclass(frozen=True, kw_only=True)
class ToDo:
    """A course that a learner hasn't completed; moments are UTC."""

    started: bool
    enrolled_at: datetime
    due_at: datetime | None


class Verdict(StrEnum):
    """What a rule does about a person on a day."""

    REMIND = auto()
    TELL = auto()  # their manager: they were reminded often enough


def holding(rules: Iterable[Rule], profile_id: int | None, departments: Sequence[int]) -> dict[Occasion, Rule]:
    """Return the rule that holds for a person on each occasion: the one of the nearest place.

    That is the profile, else the departments, the person's own first, else the account.
    """
    places = [
        *([Place(profile_id=profile_id)] if profile_id is not None else []),
        *(Place(department_id=number) for number in departments),
        Place(),
    ]
    ranks = {place: rank for rank, place in enumerate(places)}
    found = [rule for rule in rules if rule.place in ranks]
    return {rule.occasion: rule for rule in sorted(found, key=lambda rule: ranks[rule.place], reverse=True)}


def occasion_of(
    courses: Iterable[ToDo], rules: Mapping[Occasion, Rule], at: datetime, following: datetime
) -> Occasion | None:
    """Return on which occasion a learner is reminded at a moment: the most urgent one; None if there is none.

    `following` is when people are reminded next: what would be due too soon by then is due soon now.
    """
    todo = list(courses)
    return next((each for each in BY_URGENCY if _reminds(rules.get(each), todo, at, following)), None)


def begins_anew(courses: Iterable[ToDo], changed: datetime, at: datetime) -> datetime:
    """Return since when reminders to a learner count as in a row: what they did, and what has become overdue since."""
    return max([changed, *(each.due_at for each in courses if each.due_at is not None and each.due_at < at)])


def expects(rule: Rule | None, since: datetime, at: datetime) -> bool:
    """Return whether a rule reminds a person at a moment who could have come since another one."""
    return rule is not None and holds(rule, at) and since <= at - timedelta(days=rule.days)


def holds(rule: Rule, at: datetime) -> bool:
    """Return whether a rule reminds at a moment: what is changed later begins with the next one."""
    return rule.on and rule.since <= at


def judge(reminded: Iterable[datetime], since: datetime) -> Verdict:
    """Return what to do about a person whom a rule concerns, by when they were reminded.

    Three reminders in a row are enough; a row begins anew with what the person did, or got to do, at `since`.
    """
    in_a_row = sum(moment > since for moment in reminded)
    return Verdict.REMIND if in_a_row < MOST_IN_A_ROW else Verdict.TELL


def _reminds(rule: Rule | None, courses: Sequence[ToDo], at: datetime, following: datetime) -> bool:
    if rule is None or not holds(rule, at):
        return False
    days = timedelta(days=rule.days)
    match rule.occasion:
        case Occasion.OVERDUE:
            return any(each.due_at is not None and each.due_at < at for each in courses)
        case Occasion.DUE_SOON:
            return any(each.due_at is not None and at <= each.due_at < following + days for each in courses)
        case _:
            return any(not each.started and each.enrolled_at <= at - days for each in courses)
