"""Why people can't be reminded, in words: what stands in the way of those who are to come, and of learners."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.wording.phrases import Words
from bot.wording.reminders import described
from core.domain.reminders import Occasion
from core.services.reminder_previews import Preview
from core.services.roster_additions import NOBODY
from tests.support.context import LANGUAGES


@pytest.mark.parametrize(
    ("occasion", "why"),
    [
        (Occasion.NOT_COME, "2 can't be reached: without an address, with an account already, or not let in yet"),
        (Occasion.NOT_STARTED, "2 can't be reached: without an address"),
        (Occasion.OVERDUE, "2 can't be reached: without an address"),
    ],
)
def test_who_cannot_be_reached_is_told_with_what_may_be_the_reason(occasion: Occasion, why: str) -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    preview = Preview(
        occasion=occasion,
        people=5,
        new=3,
        reminded=0,
        stopped=0,
        enough=0,
        without_mail=0,
        mails=3,
        left=9,
        at=now,
        closed=None,
        seen="",
        named=(),
        left_out={},
        unlisted=NOBODY,
    )
    assert why in described(Words(language=LANGUAGES.all["en"], zone=ZoneInfo("UTC"), now=now), preview).splitlines()
