"""How far a learner is in a course, and whether they are late."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Progress(StrEnum):
    """A learner's progress in a course."""

    NOT_STARTED = "not started"
    STARTED = "started"
    COMPLETED = "completed"


@dataclass(frozen=True, kw_only=True)
class Behind:
    """How many people have not started a course, and how many are overdue in one."""

    not_started: int
    overdue: int


def is_overdue(progress: Progress, due_at: datetime | None, now: datetime) -> bool:
    """Return whether a course should have been completed by now. In queries: `storage.enrolments.is_overdue`."""
    return due_at is not None and due_at < now and progress is not Progress.COMPLETED
