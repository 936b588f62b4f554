"""When a course is overdue."""

from datetime import UTC, datetime, timedelta

import pytest

from core.domain.progress import Progress, is_overdue

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("progress", "due_at", "overdue"),
    [
        (Progress.NOT_STARTED, NOW - SECOND, True),
        (Progress.STARTED, NOW - SECOND, True),
        (Progress.STARTED, NOW, False),
        (Progress.STARTED, NOW + SECOND, False),
        (Progress.STARTED, None, False),
        (Progress.COMPLETED, NOW - SECOND, False),
    ],
)
def test_a_course_is_overdue_after_its_moment_unless_it_is_completed(
    progress: Progress, due_at: datetime | None, *, overdue: bool
) -> None:
    assert is_overdue(progress, due_at, NOW) is overdue
