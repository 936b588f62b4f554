"""A digest's words: the first line alone tells the news."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.digest_text import digest
from bot.messages import Words
from bot.service import LOCALES
from core.language import Languages
from core.services.digests import ProfileNews, Summary, Upcoming

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
RIGA = ZoneInfo("Europe/Riga")
NEWS = ProfileNews(
    name="Autumn sales", department=("Sales", "EMEA"), names=("Anna Berzina",), shown=7, hidden=0, left=3
)
SUMMARY = Summary(since=NOW - timedelta(days=4), until=NOW, zone=RIGA, news=(NEWS,), upcoming=(), sign_up_enabled=True)
EMPTY = replace(SUMMARY, news=())


def written(summary: Summary, *, code: str = "en", again: bool = False) -> list[str]:
    words = Words(language=Languages(LOCALES).all[code], zone=RIGA, now=NOW)
    return [line.replace("<b>", "").replace("</b>", "") for line in digest(words, summary, again=again).splitlines()]


@pytest.mark.parametrize(
    ("summary", "line"),
    [
        (SUMMARY, "7 new learners since Monday, 3 places left in Autumn sales"),
        (replace(SUMMARY, news=(replace(NEWS, left=20),)), "7 new learners since Monday"),
        (replace(SUMMARY, news=(replace(NEWS, shown=1, left=None),)), "1 new learner since Monday"),
        (replace(SUMMARY, since=None), "7 new learners so far, 3 places left in Autumn sales"),
        (EMPTY, "No new learners since Monday"),
        (replace(EMPTY, since=NOW - timedelta(hours=2)), "No new learners since 27 Nov 15:00"),
        (replace(EMPTY, since=NOW - timedelta(days=30)), "No new learners since 28 Oct 17:00"),
    ],
)
def test_the_first_line_tells_the_news(summary: Summary, line: str) -> None:
    assert written(summary)[0] == line


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("ru", "7 новых учеников (прошлая сводка: понедельник), 3 места осталось в «Autumn sales»"),
        ("es", "7 personas nuevas (resumen anterior: lunes), quedan 3 plazas en Autumn sales"),
    ],
)
def test_the_first_line_tells_the_news_in_other_languages(code: str, line: str) -> None:
    assert written(SUMMARY, code=code)[0] == line


def test_each_profile_tells_whom_it_brought_and_what_is_left() -> None:
    assert written(SUMMARY)[1:] == ["", "Autumn sales · Sales / EMEA", "7 new, 3 places left", "Anna Berzina, 6 more"]


def test_hidden_learners_are_counted_never_named() -> None:
    hidden = replace(NEWS, names=(), shown=0, hidden=2, left=None)
    assert written(replace(SUMMARY, news=(hidden,)))[1:] == [
        "",
        "Autumn sales · Sales / EMEA",
        "0 new, no limit",
        "2 learners are hidden from you",
    ]


def test_what_ends_soon_and_what_nobody_uses_is_told() -> None:
    soon = Upcoming(name="Interns", ends_at=NOW + timedelta(days=2), ends_soon=True, unused=False)
    unused_too = replace(soon, name="Drivers", unused=True)
    unused = replace(soon, name="Clerks", ends_soon=False, unused=True)
    assert written(replace(EMPTY, upcoming=(soon, unused_too, unused)))[1:] == [
        "",
        "Ending soon:",
        "· Interns, 29 Nov 17:00",
        "· Drivers, 29 Nov 17:00, nobody has used it yet",
        "",
        "Nobody has used yet:",
        "· Clerks",
    ]


def test_a_switch_that_is_off_is_told() -> None:
    last = written(replace(EMPTY, sign_up_enabled=False))[-1]
    assert last == "Sign-up is off, so no link works now: /signup on turns it on."


def test_a_repetition_says_that_it_is_one() -> None:
    assert written(SUMMARY, again=True)[1].startswith("Sent again: ")


def test_names_are_shown_as_they_are() -> None:
    tricky = replace(NEWS, name="<b>&\"'")
    words = Words(language=Languages(LOCALES).all["en"], zone=RIGA, now=NOW)
    assert "&lt;b&gt;&amp;&#34;&#39;" in digest(words, replace(SUMMARY, news=(tricky,)), again=False)
