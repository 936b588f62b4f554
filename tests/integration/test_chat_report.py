"""Reports in chat, over real HTTP against the sandbox."""

from collections.abc import AsyncIterator
from datetime import datetime
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from core.engine import Engine
from core.services import audit_log, departments, history, own_details, people, report_exports
from core.services.audit_log import Action
from core.services.page_settings import PageSetting
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, Town, open_town
from tests.support.clock import Clock
from tests.support.crawler import MOST_LINES
from tests.support.lines import SET_UP, ask, set_up, sign_up, tap, typed
from tests.support.rosters import keep, listed, through
from tests.support.rows import a_manager, transfer
from tests.support.screens import Screens

# What people read is the same on both databases; the journeys, and all of core, run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

AUTUMN = "/newprofile Autumn | Sales / EMEA | 2026-11-01 - 2026-12-24 | 50"
WINTER = "/newprofile Winter | Support | 2026-11-01 - 2026-12-24 | 50"


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    async with open_town(engine) as town:
        yield town


async def test_a_report_counts_by_profile_and_department_and_compares(town: Town, clock: Clock) -> None:
    winter = await set_up(town, AUTUMN, WINTER)
    autumn = await ask(town, "/profile 1")
    await sign_up(town, winter, "before@example.com")
    clock.advance(days=7)
    for number in range(2):
        await sign_up(town, autumn, f"learner{number}@example.com")
    await sign_up(town, winter, "after@example.com")
    report = await ask(town, "/report week", "By profile")
    assert report.text.splitlines() == [
        "3 sign-ups",
        "Mon 30 Nov 00:00 – Mon 30 Nov 14:00 (Riga)",
        "Before that, 23 Nov 2026 00:00 – 23 Nov 2026 14:00: 0 (+3)",
        "",
        "By profile",
        "2 · Autumn (#1)",
        "1 · Winter (#2)",
        "",
        "By current department",
        "2 · Sales / EMEA",
        "1 · Support",
    ]
    clock.advance(minutes=1)
    assert (
        "Before that, 23 Nov 2026 00:00 – 23 Nov 2026 14:01: 1 (+2)"
        in (await ask(town, "/report week", "By profile")).text
    )


@pytest.mark.parametrize(
    "text", ["report last month", "отчёт за прошлый месяц", "¿Informe del mes pasado?", "How many joined last month?"]
)
async def test_a_report_of_a_period_can_be_asked_for_in_words(office: Office, text: str) -> None:
    screens = Screens(engine=office.engine)
    assert await screens.type(text) == await screens.type("/report last month")


async def test_a_report_that_is_asked_for_in_words_says_what_is_wrong_with_its_period(office: Office) -> None:
    screens = Screens(engine=office.engine)
    assert "there is nothing to report yet." in await screens.type("report december 2030")
    assert "can mean two times" in await screens.type("report 5/6")


async def test_a_report_names_deleted_profiles_to_everyone_who_managed_them(town: Town, engine: Engine) -> None:
    card = await set_up(town)
    await sign_up(town, card)
    await a_manager(engine, "Sales", telegram_id=MANAGER)
    await ask(town, "/deleteprofile 1", "Delete")
    await tap(town, "Delete", "is deleted")
    for person in (town.owner, town.person(MANAGER)):
        assert "1 · Autumn sales (deleted)" in (await ask(town, "/report", "By profile", person=person)).text


async def test_the_usual_report_covers_thirty_days_and_buttons_lead_to_others(town: Town) -> None:
    card = await set_up(town)
    await sign_up(town, card)
    report = await ask(town, "/report", "By profile")
    assert report.text.splitlines()[1] == "Sun 25 Oct 2026 00:00 – Mon 23 Nov 14:00 (Riga)"
    periods = ("Today", "This week", "Last week", "This month", "Last month", "This year")
    assert report.labels == ("Picture", "CSV", "XLSX", *periods, "‹ Menu")
    assert "Thu 1 Jan 2026 00:00 – Mon 23 Nov 14:00 (Riga)" in (await tap(town, "This year", "1 Jan")).text


async def test_a_report_says_who_is_missing_though_nobody_joined(town: Town, office: Office) -> None:
    await town.owner.asks("/start")
    card = await office.profile()
    assert "Missing" not in (report := await ask(town, "/report", "0 sign-ups")).text
    assert "Who's missing" not in report.labels
    expected = listed("anna@example.com", "olga@example.com")
    await keep(town.engine, office.owner_id, through(card.profile_id), expected)
    report = await ask(town, "/report week", "0 sign-ups")
    assert report.text.splitlines()[0] == "0 sign-ups · Missing: 2 of 2 expected"
    await tap(town, "Who's missing", "0 of 2 expected came")


@pytest.mark.deep
@pytest.mark.parametrize(
    ("line", "covered"),
    [
        ("/report last week", "16 – 22 November 2026"),
        ("/report прошлая неделя", "16 – 22 November 2026"),
        ("/report yesterday", "22 November 2026"),
        ("/report sep - oct", "1 September 2026 – 31 October 2026"),
        ("/report this month", "Sun 1 Nov 2026 00:00 – Mon 23 Nov 14:00 (Riga)"),
        ("/report noviembre de 2025", "1 – 30 November 2025"),
    ],
)
async def test_a_report_covers_a_period_by_its_name(town: Town, line: str, covered: str) -> None:
    await set_up(town)
    assert (await ask(town, line)).text.splitlines()[1] == covered


async def test_a_button_leads_to_the_week_before(town: Town) -> None:
    await set_up(town)
    await ask(town, "/report", "sign-ups")
    assert "16 – 22 November 2026" in (await tap(town, "Last week", "22 November")).text


async def test_a_report_of_the_last_hours_counts_who_signed_up_just_now(town: Town, clock: Clock) -> None:
    card = await set_up(town)
    await sign_up(town, card, "anna@example.com")
    await ask(town, "/report last 24 hours", "1 sign-up")
    clock.advance(hours=25)
    await ask(town, "/report last 24 hours", "0 sign-ups")
    await ask(town, "/report since 2026-11-23 09:00", "1 sign-up")


async def test_a_period_that_may_be_a_month_or_a_day_is_asked_about(town: Town) -> None:
    await set_up(town)
    asked = await ask(town, "/report mar")
    assert asked.labels == ("Mar 2026", "Tue 17 Nov", "‹ Menu")
    assert asked.text.splitlines()[1:] == ["Mar 2026: march", "Tue 17 Nov: 2026-11-17"]
    assert "1 – 31 March 2026" in (await tap(town, "Mar 2026", "March")).text


async def test_a_period_that_may_be_two_days_is_asked_about(town: Town) -> None:
    await set_up(town)
    assert (await ask(town, "/report 5/6")).labels == ("Fri 5 Jun", "Wed 6 May", "‹ Menu")
    assert "6 May 2026" in (await tap(town, "Wed 6 May", "sign-ups")).text.splitlines()


async def test_a_manager_is_told_how_many_are_hidden_and_why(town: Town) -> None:
    card = await set_up(town)
    await a_manager(town.engine, "Sales", telegram_id=MANAGER)
    for name in ("anna", "boris", "clara"):
        await sign_up(town, card, f"{name}@example.com")
    await transfer(town.engine, 3, "Support")
    report = await ask(town, "/report today", person=town.person(MANAGER))
    lines = report.text.splitlines()
    assert (lines[0], lines[3]) == ("2 sign-ups", "1 learner is hidden from you (transferred later: 1)")
    assert "Support" not in report.text


async def test_an_empty_report_says_so(town: Town) -> None:
    await set_up(town)
    report = await ask(town, "/report 2026-10-01 - 2026-10-31")
    assert report.text.splitlines() == [
        "0 sign-ups",
        "1 – 31 October 2026",
        "Before that, 31 August 2026 – 30 September 2026: 0 (±0)",
    ]


@pytest.mark.deep
async def test_a_report_of_many_long_names_fits_into_a_message(town: Town) -> None:
    await set_up(town)
    for number in range(12):
        line = f"/newprofile {number} {'<&>' * 60} | Support | now - +1 day | 5"
        card = await ask(town, line, f"🟢 {number} <&>")
        await sign_up(town, card, f"learner{number}@example.com")
    report = await ask(town, "/report today", "By current department")
    assert "… and 7 more" in report.text
    assert report.text.endswith("12 · Support")


@pytest.mark.deep
@pytest.mark.parametrize("language", ["en", "ru", "es"])
async def test_the_report_of_each_period_fits_on_one_screen(office: Office, language: str) -> None:
    await a_manager(office.engine, "Sales", telegram_id=MANAGER)
    for number in range(8):
        path = f"Sales / {number}"
        await office.engine.write(departments.add, office.owner_id, path, office.engine.now())
        card = await office.profile(name=f"Profile {number}", department=path)
        signed_up = await office.sign_up(card.token, f"learner{number}@example.com")
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    await transfer(office.engine, signed_up.user_id, "Support")
    await office.engine.write(history.return_activation, office.owner_id, 1, "twice", office.engine.now())
    screens = Screens(engine=office.engine, telegram_id=MANAGER, language=language)
    for period in ("today", "week", "month", "year"):
        shown = (await screens.send(f"report:{period}")).splitlines()
        assert len(shown) <= MOST_LINES, shown
        assert shown[0].startswith("7 ")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/report someday", "I can't read “someday” as a period. These work:"),
        ("/report novembr", "/report november 2025"),
        ("/report tomorrow", "Tue 24 Nov 00:00 (Riga) is in the future: there is nothing to report yet."),
        ("/report 2030-01-01", "1 Jan 2030 00:00 (Riga) is in the future: there is nothing to report yet."),
        (
            "/report 2026-10-31 - 2026-10-01",
            "The end must be after the start: Thu 1 Oct 2026 00:00 (Riga) is not after Sat 31 Oct 2026 00:00 (Riga).",
        ),
    ],
)
async def test_a_mistake_is_told_with_what_would_be_right(office: Office, line: str, sentence: str) -> None:
    assert sentence in await typed(office, *SET_UP, AUTUMN, line)


async def test_a_report_is_sent_as_a_file_with_plain_phones_and_no_formula(town: Town, office: Office) -> None:
    owner = town.owner
    await owner.asks("/start")
    await office.set_page(PageSetting.PHONE, "optional")
    card = await office.profile(name="=A1;+A2")
    user_id = (await office.sign_up(card.token)).user_id
    await office.engine.write(own_details.change, user_id, "phone", {"phone": "+371 2000 0000"}, office.engine.now())
    await ask(town, "/report week", "By profile")
    await owner.taps("CSV")
    sent = await owner.reads("1 sign-up")
    assert sent.raw["document"]["file_name"] == "gangway-report-2026-11-23.csv"
    header, row = (await owner.downloads(sent)).decode("utf-8-sig").splitlines()
    assert header.startswith('"Signed up at (UTC)","First name","Last name","Email address","Phone"')
    assert row == (
        '"2026-11-23 12:00","Anna","Berzina","anna@example.com","+37120000000","","Sales / EMEA","Sales / EMEA",'
        '"\'=A1;\'+A2","","active","","not started","","","2026-12-07 23:59"'
    )


async def test_instead_of_a_file_with_too_many_people_a_message_says_so_and_nothing_is_recorded(
    town: Town, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.owner.asks("/start")
    card = await office.profile()
    for name in ("anna", "janis"):
        await office.sign_up(card.token, f"{name}@example.com")
    monkeypatch.setattr(report_exports, "MOST_PEOPLE", 1)
    await ask(town, "/report week", "By profile")
    await town.owner.taps("CSV")
    await town.owner.reads("There is no spreadsheet: 2 joined")
    entries = (await town.engine.read(audit_log.page, office.owner_id)).entries
    assert Action.REPORT_EXPORTED not in {each.action for each in entries}


async def test_a_report_says_of_how_many_with_courses_it_counts_who_started(town: Town, office: Office) -> None:
    card = await office.profile()
    for name in ("anna", "janis"):
        user_id = (await office.sign_up(card.token, f"{name}@example.com")).user_id
    await office.engine.write(people.deactivate, office.owner_id, user_id, office.engine.now())
    shown = await ask(town, "/report week", "By profile")
    assert shown.text.splitlines()[0] == "2 sign-ups · 1 with courses: 1 not started"


async def test_a_workbook_of_a_report_has_dates_and_numbers_and_the_figures_of_all(town: Town, office: Office) -> None:
    owner, engine = town.owner, town.engine
    await owner.asks("/start")
    for name in ("Autumn", "Winter"):
        card = await office.profile(name=name)
        await office.sign_up(card.token, f"{name.lower()}@example.com")
    await keep(engine, office.owner_id, through(card.profile_id), listed("winter@example.com", "nobody@example.com"))
    await ask(town, "/report", "By profile")
    await owner.taps("XLSX")
    book = CalamineWorkbook.from_filelike(BytesIO(await owner.downloads(await owner.reads("2 sign-ups"))))
    assert book.sheet_names == ["People", "Profiles", "Departments"]
    people, profiles, places = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert [row[0] for row in people[1:]] == [datetime.fromisoformat("2026-11-23T12:00")] * 2
    assert [row[3] for row in people[1:]] == ["winter@example.com", "autumn@example.com"]
    assert profiles == [
        ["No.", "Profile", "Joined", "Expected", "Came", "Came, but hidden", "Missing"],
        [1.0, "Autumn", 1.0, "", "", "", ""],
        [2.0, "Winter", 1.0, 2.0, 1.0, 0.0, 1.0],
    ]
    assert places == [
        ["Department now", "Joined", "Expected", "Came", "Came, but hidden", "Missing"],
        ["Sales / EMEA", 2.0, "", "", "", ""],
    ]


async def test_a_file_says_how_many_are_hidden(office: Office) -> None:
    await a_manager(office.engine, "Sales", telegram_id=MANAGER)
    card = await office.profile()
    anna, _ = [(await office.sign_up(card.token, f"{name}@example.com")).user_id for name in ("anna", "janis")]
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    await transfer(office.engine, anna, "Support")
    async with open_town(office.engine) as town:
        await town.owner.asks("/start")
        manager = town.person(MANAGER)
        await ask(town, "/report week", "By profile", person=manager)
        await manager.taps("CSV")
        written = (await manager.downloads(await manager.reads("1 sign-up"))).decode("utf-8-sig").splitlines()
    assert [line.split(",")[3] for line in written[1:-1]] == ['"janis@example.com"']
    assert written[-1].startswith('"1 learner is hidden from you (transferred later: 1)","",')
