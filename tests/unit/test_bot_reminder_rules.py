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
        ("en", "Next: 2,000+ people, ", "Would write to 2,000+ people, "),
        ("ru", "Далее: 2\N{NO-BREAK SPACE}000+ человек, ", "Напоминание получили бы 2\N{NO-BREAK SPACE}000+ человек, "),
        ("es", "A continuación: 2.000+ personas, ", "Escribiría a 2.000+ personas, "),
    ],
)
def test_where_more_people_may_be_concerned_the_number_says_so(code: str, on: str, off: str) -> None:
    for is_on, begins in ((True, on), (False, off)):
        assert said(code, on=is_on, people=2000, more=True).startswith(begins)


@pytest.mark.parametrize(
    ("code", "begins", "ends"),
    [
        ("en", "Would write to 5 people, ", "; 2 can't be reached"),
        ("ru", "Напоминание получили бы 5 человек, ", "; 2 недоступны"),
        ("es", "Escribiría a 5 personas, ", "; no se puede escribir a 2"),
    ],
)
def test_without_a_mail_server_those_who_cannot_be_reached_are_counted_apart(code: str, begins: str, ends: str) -> None:
    shown = said(code, can_mail=False, people=7, mails=2)
    assert shown.startswith(begins)
    assert shown.endswith(ends)


@pytest.mark.parametrize(
    ("occasion", "line"),
    [(Occasion.NOT_COME, "To nobody now: sign-up is off."), (Occasion.OVERDUE, "Next: 1 person, ")],
)
def test_while_sign_up_is_off_nobody_is_reminded_to_come(occasion: Occasion, line: str) -> None:
    words = Words(language=LANGUAGES.all["en"], zone=ZoneInfo("UTC"), now=AT)
    rule = RuleShown(occasion=occasion, days=3, on=True, own=True, inherited=False, people=1, mails=1, more=False)
    found = Rules(place=Place(), name="", path=(), rules=(rule,), at=AT, sign_up_off=True)
    assert would_write(words, found, rule, can_mail=True).startswith(line)


def said(code: str, *, people: int, on: bool = False, mails: int = 0, more: bool = False, can_mail: bool = True) -> str:
    """Say to how many people a rule writes next, or would."""
    words = Words(language=LANGUAGES.all[code], zone=ZoneInfo("UTC"), now=AT)
    rule = RuleShown(
        occasion=Occasion.OVERDUE, days=0, on=on, own=True, inherited=False, people=people, mails=mails, more=more
    )
    found = Rules(place=Place(), name="", path=(), rules=(rule,), at=AT)
    return parse_html(would_write(words, found, rule, can_mail=can_mail)).text
