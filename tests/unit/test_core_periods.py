"""Periods typed for a report, in the account's zone, daylight-saving safe."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.period_words import period_words
from core.domain.periods import Compared, Period, parse_period
from core.domain.time_words import meanings
from core.errors import EndBeforeStart, NoSuchDay, PeriodAhead, PeriodNotUnderstood, TimeAmbiguous

RIGA = ZoneInfo("Europe/Riga")
NOW = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)  # a Tuesday, 15:30 in Riga


def walls(compared: Compared, zone: ZoneInfo = RIGA) -> list[str]:
    moments = [moment for period in (compared.period, compared.before) for moment in (period.since, period.until)]
    return [f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" for moment in moments]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", ["2026-11-24 00:00", "2026-11-25 00:00", "2026-11-23 00:00", "2026-11-23 15:30"]),
        ("Yesterday", ["2026-11-23 00:00", "2026-11-24 00:00", "2026-11-22 00:00", "2026-11-23 00:00"]),
        ("week", ["2026-11-23 00:00", "2026-11-25 00:00", "2026-11-16 00:00", "2026-11-17 15:30"]),
        ("month", ["2026-11-01 00:00", "2026-11-25 00:00", "2026-10-01 00:00", "2026-10-24 15:30"]),
        ("year", ["2026-01-01 00:00", "2026-11-25 00:00", "2025-01-01 00:00", "2025-11-24 15:30"]),
        ("7 days", ["2026-11-18 00:00", "2026-11-25 00:00", "2026-11-11 00:00", "2026-11-17 15:30"]),
        ("last 2 weeks", ["2026-11-11 00:00", "2026-11-25 00:00", "2026-10-28 00:00", "2026-11-10 15:30"]),
        ("01.10.2026 - 31.10.2026", ["2026-10-01 00:00", "2026-11-01 00:00", "2026-08-31 00:00", "2026-10-01 00:00"]),
        ("2026-10-01 - 2026-10-31", ["2026-10-01 00:00", "2026-11-01 00:00", "2026-08-31 00:00", "2026-10-01 00:00"]),
        ("2026-10-01 – 2026-10-01", ["2026-10-01 00:00", "2026-10-02 00:00", "2026-09-30 00:00", "2026-10-01 00:00"]),
        ("2026-10-05", ["2026-10-05 00:00", "2026-10-06 00:00", "2026-10-04 00:00", "2026-10-05 00:00"]),
        ("2026-11-24 14:00 - now", ["2026-11-24 14:00", "2026-11-24 15:30", "2026-11-24 12:30", "2026-11-24 14:00"]),
        ("", ["2026-10-26 00:00", "2026-11-25 00:00", "2026-09-26 00:00", "2026-10-25 15:30"]),
    ],
)
def test_a_period_and_as_much_of_the_one_before(text: str, expected: list[str]) -> None:
    assert walls(parse_period(text, RIGA, NOW)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("last week", ["2026-11-16 00:00", "2026-11-23 00:00", "2026-11-09 00:00", "2026-11-16 00:00"]),
        ("Last month", ["2026-10-01 00:00", "2026-11-01 00:00", "2026-09-01 00:00", "2026-10-01 00:00"]),
        ("last year", ["2025-01-01 00:00", "2026-01-01 00:00", "2024-01-01 00:00", "2025-01-01 00:00"]),
        ("this month", ["2026-11-01 00:00", "2026-11-25 00:00", "2026-10-01 00:00", "2026-10-24 15:30"]),
        ("past week", ["2026-11-18 00:00", "2026-11-25 00:00", "2026-11-11 00:00", "2026-11-17 15:30"]),
        ("last 3 months", ["2026-08-25 00:00", "2026-11-25 00:00", "2026-05-25 00:00", "2026-08-24 15:30"]),
        ("november", ["2026-11-01 00:00", "2026-11-25 00:00", "2026-10-01 00:00", "2026-10-24 15:30"]),
        ("last november", ["2025-11-01 00:00", "2025-12-01 00:00", "2025-10-01 00:00", "2025-11-01 00:00"]),
        ("november 2025", ["2025-11-01 00:00", "2025-12-01 00:00", "2025-10-01 00:00", "2025-11-01 00:00"]),
        ("march", ["2026-03-01 00:00", "2026-04-01 00:00", "2026-02-01 00:00", "2026-03-01 00:00"]),
        ("december", ["2025-12-01 00:00", "2026-01-01 00:00", "2025-11-01 00:00", "2025-12-01 00:00"]),
        ("2025", ["2025-01-01 00:00", "2026-01-01 00:00", "2024-01-01 00:00", "2025-01-01 00:00"]),
        ("sep - oct", ["2026-09-01 00:00", "2026-11-01 00:00", "2026-07-02 00:00", "2026-09-01 00:00"]),
        ("last month - now", ["2026-10-01 00:00", "2026-11-24 15:30", "2026-08-07 08:30", "2026-10-01 00:00"]),
        ("last tuesday", ["2026-11-17 00:00", "2026-11-18 00:00", "2026-11-16 00:00", "2026-11-17 00:00"]),
    ],
)
def test_a_period_has_a_name(text: str, expected: list[str]) -> None:
    assert walls(parse_period(text, RIGA, NOW)) == expected


@pytest.mark.parametrize(
    ("name", "others"),
    [
        (
            "last week",
            (
                *("прошлая неделя", "за прошлую неделю", "на прошлой неделе", "за прошедшую неделю"),
                *("la semana pasada", "semana anterior", "durante la semana pasada", "en la semana pasada"),
                *("in the last week", "over the last week", "the previous week"),
            ),
        ),
        (
            "last month",
            ("прошлый месяц", "в прошлом месяце", "за предыдущий месяц", "mes pasado", "en el mes anterior"),
        ),
        ("last year", ("прошлый год", "в прошлом году", "за прошлый год", "el año pasado", "en el año pasado")),
        ("last day", ("the previous day", "за прошлый день", "el día anterior", "yesterday")),
        (
            "this week",
            (
                *("эта неделя", "за эту неделю", "на этой неделе", "на текущей неделе", "в течение недели"),
                *("esta semana", "en esta semana", "la semana actual", "during this week", "the current week"),
            ),
        ),
        (
            "this month",
            (
                *("этот месяц", "в этом месяце", "за весь месяц", "за текущий месяц"),
                *("este mes", "en este mes", "el mes en curso", "in this month", "all of this month"),
            ),
        ),
        ("this year", ("в этом году", "в текущем году", "este año", "en el año actual", "in the current year")),
        ("past month", ("последний месяц", "за последний месяц", "el último mes", "en el último mes", "1 month")),
        ("past day", ("за последний день", "последние сутки", "el último día", "in the past day", "this day")),
        (
            "7 days",
            (
                *("в последние 7 дней", "в течение последних 7 дней", "en los últimos 7 días", "los 7 días anteriores"),
                *("in the past 7 days", "in the last 7 days", "during the last seven days", "7d"),
            ),
        ),
        ("3 months", ("3m", "in the last 3 months", "за последние три месяца", "en los 3 últimos meses")),
        ("today", ("сегодня", "за сегодня", "за сегодняшний день", "hoy", "for today", "за день")),
        ("yesterday", ("вчера", "за вчера", "за вчерашний день", "ayer", "el día de ayer", "for yesterday")),
        ("2026-11-22", ("позавчера", "за позавчера", "anteayer", "antes de ayer", "the day before yesterday")),
        ("monday", ("за понедельник", "в последний понедельник", "el último lunes", "this monday")),
        ("2026-11-05", ("за 5 ноября", "during 5 nov")),
        ("30 days", ("последние 30 дней", "за 30 дней", "los últimos 30 días", "30 últimos días")),
        (
            "november",
            ("ноябрь", "за ноябрь", "в ноябре", "noviembre", "en noviembre", "in November", "nov.", "all of november"),
        ),
        ("november 2025", ("ноябрь 2025", "ноябрь 2025 года", "noviembre de 2025", "2025-11", "11.2025", "11/2025")),
        ("november last year", ("ноябрь прошлого года", "в ноябре прошлого года", "noviembre del año pasado")),
        ("2025", ("2025 год", "в 2025 году", "за 2025 год", "in 2025", "en 2025", "año 2025")),
        ("last friday", ("прошлая пятница", "в прошлую пятницу", "el viernes pasado")),
        ("march", ("март", "марта", "marzo", "за март", "mar 2026")),
    ],
)
def test_a_period_has_names_in_all_languages(name: str, others: tuple[str, ...]) -> None:
    wanted = parse_period(name, RIGA, NOW)
    assert {text: parse_period(text, RIGA, NOW) for text in others} == dict.fromkeys(others, wanted)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("since monday", ["2026-11-23 00:00", "2026-11-25 00:00", "2026-11-21 00:00", "2026-11-22 15:30"]),
        ("since 1 oct", ["2026-10-01 00:00", "2026-11-25 00:00", "2026-08-07 00:00", "2026-09-30 15:30"]),
        ("since last month", ["2026-10-01 00:00", "2026-11-25 00:00", "2026-08-07 00:00", "2026-09-30 15:30"]),
        ("since 2 weeks ago", ["2026-11-10 00:00", "2026-11-25 00:00", "2026-10-26 00:00", "2026-11-09 15:30"]),
        ("since 9:00", ["2026-11-24 09:00", "2026-11-24 15:31", "2026-11-24 02:30", "2026-11-24 09:00"]),
        ("since 18:00", ["2026-11-23 18:00", "2026-11-24 15:31", "2026-11-22 20:30", "2026-11-23 18:00"]),
        ("october to date", ["2026-10-01 00:00", "2026-11-25 00:00", "2026-08-07 00:00", "2026-09-30 15:30"]),
        ("2 weeks ago", ["2026-11-09 00:00", "2026-11-16 00:00", "2026-11-02 00:00", "2026-11-09 00:00"]),
        ("2 months ago", ["2026-09-01 00:00", "2026-10-01 00:00", "2026-08-01 00:00", "2026-09-01 00:00"]),
        ("3 days ago", ["2026-11-21 00:00", "2026-11-22 00:00", "2026-11-20 00:00", "2026-11-21 00:00"]),
        ("last 24 hours", ["2026-11-23 15:30", "2026-11-24 15:31", "2026-11-22 15:30", "2026-11-23 15:30"]),
        ("from 1 to 15 october", ["2026-10-01 00:00", "2026-10-16 00:00", "2026-09-16 00:00", "2026-10-01 00:00"]),
    ],
)
def test_a_period_is_said_by_what_it_began_with_or_how_long_ago_it_was(text: str, expected: list[str]) -> None:
    assert walls(parse_period(text, RIGA, NOW)) == expected


@pytest.mark.parametrize(
    ("name", "others"),
    [
        (
            "since monday",
            (
                *("с понедельника", "начиная с понедельника", "desde el lunes", "a partir del lunes", "Since Monday"),
                *("from monday until now", "с понедельника по сегодня", "desde el lunes hasta hoy", "monday to date"),
            ),
        ),
        ("since yesterday", ("со вчерашнего дня", "desde ayer", "since 1 day ago")),
        ("since 2 weeks ago", ("desde hace 2 semanas",)),
        (
            "month",
            (
                *("month to date", "MTD", "this month so far", "so far this month", "since the beginning of the month"),
                *("с начала месяца", "с начала этого месяца", "этот месяц по сегодняшний день", "since november"),
                *("en lo que va de mes", "desde principios de mes", "este mes hasta la fecha"),
            ),
        ),
        ("year", ("year to date", "ytd", "с начала года", "en lo que va del año", "desde el comienzo del año")),
        ("week", ("week to date", "so far this week", "с начала недели", "lo que va de semana")),
        (
            "2 weeks ago",
            ("две недели назад", "2 недели тому назад", "hace dos semanas", "2 semanas atrás", "2w ago"),
        ),
        ("last week", ("a week ago", "неделю назад", "hace una semana")),
        ("last year", ("a year ago", "год назад", "hace un año")),
        ("last 24 hours", ("24h", "past 24 hours", "за последние 24 часа", "en las últimas 24 horas")),
        ("past hour", ("last hour", "за последний час", "la última hora", "1 hour")),
        ("1 oct - 15 oct", ("between 1 and 15 October", "с 1 по 15 октября", "del 1 al 15 de octubre")),
        ("august", ("ago", "agosto", "1 ago - 31 ago")),
        ("1 oct - 15 oct", ("from 1st to 15th october", "с 1-го по 15-е октября", "1 - 2026-10-15")),
        ("16 nov - 20 nov", ("from monday to friday", "с понедельника по пятницу", "lunes - viernes")),
        (
            "yesterday 9:00 - yesterday 18:00",
            ("from 9:00 to 18:00", "с 9:00 до 18:00", "desde las 9:00 hasta las 18:00"),
        ),
        ("2026-11-16 9:00 - 2026-11-20 18:00", ("desde el lunes a las 9 hasta el viernes a las 18",)),
        ("since 2026-11-23 9:00", ("desde ayer a las 9:00", "since yesterday at 9:00", "со вчера с 9:00")),
        ("2025-12-20 - 2026-01-10", ("20 dec - 10 jan", "from 20 december to 10 january")),
        ("1 oct - 15 oct", ("october 1 - 15", "1-15 october", "october 1-15 2026", "october 1 to october 15")),
        ("1 oct - 15 oct", ("1 to 15 october", "1 по 15 октября", "1 hasta 15 de octubre", "del 1-15 de octubre")),
        ("1 oct - 15 oct", ("1 al 15 de octubre", "01.10.2026-15.10.2026", "1.10.2026–15.10.2026")),
        ("01.10 - 15.10", ("01.10-15.10", "1.10-15.10", "1.10–15.10")),
        ("past week", ("за неделю",)),
        ("past month", ("за месяц", "за последний месяц", "último mes")),
        ("past year", ("за год",)),
        ("2026-10-01 - today", ("quarter", "q4", "this quarter", "4 квартал", "este trimestre", "с начала квартала")),
        ("2026-07-01 - 2026-09-30", ("q3", "last quarter", "прошлый квартал", "3rd quarter 2026", "a quarter ago")),
        ("2025-01-01 - 2025-03-31", ("q1 2025", "1 квартал 2025", "primer trimestre de 2025")),
        ("2026-07-01 - today", ("half year", "h2", "this half-year", "2 полугодие", "este semestre", "2nd half 2026")),
        (
            "2026-01-01 - 2026-06-30",
            (
                "h1",
                "last half",
                "прошлое полугодие",
                "first half of 2026",
                "H1 2026",
                "half a year ago",
                "полгода назад",
            ),
        ),
        ("2025-07-01 - 2025-12-31", ("h2 2025", "второе полугодие 2025", "segundo semestre de 2025")),
        (
            "past 6 months",
            ("2 quarters", "last 2 quarters", "последние 6 месяцев", "за полугодие", "past half year", "за полгода"),
        ),
        ("past 12 months", ("2 halves", "последние 2 полугодия", "últimos 2 semestres")),
        ("2026-11-16 - 2026-11-22", ("week 47", "w47", "неделя 47", "semana 47 2026", "47 неделя", "47-я неделя 2026")),
        ("2025-12-01 - 2025-12-07", ("week 49", "w49 2025", "49 semana", "49 week")),
        ("past 21 weeks", ("21 недели", "последние 21 неделю", "21 semanas")),
        ("2025-11-30 - 2026-02-05", ("30 nov - 5 feb", "с 30 ноября по 5 февраля")),
    ],
)
def test_such_a_period_is_said_in_all_languages(name: str, others: tuple[str, ...]) -> None:
    wanted = parse_period(name, RIGA, NOW).period
    assert {text: parse_period(text, RIGA, NOW).period for text in others} == dict.fromkeys(others, wanted)


@pytest.mark.parametrize("text", ["since tomorrow", "с завтра", "since 2027-01-01 10:00", "desde mañana"])
def test_a_period_since_what_lies_ahead_is_refused_as_such(text: str) -> None:
    with pytest.raises(PeriodAhead):
        parse_period(text, RIGA, NOW)


@pytest.mark.parametrize("text", ["20 oct - 5 oct", "today - yesterday", "25th - 3 oct", "nov - oct"])
def test_an_end_that_comes_first_is_rather_a_mistake_than_most_of_a_year_before(text: str) -> None:
    with pytest.raises(EndBeforeStart):
        parse_period(text, RIGA, NOW)


def test_a_first_day_by_its_number_is_of_the_month_that_is_chosen_for_the_last() -> None:
    with pytest.raises(TimeAmbiguous) as refused:
        parse_period("1 - 5/6", RIGA, NOW)
    assert refused.value.text == "5/6"
    chosen = [parse_period(f"1 - {reading.text}", RIGA, NOW).period for reading in refused.value.readings]
    assert chosen == [parse_period(text, RIGA, NOW).period for text in ("1 - 5 june", "1 - 6 may")]


@pytest.mark.parametrize(
    "text", ["since", "since friday and saturday", "since soon", "so far", "ago 2 weeks", "in 24 hours", "0 weeks ago"]
)
def test_what_says_not_since_when_or_how_long_ago_is_refused(text: str) -> None:
    with pytest.raises(PeriodNotUnderstood):
        parse_period(text, RIGA, NOW)


def test_hours_are_as_long_as_hours_when_the_clocks_change() -> None:
    morning = datetime(2026, 10, 25, 10, 0, 20, tzinfo=UTC)  # the clocks went back by an hour at night
    compared = parse_period("last 24 hours", RIGA, morning)
    assert [morning - at for at in (compared.period.since, compared.before.until, compared.before.since)] == [
        timedelta(hours=24),
        timedelta(hours=24),
        timedelta(hours=48),
    ]
    twice = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 03:30 in Riga for the second time
    assert parse_period("last hour", RIGA, twice).period == Period(
        since=twice - timedelta(hours=1), until=twice + timedelta(minutes=1)
    )


def test_a_named_period_is_one_of_the_accounts_zone() -> None:
    new_year = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)  # 00:30 in Riga
    assert walls(parse_period("last month", RIGA, new_year))[:2] == ["2026-12-01 00:00", "2027-01-01 00:00"]
    london = parse_period("last month", ZoneInfo("Europe/London"), new_year)
    assert walls(london, ZoneInfo("Europe/London"))[:2] == ["2026-11-01 00:00", "2026-12-01 00:00"]


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-29"])
def test_last_week_is_the_whole_one_before_from_monday_to_sunday(day: str) -> None:
    now = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    assert walls(parse_period("last week", RIGA, now))[:2] == ["2026-11-16 00:00", "2026-11-23 00:00"]


def test_a_word_for_a_weekday_and_a_month_is_asked_about() -> None:
    with pytest.raises(TimeAmbiguous) as refused:
        parse_period("mar.", RIGA, NOW)
    texts = [reading.text for reading in refused.value.readings]
    days = [f"{reading.instant.astimezone(RIGA):%Y-%m-%d}" for reading in refused.value.readings]
    assert (texts, days) == (["march", "2026-11-24"], ["2026-03-01", "2026-11-24"])


@pytest.mark.parametrize(
    ("text", "units"),
    [("mar", ["month", "day"]), ("5/6", ["day", "day"]), ("5/6 - now", ["day", "day"]), ("5/6 9:00 - now", [None] * 2)],
)
def test_what_a_period_may_mean_is_a_whole_day_or_month_unless_it_has_a_clock(text: str, units: list[str]) -> None:
    with pytest.raises(TimeAmbiguous) as refused:
        parse_period(text, RIGA, NOW)
    assert [reading.unit for reading in refused.value.readings] == units


@pytest.mark.parametrize("text", ["december 2026", "2027", "2027-03"])
def test_a_named_period_that_lies_ahead_is_refused_as_such(text: str) -> None:
    with pytest.raises(PeriodAhead):
        parse_period(text, RIGA, NOW)


@pytest.mark.parametrize("text", ["last", "last last week", "2026-13", "13.2026", "novembr", "week 2025", "0 months"])
def test_what_is_no_name_of_a_period_is_refused(text: str) -> None:
    with pytest.raises(PeriodNotUnderstood):
        parse_period(text, RIGA, NOW)


@settings(deadline=None)
@given(words=st.lists(st.sampled_from([*meanings(), *period_words(), "2025", "2", "-"]), max_size=6))
def test_any_words_of_periods_are_one_or_refused(words: list[str]) -> None:
    with suppress(PeriodNotUnderstood, NoSuchDay, PeriodAhead, EndBeforeStart, TimeAmbiguous):
        assert parse_period(" ".join(words), RIGA, NOW).period.since <= NOW


def test_a_day_is_as_long_as_the_clock_change_makes_it() -> None:
    [longer, shorter] = [
        parse_period(day, RIGA, datetime(2027, 12, 1, tzinfo=UTC)).period for day in ("2027-10-31", "2027-03-28")
    ]
    assert [(day.until - day.since).total_seconds() / 3600 for day in (longer, shorter)] == [25, 23]


def test_a_midnight_that_a_clock_change_skips_begins_when_it_is_over() -> None:
    santiago = ZoneInfo("America/Santiago")
    day = parse_period("2026-09-06", santiago, NOW).period
    assert day == Period(since=datetime(2026, 9, 6, 4, 0, tzinfo=UTC), until=datetime(2026, 9, 7, 3, 0, tzinfo=UTC))


def test_the_month_before_a_long_one_is_whole() -> None:
    last_of_march = datetime(2027, 3, 31, 12, 0, tzinfo=UTC)
    assert walls(parse_period("month", RIGA, last_of_march))[2:] == ["2027-02-01 00:00", "2027-02-28 15:00"]


@pytest.mark.parametrize(
    "text",
    ["0 days", "0 m", "30 minutes", "2026-10-01 - ", "1000-01-01 - 2999-01-01 - 1",
     "10000 weeks", "٣ days", "2026-10-01-2026-10-31"],
)  # fmt: skip
def test_what_is_no_period_that_has_been_is_refused(text: str) -> None:
    with pytest.raises(PeriodNotUnderstood):
        parse_period(text, RIGA, NOW)


@pytest.mark.parametrize("first", ["10-31", "10-02"])
def test_a_period_that_ends_before_it_starts_is_refused(first: str) -> None:
    with pytest.raises(EndBeforeStart) as refused:
        parse_period(f"2026-{first} - 2026-10-01", RIGA, NOW)
    shown = [moment.astimezone(RIGA) for moment in (refused.value.starts_at, refused.value.ends_at)]
    assert [f"{moment:%m-%d %H:%M}" for moment in shown] == [f"{first} 00:00", "10-01 00:00"]


def test_a_day_that_no_calendar_has_is_told() -> None:
    with pytest.raises(NoSuchDay):
        parse_period("2026-02-01 - 30.02.2026", RIGA, NOW)


@pytest.mark.parametrize(
    "text",
    [
        *("2030-01-01", "2027-01-01 - 2027-01-31", "tomorrow", "завтра", "mañana", "завтрашний день"),
        *("next week", "на следующей неделе", "la próxima semana", "el mes que viene", "next year"),
        *("next friday", "this friday", "в следующую пятницу", "el viernes que viene"),
        *("in 2 days", "+2 weeks", "через неделю", "через 2 недели", "en un mes"),
        *("next 7 days", "в следующие 7 дней", "en los próximos 7 días"),
        *("next november", "next december", "this december", "ноябрь следующего года"),
    ],
)
def test_a_period_that_lies_ahead_is_refused_as_such(text: str) -> None:
    with pytest.raises(PeriodAhead):
        parse_period(text, RIGA, NOW)


@pytest.mark.parametrize("text", ["5 - october", "5 - 10 days", "5 - 14:00", "32 - 31 oct"])
def test_a_number_is_the_first_day_of_a_period_only_before_another_day_of_its_month(text: str) -> None:
    with pytest.raises((PeriodNotUnderstood, NoSuchDay)):
        parse_period(text, RIGA, NOW)


def test_a_day_is_a_period_from_its_first_moment_on() -> None:
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    assert parse_period("2026-11-24", ZoneInfo("UTC"), midnight).period.since == midnight


def test_the_first_years_are_no_mistake_of_ours() -> None:
    with pytest.raises(PeriodNotUnderstood):
        parse_period("1000-01-01 - 2026-01-01", ZoneInfo("Pacific/Kiritimati"), NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 Oct 00:00 – 1 Nov 00:00 (Riga)", ["2026-10-01 00:00", "2026-11-01 00:00"]),
        ("1 окт. 00:00 – 1 нояб. 00:00 (Рига)", ["2026-10-01 00:00", "2026-11-01 00:00"]),
        ("1 – 31 October 2026", ["2026-10-01 00:00", "2026-11-01 00:00"]),
        ("1 – 31 de octubre de 2025", ["2025-10-01 00:00", "2025-11-01 00:00"]),
        ("1 сентября 2025 – 31 октября 2025", ["2025-09-01 00:00", "2025-11-01 00:00"]),
        ("1 oct - 31 oct", ["2026-10-01 00:00", "2026-11-01 00:00"]),
        ("2026-10-01 09:00 - 2026-10-31", ["2026-10-01 09:00", "2026-11-01 00:00"]),
        ("2026-10-01 - 2026-10-31 18:00", ["2026-10-01 00:00", "2026-10-31 18:00"]),
    ],
)
def test_a_period_is_read_as_the_report_writes_it(text: str, expected: list[str]) -> None:
    assert walls(parse_period(text, RIGA, NOW))[:2] == expected


@pytest.mark.parametrize("text", ["2026-10-01 09:00", "2026-10-01 25:00 - 2026-10-02"])
def test_a_single_moment_is_no_period(text: str) -> None:
    with pytest.raises(PeriodNotUnderstood):
        parse_period(text, RIGA, NOW)


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("today", True),
        ("2026-10-25", True),
        ("2026-03-29", True),  # an hour shorter: the clocks go forward
        ("2026-11-23 09:00 - 2026-11-23 18:00", False),
        ("2026-11-23 09:00 - 2026-11-23 09:04", False),
        ("2026-11-22 09:00 - 2026-11-23 09:00", True),
    ],
)
def test_what_is_shorter_than_a_day_is_not_compared(text: str, *, compared: bool) -> None:
    assert parse_period(text, RIGA, NOW).is_telling is compared
