"""Rules of reminders in words: how many people they write to next, or would."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox import parse_html
from bot.service import LOCALES
from bot.wording.phrases import Words
from bot.wording.reminder_rules import would_write
from core.domain.reminder_rules import Place
from core.domain.reminders import Occasion
from core.language import Languages
from core.services.reminder_rules import Rules, RuleShown

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LANGUAGES = Languages(LOCALES)


@pytest.mark.parametrize(
    ("code", "on", "off"),
    [
        ("en", "Next: 2000+ people, ", "Would write to 2000+ people, "),
        ("ru", "Далее: 2000+ человек, ", "Письмо получили бы 2000+ человек, "),
        ("es", "A continuación: 2000+ personas, ", "Escribiría a 2000+ personas, "),
    ],
)
def test_where_more_people_may_be_concerned_the_number_says_so(code: str, on: str, off: str) -> None:
    words = Words(language=LANGUAGES.all[code], zone=ZoneInfo("UTC"), now=AT)
    for is_on, begins in ((True, on), (False, off)):
        shown = RuleShown(
            occasion=Occasion.OVERDUE, days=0, on=is_on, own=True, inherited=False, people=2000, more=True
        )
        found = Rules(place=Place(), name="", path=(), rules=(shown,), at=AT)
        assert parse_html(would_write(words, found, shown)).text.startswith(begins)
