"""Every form in which a moment is printed is read back as the same moment, and there are no other forms."""

import ast
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.handlers import help as help_
from bot.screens.spreadsheets import DAY, MOMENT
from bot.wording.phrases import Words
from bot.wording.reports import span
from core.domain.access import Role, permissions_of
from core.domain.moments import parse_end, parse_moment
from core.domain.periods import parse_period
from core.language import MOMENTS
from core.services.people import Person
from tests.support.catalogues import ROOT
from tests.support.context import spoken_to
from tests.support.selection import many
from tests.unit.test_core_every_zone import near_a_change
from tests.unit.test_core_moments import LANGUAGES, MINUTES, ZONES

LENGTHS = st.timedeltas(timedelta(minutes=1), timedelta(days=400))
OWNER = Person(
    user_id=1,
    first_name="Olivia",
    role=Role.OWNER,
    permissions=permissions_of(Role.OWNER),
    language="en",
    zone=ZoneInfo("Europe/Riga"),
)
# Where moments become text: by `core.language` and `typed_form`, and in these forms, which are for spreadsheets, for
# answers to be copied, for those who run Gangway, and for programs.
OTHER_FORMS = {
    "bot/handlers/dialogues.py": set[str](),
    "bot/handlers/digest_cards.py": {"%H:%M", "%H%M"},
    "bot/handlers/exports.py": {"%Y-%m-%d"},
    "bot/handlers/missing_people.py": {"%Y-%m-%d"},
    "bot/handlers/progress_files.py": {"%Y-%m-%d"},
    "bot/handlers/personal_data.py": {"%Y-%m-%d"},
    "bot/handlers/report_files.py": {"%Y-%m-%d"},
    "bot/screens/digest_spreadsheet.py": {"%Y-%m-%d"},
    "bot/screens/plots.py": {"%H:%M", "%Y"},
    "bot/screens/spreadsheets.py": set[str](),
    "bot/wording/digest_cards.py": {"%H:%M"},
    "bot/wording/group_digests.py": {"%H:%M"},
    "bot/wording/refused_times.py": {"%Y-%m-%d %H:%M"},
    "bot/wording/reminder_rules.py": {"%H:%M"},
    "bot/wording/reports.py": set[str](),
    "web/operations.py": {"%Y-%m-%d %H:%M"},
    "web/security_txt.py": {"%Y-%m-%dT%H:%M:%SZ"},
}


def forms_in(source: str) -> set[str] | None:
    """The forms of times that a file writes, None if it writes none."""
    nodes = list(ast.walk(ast.parse(source)))
    values = [node.format_spec for node in nodes if isinstance(node, ast.FormattedValue)]
    specs = [ast.unparse(spec) for spec in values if spec]
    named = [node.attr for node in nodes if isinstance(node, ast.Attribute)]
    written = {spec.strip("f'\"") for spec in specs if "%" in spec and "%}" not in spec}
    return written if written or {"strftime", "format_datetime", "isoformat"} & set(named) else None


def test_moments_become_text_nowhere_else() -> None:
    files = [file for part in ("bot", "web") for file in (ROOT / part).rglob("*.py") if "sandbox" not in file.parts]
    found = {str(file.relative_to(ROOT)): forms_in(file.read_text(encoding="utf-8")) for file in files}
    assert {name: forms for name, forms in found.items() if forms is not None} == OTHER_FORMS


@settings(max_examples=many(300), deadline=None)
@given(zone=ZONES, moment=MINUTES, code=st.sampled_from(MOMENTS), now=MINUTES)
def test_a_wall_clock_time_a_cell_and_a_probe_are_read_back(
    zone: ZoneInfo, moment: datetime, code: str, now: datetime
) -> None:
    local = moment.astimezone(zone)
    if not local.fold:  # a cell and a wall-clock time are those of the first of two
        wall = LANGUAGES[code].wall(local.replace(tzinfo=None))
        for text in (wall, local.strftime(MOMENT)):
            assert parse_moment(text, zone, now).instant == moment
    assert parse_moment(f"{moment:%Y-%m-%d %H:%M} UTC", zone, now).instant == moment


@settings(max_examples=many(100), deadline=None)
@given(zone=ZONES, moment=MINUTES)
def test_a_day_in_a_cell_is_read_back_as_the_same_day(zone: ZoneInfo, moment: datetime) -> None:
    day = moment.astimezone(zone).date()
    assert parse_end(day.strftime(DAY), zone, moment).instant.astimezone(zone).date() == day


@settings(max_examples=many(200), deadline=None)
@given(zone=ZONES, until=MINUTES, length=LENGTHS, code=st.sampled_from(MOMENTS))
def test_a_period_is_read_back_as_a_report_writes_it(
    zone: ZoneInfo, until: datetime, length: timedelta, code: str
) -> None:
    check_period(zone, until - length, until, code)


@settings(max_examples=many(200), deadline=None)
@given(near=near_a_change(), length=st.integers(1, 200), code=st.sampled_from(MOMENTS))
def test_a_period_around_a_clock_change_is_read_back(near: tuple[ZoneInfo, datetime], length: int, code: str) -> None:
    zone, until = near
    check_period(zone, until - timedelta(minutes=length), until, code)


@settings(max_examples=many(200), deadline=None)
@given(zone=ZONES, at=MINUTES, length=st.integers(1, 400), code=st.sampled_from(MOMENTS))
def test_whole_days_are_read_back_as_a_report_writes_them(zone: ZoneInfo, at: datetime, length: int, code: str) -> None:
    last = at.astimezone(zone).date() - timedelta(days=2)
    typed = f"{last - timedelta(days=length - 1):%Y-%m-%d} - {last:%Y-%m-%d}"
    period = parse_period(typed, zone, at).period
    written = span(Words(language=LANGUAGES[code], zone=zone, now=at), period)
    assert parse_period(str(written), zone, at).period == period


def check_period(zone: ZoneInfo, since: datetime, until: datetime, code: str) -> None:
    since, until = (moment.replace(second=0, microsecond=0) for moment in (since, until))
    words = Words(language=LANGUAGES[code], zone=zone, now=until)
    read = parse_period(f"{words.weekday(since)} – {words.echo(until).unescape()}", zone, until)
    assert (read.period.since, read.period.until) == (since, until)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("en", ("/digest weekly mon 09:00", "/editprofile 1 limit 20", "/signup on", "/invite administrator")),
        ("ru", ("/digest еженедельно пн 09:00", "/editprofile 1 лимит 20", "/signup вкл", "/invite администратор")),
        ("es", ("/digest semanal lun 09:00", "/editprofile 1 límite 20", "/signup activar", "/invite administrador")),
    ],
)
async def test_the_help_shows_the_words_of_the_persons_language(code: str, shown: tuple[str, ...]) -> None:
    words = Words(language=LANGUAGES[code], zone=ZoneInfo("Europe/Riga"), now=datetime(2026, 11, 23, tzinfo=UTC))
    context = spoken_to(words, OWNER)
    for line in shown:
        name = line.split(" ")[0].removeprefix("/")
        assert f"<code>{line}" in (await help_.menu(context, name)).text


@pytest.mark.parametrize("code", MOMENTS)
async def test_help_is_asked_for_by_a_subjects_title_and_by_a_keyword_of_the_language(code: str) -> None:
    words = Words(language=LANGUAGES[code], zone=ZoneInfo("Europe/Riga"), now=datetime(2026, 11, 23, tzinfo=UTC))
    context = spoken_to(words, OWNER)
    assert "/transfer " in (await help_.menu(context, words.say("People"))).text
    assert words.line("/settings seats 500") in (await help_.menu(context, words.keyword("seats"))).text
