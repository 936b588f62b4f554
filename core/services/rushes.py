"""Rushes through a profile: when one was told of, and who of it can be taken back or declined together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.domain.alerts import RUSH_UNDONE_WITHIN, Watched
from core.services import audit_log, profiles
from core.services.audit_log import Action
from core.storage import alerts as stored
from core.storage.tables import Profile

MOST_AT_ONCE, NAMED = 200, 15
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Rush:
    """A rush through a profile: when it was told of, the first and the last of those who came in it (UTC).

    `people` of it can be taken back or declined by the viewer, at most MOST_AT_ONCE at once; `hidden` are outside their
    scope.
    """

    profile_id: int
    told_at: datetime
    first: datetime
    last: datetime
    people: int
    hidden: int = 0

    @property
    def told_second(self) -> int:
        """The second of the epoch in which it was told of, as buttons and questions carry it."""
        return int(self.told_at.timestamp())

    @property
    def at_once(self) -> int:
        """How many are taken back, or declined, by one answer."""
        return min(self.people, MOST_AT_ONCE)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The question whether to take back or to decline people of a rush; `names` are those of the first of them."""

    question_id: int
    profile_name: str
    rush: Rush
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How many people were taken back or declined, and the question whose answer reverts that until a moment (UTC)."""

    profile_id: int
    profile_name: str
    people: int
    back_id: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class BroughtBack:
    """How many people of a rush came back; `lost` could not, because they are gone or moved out of scope since.

    `told`: the rush, by a second of the epoch as `when_told` takes it.
    """

    profile_id: int
    profile_name: str
    people: int
    lost: int
    told: int | None


def brought_back(profile: Profile, body: Mapping[str, Any], people: int) -> BroughtBack:
    """Return that so many of the people in a question's body came back to a profile."""
    return BroughtBack(
        profile_id=profile.id,
        profile_name=profile.name,
        people=people,
        lost=len(body["people"]) - people,
        told=body.get("told"),
    )


def record(session: Session, by_id: int, action: Action, profile: Profile, people: int, now: datetime) -> None:
    """Write into the audit log what was done with so many people of a rush."""
    audit_log.record(session, by_id, action, profiles.subject(profile), now, after={"people": people})


def when_told(
    session: Session, watched: Watched, profile_id: int, now: datetime, *, told: int | None
) -> datetime | None:
    """Return when the rush was told of that was in a second of the epoch (None: the last one).

    None if there was none within RUSH_UNDONE_WITHIN. Rights are not checked here.
    """
    since, until = now - RUSH_UNDONE_WITHIN, now + SECOND
    if told is not None:
        first = _moment(told)
        if first is None or not since <= first <= now:
            return None
        since, until = first, first + SECOND
    return stored.last_raised(session, watched, profile_id, since, until)


def _moment(seconds: int) -> datetime | None:
    """Return a second of the epoch as a moment; None if there is none: a button's data can hold any number."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
