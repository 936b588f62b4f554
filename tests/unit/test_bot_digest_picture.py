"""What a digest's picture says below its title."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.screens.digest_picture import plot
from bot.screens.report_picture import Plot
from bot.service import LOCALES
from bot.wording.phrases import Words
from core.domain.intervals import intervals
from core.domain.periods import Period
from core.language import Languages
from core.services.digest_charts import DigestChart
from core.services.digest_summaries import Summary
from tests.unit.test_bot_digest import NEWS

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
RIGA = ZoneInfo("Europe/Riga")
FIRST = Summary(since=None, until=NOW, zone=RIGA, news=(), upcoming=(), more_upcoming=False, sign_up_enabled=True)


def notes(summary: Summary, code: str = "en") -> tuple[str, ...]:
    return plotted(summary, code).notes


def plotted(summary: Summary, code: str = "en") -> Plot:
    words = Words(language=Languages(LOCALES).all[code], zone=RIGA, now=NOW)
    divided = intervals(Period(since=NOW - timedelta(days=4), until=NOW), RIGA)
    return plot(words, DigestChart(organisation=None, dark=False, summary=summary, intervals=divided, series=()))


@pytest.mark.parametrize(
    ("code", "days"),
    [("en", "Mon 23 Nov – Fri 27 Nov"), ("es", "lun 23 nov – vie 27 nov"), ("ru", "пн 23 нояб. – пт 27 нояб.")],
)
def test_the_picture_of_a_first_digest_names_the_days_from_its_first_learner_on(code: str, days: str) -> None:
    assert notes(FIRST, code) == (days,)


def test_the_days_of_a_later_digest_stand_there_once() -> None:
    assert notes(replace(FIRST, since=NOW - timedelta(days=4))) == ("Mon 23 Nov – Fri 27 Nov",)


def test_who_was_undone_is_said_below_the_headline_which_does_not_count_them() -> None:
    undone = replace(FIRST, news=(replace(NEWS, shown=7, returned=5, undone=5),), since=NOW - timedelta(days=4))
    assert notes(undone) == ("Mon 23 Nov – Fri 27 Nov · 5 undone",)
    assert plotted(undone).headline == "2 sign-ups"
    assert notes(replace(undone, since=None))[0] == "5 undone"
