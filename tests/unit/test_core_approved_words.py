"""What typed words are understood as, in texts that somebody has read and approved (`make approve`)."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.domain import (
    access,
    addresses,
    cadence,
    copied_links,
    department_lists,
    field_kinds,
    form_fields,
    keywords,
    moments,
    naming,
    numbers,
    page_settings,
    passwords,
    periods,
    places,
    profile_requests,
    reminders,
    retention,
    text,
    time_words,
    typed_times,
    zones,
)
from core.domain.access import Permission
from core.domain.retention import Kept
from core.errors.base import Refusal
from tests.support.approved import Approve
from tests.support.written import in_a_line, written

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
KATHMANDU = ZoneInfo("Asia/Kathmandu")  # where it is 17:45
RIGA = ZoneInfo("Europe/Riga")  # whose clocks change
TIMES = (
    *("now", "today", "tomorrow", "yesterday", "noon", "midnight", "tonight", "friday", "next friday", "last monday"),
    *(
        "24.12.",
        "24.12.2026",
        "24.12.26 18:30",
        "2026-12-24",
        "2026-12-24 9:00",
        "12/24",
        "5/6",
        "24 dec",
        "dec 24 6pm",
    ),
    *("+1 day", "+2 weeks", "-1 week", "+1 month", "in 3 days", "3 days ago", "+90 minutes", "+1 year", "+0 days"),
    *("9:00", "9am", "12am", "12pm", "24:00", "25:00", "18.30", "6", "at 9", "tomorrow at 9", "mon 9:00", "1st", "31."),
    *(
        "31.2.",
        "29.2.2027",
        "29.2.2028",
        "32.1.",
        "1.13.",
        "",
        " ",
        "soon",
        "next",
        "завтра 9:00",
        "mañana",
        "через 2 дня",
    ),
    *("25.10.2026 3:30", "28.3.2027 3:30", "31.12.9999", "1.1.1900", "24.12. 18:30 Riga", "friday 18:00 utc"),
)
CADENCES = (
    *(
        "daily 18:00",
        "daily",
        "18:00",
        "every day 6pm",
        "weekly mon 09:00",
        "weekly",
        "weekly 9:00",
        "every friday 6pm",
    ),
    *(
        "monthly 1 09:00",
        "monthly 31 9:00",
        "monthly 0 9:00",
        "monthly 32 9:00",
        "monthly",
        "monthly 5",
        "weekly 5 9:00",
    ),
    *("mon 9:00", "ежедневно 18:00", "каждую пятницу 18:00", "cada día 18:00", "daily 25:00", "daily 18:00 19:00", ""),
)
NAMES = ("Sales", " Sales,  EMEA ", "", "a|b", "x" * 200, "x" * 201, "a\nb", "\u202eabc", "Ann\u0301", "/", "a / b")
NUMBERS = (
    "0",
    "1",
    "7",
    "10",
    "11",
    "007",
    "-1",
    "1.5",
    "1,000",
    "1 000",
    "²",
    "١",
    "",
    "ten",
    "+5",
    "5 days",
    "5 more",
)
SETTINGS = (
    "on",
    "off",
    "none",
    "",
    "es",
    "Spanish",
    "русский",
    "xx",
    "#123456",
    "123456",
    "#12345g",
    "red",
    "required",
)
PERIODS = (
    "5/6 - 7/6",
    "3/4",
    "3/4 18:00 - today",
    *("today", "yesterday", "week", "this week", "last week", "month", "last month", "year", "last year", "30 days"),
    *("1 day", "0 days", "4 weeks", "1.11. - 15.11.", "15.11. - 1.11.", "november", "2026", "2027", "1.12. - 5.12."),
    *("1.11.", "1.11. 9:00", "1.11. 9:00 - 2.11. 10:00", "mon - wed", "", "soon", "неделя", "semana", "1 - 2 - 3"),
    *("прошлый месяц", "el año pasado", "last november", "2025-11", "3 months", "sep - nov", "mar", "last fri"),
    *("since mon", "since 9:00", "2 weeks ago", "last 24 hours", "month to date", "с 1 по 5 ноября"),
)
ADDRESSES = (
    *("anna@example.com", "Anna <anna@example.com>", "ANNA@EXAMPLE.COM", "anna@", "@example.com", "a b@example.com"),
    *("anna@münchen.example", "anna+x@example.com", "an.na@gmail.com", "", "no address", "mailto:anna@example.com."),
)
PASSWORDS = (
    "",
    "short",
    "1234567",
    "12345678",
    "password1",
    "anna anna",
    "correct horse battery",
    "x" * 200,
    "x" * 201,
)
PATHS = (
    "Sales",
    "Sales / EMEA",
    "Sales/EMEA",
    " / ",
    "",
    "Sales // EMEA",
    " / ".join("ABCDEFGHIJ"),
    " / ".join("ABCDEFGHIJK"),
)
REQUESTS = (
    *("new link for sales until friday, 30 people", "new link", "link for sales", "create a link until 24.12. for 5"),
    *("новая ссылка для продаж до пятницы, 30 человек", "nuevo enlace para ventas hasta el viernes, 30 personas"),
    *(
        "new link for sales from tomorrow to next friday 18:00",
        "new link for 30 people",
        "delete the link",
        "hello",
        "",
    ),
    *("new link for sales until soon", "please make me a new sign-up link for Sales / EMEA, unlimited, for two weeks"),
)
MOMENTS = tuple(
    datetime(2026, 11, day, hour, 45, tzinfo=UTC) - minute
    for day in (20, 21, 22, 23)
    for hour in (2, 3, 14, 15)
    for minute in (timedelta(), timedelta(minutes=31))
)

Reading = tuple[Callable[[Any], object], Sequence[object]]
READINGS: dict[str, Reading] = {
    "permissions": (access.read_permissions, [*Permission, "manage people, read the log", "", "all", "manage", "read"]),
    "addresses": (addresses.find_address, ADDRESSES),
    "domains": (addresses.find_domain, (*ADDRESSES, "example.com", "*.example.com", "com")),
    "addresses_told_apart": (addresses.told_apart, [each for each in ADDRESSES if each.count("@") == 1]),
    "cadences": (cadence.parse_cadence, CADENCES),
    "next_due": (
        lambda words: [
            cadence.next_due(cadence.parse_cadence(words), zone, NOW + timedelta(hours=hours))
            for zone in (KATHMANDU, RIGA)
            for hours in (0, 0.25, 4, 24 * 8)
        ],
        ("daily 18:00", "daily 17:45", "weekly mon 09:00", "weekly sun 3:30", "monthly 31 6:30", "monthly 29 0:00"),
    ),
    "copied_links": (
        copied_links.possible_tokens,
        ("https://x.example/s/abc", "x.example/s/AbCdEfGhIjKlMnOp.", "<AbCdEfGhIjKlMnOpQrStUvWx>", "", "two words"),
    ),
    "department_lists": (department_lists.read_rows, ("A\nA / B\n\n B ", "A;B\nC;D", "1. A\n2. B", "", "x" * 201)),
    "logins": (form_fields.login_from, [each for each in ADDRESSES if each.count("@") == 1]),
    "emails": (lambda typed: form_fields.read_email(typed, ("example.com",)), ADDRESSES),
    "values": (
        lambda of: field_kinds.shown(*of),
        [
            (field_kinds.Kind.DATE, "2026-12-24", "en"),
            (field_kinds.Kind.DATE, "2026-12-24", "ru"),
            (field_kinds.Kind.TIME, "18:30", "en"),
            (field_kinds.Kind.NUMBER, "10000.5", "es"),
            (field_kinds.Kind.NUMBER, "10000.5", "ru"),
            (field_kinds.Kind.COUNTRY, "LV", "es"),
            (field_kinds.Kind.TEXT, "a, b", "en"),
        ],
    ),
    "none": (keywords.is_none, SETTINGS),
    "no_keywords": (keywords.refuse_keywords, (*SETTINGS, "now", "Sales", "unlimited", "отмена")),
    "permission_words": (lambda typed: keywords.first_keyword(typed, Permission), ("read the log now", "reading", "")),
    "moments": (lambda typed: moments.parse_moment(typed, KATHMANDU, NOW), TIMES),
    "moments_in_riga": (lambda typed: moments.parse_moment(typed, RIGA, NOW), TIMES),
    "ends": (lambda typed: moments.parse_end(typed, KATHMANDU, NOW, since=NOW + timedelta(days=9)), TIMES),
    "windows": (
        lambda typed: moments.parse_window(typed, KATHMANDU, NOW),
        (
            "now - +1 week",
            "tomorrow - friday",
            "24.12. - 31.12.",
            "31.12. - 24.12.",
            "now",
            "now -",
            "9:00 - 18:00",
            "-1 day - +1 day",
        ),
    ),
    "names": (naming.clean_name, NAMES),
    "next_names": (naming.next_name, ("Sales", "Sales (2)", "Sales (9)", "Sales (x)", "x" * 200, "2026", "Sales 2")),
    "paths": (naming.parse_path, PATHS),
    "nearest": (
        lambda wanted: naming.nearest(wanted, ("Sales", "Sales / EMEA", "Sails", "Support", "EMEA")),
        ("Salse", "sales", "EMAE", "Sup", "xyz", "", "Sales / EMAE"),
    ),
    "whole_numbers": (lambda typed: numbers.whole_number(typed, 10), NUMBERS),
    "counts_of_people": (
        lambda typed: numbers.count_of_people(typed, 10),
        (*NUMBERS, "7 people", "7 человек", "people"),
    ),
    "counts_of_days": (lambda typed: numbers.count_of_days(typed, 10), (*NUMBERS, "7 days", "1 week", "2 недели")),
    "counts_of_more": (lambda typed: numbers.count_of_more(typed, 10), NUMBERS),
    "limits": (places.parse_limit, (*NUMBERS, "unlimited", "∞", "1000000", "1000001", "10k")),
    "languages": (page_settings.read_language, SETTINGS),
    "colours": (page_settings.read_colour, (*SETTINGS, "#fff", "#FFFFFF", "#808080")),
    "challenges": (page_settings.read_challenge, (*SETTINGS, "always", "in a rush", "auto")),
    "asked": (lambda typed: page_settings.read_asked(typed, may_require=True), (*SETTINGS, "optional")),
    "guessable": (passwords.is_guessable, PASSWORDS[1:]),
    "passwords": (form_fields.check_password, PASSWORDS),
    "periods": (lambda typed: periods.parse_period(typed, KATHMANDU, NOW), PERIODS),
    "requests": (lambda typed: profile_requests.read_request(typed, KATHMANDU, NOW), REQUESTS),
    "requests_for_new": (lambda typed: profile_requests.asks_for_new(typed, KATHMANDU, NOW), REQUESTS),
    "kept_days": (
        lambda typed: [retention.read_days(Kept.NAMES, typed), retention.read_days(Kept.LISTS, typed)],
        ("30", "1", "0", "3650", "3651"),
    ),
    "kept_names": (
        lambda typed: retention.read_days(Kept.NAMES, typed),
        ("for good", "off", "never", "30 days", "1 year", ""),
    ),
    "quiet": (lambda at: reminders.is_quiet(at, KATHMANDU), MOMENTS),
    "next_moments": (lambda at: reminders.next_moment(at, KATHMANDU), MOMENTS),
    "next_rounds": (lambda at: reminders.next_round(at, KATHMANDU), MOMENTS),
    "rounds": (lambda at: reminders.round_of(at, KATHMANDU), MOMENTS),
    "useless_from": (lambda at: reminders.useless_from(at, KATHMANDU), MOMENTS),
    "tidy": (text.tidy, NAMES),
    "keys": (text.indexed_key, (*NAMES, "Straße", "İstanbul", "ЁЖ", "Ｆull")),
    "search_words": (text.search_words, (*NAMES, "O'Neil-Smith", "anna@example.com", "+371 2000")),
    "reduced": (typed_times.reduced, TIMES),
    "unknown_words": (typed_times.unknown_words, TIMES),
    "weekdays": (typed_times.weekday_number, ("mon", "Monday", "пн", "среда", "dom", "domingo", "m", "")),
    "spelled": (time_words.spelled, ("tomorrow", "tomorow", "fridya", "завтра", "pasado mañana", "")),
    "zones": (
        lambda typed: zones.find_zone(typed, NOW),
        ("Riga", "asia/kathmandu", "utc", "+3", "CET", "Mars", "", "New York"),
    ),
}


@pytest.mark.parametrize("name", READINGS)
def test_words_are_understood_as_approved(name: str, approve: Approve) -> None:
    read, typed = READINGS[name]
    approve(f"words/{name}", "\n".join(f"{in_a_line(each)}\n-> {_outcome(read, each)}" for each in typed) + "\n")


def test_no_text_is_left_over(approve_no_others: Callable[[str, Collection[str]], None]) -> None:
    approve_no_others("words", [f"words/{name}" for name in READINGS])


def _outcome(read: Callable[[Any], object], typed: object) -> str:
    try:
        return written(read(typed))
    except Refusal as refusal:
        return f"refused: {written(refusal)}"
