"""A digest's words: the first line alone tells the news."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox import parse_html
from bot.service import LOCALES
from bot.wording.digest import digest
from bot.wording.phrases import Words
from core.domain.links import LinkState
from core.language import Languages
from core.services.digests import ProfileNews, Summary, Upcoming
from core.services.history import Hidden

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
RIGA = ZoneInfo("Europe/Riga")
NONE, TWO = Hidden(transferred=0, elsewhere=0), Hidden(transferred=1, elsewhere=1)
NEWS = ProfileNews(
    name="Autumn sales", department=("Sales", "EMEA"), names=("Anna Berzina",), shown=7, hidden=NONE, left=3
)
SUMMARY = Summary(
    since=NOW - timedelta(days=4),
    until=NOW,
    zone=RIGA,
    news=(NEWS,),
    upcoming=(),
    more_upcoming=False,
    sign_up_enabled=True,
)
EMPTY = replace(SUMMARY, news=())
RU_ONE = "21 новый ученик с понедельника, осталось 1 место в «Autumn sales»"
ES_ONE = "1 alumno nuevo desde el lunes, queda 1 plaza en Autumn sales"


def written(summary: Summary, *, code: str = "en", again: bool = False) -> list[str]:
    words = Words(language=Languages(LOCALES).all[code], zone=RIGA, now=NOW)
    return [line.replace("<b>", "").replace("</b>", "") for line in digest(words, summary, again=again).splitlines()]


@pytest.mark.parametrize(
    ("summary", "line"),
    [
        (SUMMARY, "7 new learners since Monday, 3 places left in Autumn sales"),
        (replace(SUMMARY, news=(replace(NEWS, left=20),)), "7 new learners since Monday"),
        (replace(SUMMARY, news=(replace(NEWS, shown=1, left=None),)), "1 new learner since Monday"),
        (replace(SUMMARY, news=(replace(NEWS, left=0),)), "7 new learners since Monday, Autumn sales is full"),
        (replace(SUMMARY, since=None), "7 new learners so far, 3 places left in Autumn sales"),
        (replace(SUMMARY, news=(replace(NEWS, left=5),)), "7 new learners since Monday, 5 places left in Autumn sales"),
        (replace(SUMMARY, news=(replace(NEWS, left=6),)), "7 new learners since Monday"),
        (replace(SUMMARY, news=(replace(NEWS, left=1),)), "7 new learners since Monday, 1 place left in Autumn sales"),
        (
            replace(SUMMARY, news=(NEWS, replace(NEWS, name="Interns", left=2))),
            "14 new learners since Monday, 2 places left in Interns",
        ),
        (
            replace(SUMMARY, since=None, news=(replace(NEWS, shown=0, hidden=TWO, names=(), left=None),)),
            "No new learners so far",
        ),
        (replace(SUMMARY, news=(replace(NEWS, over=LinkState.ENDED),)), "7 new learners since Monday"),
        (replace(SUMMARY, news=(replace(NEWS, over=LinkState.REMOVED),)), "7 new learners since Monday"),
        (EMPTY, "No new learners since Monday"),
        (replace(EMPTY, since=None), "No new learners so far"),
        (replace(EMPTY, since=NOW - timedelta(days=6)), "No new learners since Saturday"),
        (replace(EMPTY, since=NOW - timedelta(days=6, minutes=1)), "No new learners since 21 Nov 2026 16:59"),
        (replace(EMPTY, since=NOW - timedelta(hours=18)), "No new learners since Thursday"),
        (replace(EMPTY, since=NOW - timedelta(days=365)), "No new learners since 27 Nov 2025 17:00"),
        (replace(EMPTY, since=NOW - timedelta(hours=2)), "No new learners since 27 Nov 15:00"),
        (replace(EMPTY, since=NOW - timedelta(days=30)), "No new learners since 28 Oct 2026 17:00"),
    ],
)
def test_the_first_line_tells_the_news(summary: Summary, line: str) -> None:
    assert written(summary)[0] == line


@pytest.mark.parametrize(
    ("code", "summary", "line"),
    [
        ("ru", SUMMARY, "7 новых учеников с понедельника, осталось 3 места в «Autumn sales»"),
        ("ru", replace(SUMMARY, news=(replace(NEWS, shown=21, left=1),)), RU_ONE),
        ("ru", replace(EMPTY, since=NOW - timedelta(days=3)), "Нет новых учеников со вторника"),
        ("ru", replace(EMPTY, since=NOW - timedelta(days=30)), "Нет новых учеников с 28 окт. 2026 17:00"),
        ("ru", replace(EMPTY, since=None), "Нет новых учеников за всё время"),
        ("es", SUMMARY, "7 alumnos nuevos desde el lunes, quedan 3 plazas en Autumn sales"),
        ("es", replace(SUMMARY, news=(replace(NEWS, shown=1, left=1),)), ES_ONE),
        ("es", replace(EMPTY, since=NOW - timedelta(days=30)), "Ningún alumno nuevo desde el 28 oct 2026 17:00"),
        ("es", replace(EMPTY, since=None), "Ningún alumno nuevo hasta ahora"),
    ],
)
def test_the_first_line_tells_the_news_in_other_languages(code: str, summary: Summary, line: str) -> None:
    assert written(summary, code=code)[0] == line


@pytest.mark.parametrize("code", ["en", "ru", "es"])
def test_every_weekday_is_told_in_its_own_words(code: str) -> None:
    days = [NOW - timedelta(days=ago) for ago in range(1, 7)]
    told = [written(replace(EMPTY, since=day), code=code)[0] for day in days]
    assert len(set(told)) == 6
    assert not any(character.isdigit() for line in told for character in line)


@pytest.mark.parametrize("code", ["en", "ru", "es"])
def test_a_digest_of_everything_is_html_that_telegram_takes(code: str) -> None:
    upcoming = Upcoming(name="<b>&\"'", ends_at=NOW, ends_soon=True, unused=True)
    news = replace(NEWS, name="<b>&\"'", department=("<i>", "R&D"), names=("Tom & Ann <3",), hidden=TWO)
    everything = replace(
        SUMMARY, news=(news,), upcoming=(upcoming, replace(upcoming, ends_soon=False)), sign_up_enabled=False
    )
    words = Words(language=Languages(LOCALES).all[code], zone=RIGA, now=NOW)
    text = parse_html(str(digest(words, everything, again=True))).text
    assert "<b>&\"' · <i> / R&D\n" in text
    assert "Tom & Ann <3" in text
    assert parse_html(str(words.line("/signup on"))).text in text


def test_each_profile_tells_whom_it_brought_and_what_is_left() -> None:
    assert written(SUMMARY)[1:] == ["", "Autumn sales · Sales / EMEA", "7 new, 3 places left", "Anna Berzina, 6 more"]


@pytest.mark.parametrize(("over", "said"), [(LinkState.ENDED, "7 new, ended"), (LinkState.REMOVED, "7 new, deleted")])
def test_no_places_are_offered_in_a_profile_that_is_over(over: LinkState, said: str) -> None:
    assert said in written(replace(SUMMARY, news=(replace(NEWS, over=over),)))


def test_hidden_learners_are_counted_never_named() -> None:
    hidden = replace(NEWS, names=(), shown=0, hidden=TWO, left=None)
    assert written(replace(SUMMARY, news=(hidden,)))[1:] == [
        "",
        "Autumn sales · Sales / EMEA",
        "0 new, no limit",
        "2 learners are hidden from you (transferred later: 1, the profile pointed elsewhere: 1)",
    ]


def test_what_ends_soon_and_what_nobody_uses_is_told() -> None:
    soon = Upcoming(name="Interns", ends_at=NOW + timedelta(days=2), ends_soon=True, unused=False)
    unused_too = replace(soon, name="Drivers", unused=True)
    unused = replace(soon, name="Clerks", ends_soon=False, unused=True)
    assert written(replace(EMPTY, upcoming=(soon, unused_too, unused)))[1:] == [
        "",
        "Ending soon:",
        "· Interns, 29 Nov 17:00",
        "· Drivers, 29 Nov 17:00, not used yet",
        "",
        "Not used yet:",
        "· Clerks",
    ]


def test_a_switch_that_is_off_is_told() -> None:
    last = written(replace(EMPTY, sign_up_enabled=False))[-1]
    assert last == "Sign-up is off, so no link works now: <code>/signup on</code> turns it on."


def test_a_repetition_says_that_it_is_one() -> None:
    assert written(SUMMARY, again=True)[1].startswith("Sent again: ")


def test_names_are_shown_as_they_are() -> None:
    tricky = replace(NEWS, name="<b>&\"'")
    words = Words(language=Languages(LOCALES).all["en"], zone=RIGA, now=NOW)
    assert "&lt;b&gt;&amp;&#34;&#39;" in digest(words, replace(SUMMARY, news=(tricky,)), again=False)


def test_right_to_left_names_are_set_apart_so_that_figures_keep_their_place() -> None:
    hebrew = replace(NEWS, name="שלום", names=("דנה לוי", "Anna Berzina"))
    lines = written(replace(SUMMARY, news=(hebrew,)))
    assert lines[2] == "\u2068שלום\u2069 · Sales / EMEA"
    assert "\u2068דנה לוי\u2069, Anna Berzina" in lines[4]
