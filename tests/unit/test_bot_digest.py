"""A digest's words: the first line alone tells the news."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox import parse_html
from bot.screens import group_notices, stopped_digests
from bot.screens.digest_screen import details_screen, digest_screen, not_started_screen
from bot.screens.screen import Screen
from bot.service import LOCALES
from bot.wording.digest import details, digest
from bot.wording.phrases import Words
from core.domain.forecasts import Forecast
from core.domain.links import LinkState
from core.domain.progress import Behind
from core.domain.rosters import RosterOf
from core.domain.tallies import Hidden
from core.language import Languages
from core.services.digest_news import ProfileNews
from core.services.digest_overviews import NotStartedIn, Overview, Standing
from core.services.digest_resuming import LostGroup
from core.services.digest_summaries import Summary, Upcoming
from core.services.missed_digests import Missed
from core.services.profile_changes import as_seconds
from core.services.progress import Cohort
from core.services.roster_counts import RosterCounts

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
RIGA = ZoneInfo("Europe/Riga")
NONE, TWO = Hidden(transferred=0, elsewhere=0), Hidden(transferred=1, elsewhere=1)
NEWS = ProfileNews(
    profile_id=1,
    name="Autumn sales",
    department=("Sales", "EMEA"),
    names=("Anna Berzina",),
    shown=7,
    returned=0,
    undone=0,
    hidden=NONE,
    left=3,
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
RU_ONE = "21 человек зарегистрировался с понедельника, осталось 1 место в «Autumn sales»"
ES_ONE = "1 inscrito desde el lunes, queda 1 plaza en Autumn sales"


def written(summary: Summary, *, code: str = "en", again: bool = False) -> list[str]:
    words = Words(language=Languages(LOCALES).all[code], zone=RIGA, now=NOW)
    return [line.replace("<b>", "").replace("</b>", "") for line in digest(words, summary, again=again).splitlines()]


def detailed(summary: Summary, code: str = "en") -> list[str]:
    words = Words(language=Languages(LOCALES).all[code], zone=RIGA, now=NOW)
    return [line.replace("<b>", "").replace("</b>", "") for line in details(words, summary).splitlines()]


@pytest.mark.parametrize(
    ("summary", "line"),
    [
        (SUMMARY, "7 joined since Monday, 3 places left in Autumn sales"),
        (replace(SUMMARY, news=(replace(NEWS, left=20),)), "7 joined since Monday"),
        (replace(SUMMARY, news=(replace(NEWS, shown=1, left=None),)), "1 joined since Monday"),
        (replace(SUMMARY, news=(replace(NEWS, left=0),)), "7 joined since Monday, Autumn sales is full"),
        (replace(SUMMARY, since=None), "7 joined so far, 3 places left in Autumn sales"),
        (replace(SUMMARY, news=(replace(NEWS, left=5),)), "7 joined since Monday, 5 places left in Autumn sales"),
        (replace(SUMMARY, news=(replace(NEWS, left=6),)), "7 joined since Monday"),
        (replace(SUMMARY, news=(replace(NEWS, left=1),)), "7 joined since Monday, 1 place left in Autumn sales"),
        (
            replace(SUMMARY, news=(NEWS, replace(NEWS, name="Interns", left=2))),
            "14 joined since Monday, 2 places left in Interns",
        ),
        (
            replace(SUMMARY, since=None, news=(replace(NEWS, shown=0, hidden=TWO, names=(), left=None),)),
            "Nobody joined so far",
        ),
        (replace(SUMMARY, news=(replace(NEWS, over=LinkState.ENDED),)), "7 joined since Monday"),
        (replace(SUMMARY, news=(replace(NEWS, over=LinkState.REMOVED),)), "7 joined since Monday"),
        (EMPTY, "Nobody joined since Monday"),
        (replace(SUMMARY, news=(replace(NEWS, undone=5, left=None),)), "2 joined since Monday, 5 undone"),
        (
            replace(SUMMARY, news=(replace(NEWS, undone=7),)),
            "Nobody joined since Monday, 7 undone, 3 places left in Autumn sales",
        ),
        (replace(EMPTY, since=None), "Nobody joined so far"),
        (replace(EMPTY, since=NOW - timedelta(days=6)), "Nobody joined since Saturday"),
        (replace(EMPTY, since=NOW - timedelta(days=6, minutes=1)), "Nobody joined since 21 Nov 2026 16:59"),
        (replace(EMPTY, since=NOW - timedelta(hours=18)), "Nobody joined since Thursday"),
        (replace(EMPTY, since=NOW - timedelta(days=365)), "Nobody joined since 27 Nov 2025 17:00"),
        (replace(EMPTY, since=NOW - timedelta(hours=2)), "Nobody joined since 27 Nov 15:00"),
        (replace(EMPTY, since=NOW - timedelta(days=30)), "Nobody joined since 28 Oct 2026 17:00"),
    ],
)
def test_the_first_line_tells_the_news(summary: Summary, line: str) -> None:
    assert written(summary)[0] == line


@pytest.mark.parametrize(
    ("code", "summary", "line"),
    [
        ("ru", SUMMARY, "7 человек зарегистрировались с понедельника, осталось 3 места в «Autumn sales»"),
        ("ru", replace(SUMMARY, news=(replace(NEWS, shown=21, left=1),)), RU_ONE),
        ("ru", replace(EMPTY, since=NOW - timedelta(days=3)), "Никто не зарегистрировался со вторника"),
        ("ru", replace(EMPTY, since=NOW - timedelta(days=30)), "Никто не зарегистрировался с 28 окт. 2026 17:00"),
        ("ru", replace(EMPTY, since=None), "Никто не зарегистрировался за всё время"),
        ("es", SUMMARY, "7 inscritos desde el lunes, quedan 3 plazas en Autumn sales"),
        ("es", replace(SUMMARY, news=(replace(NEWS, shown=1, left=1),)), ES_ONE),
        ("es", replace(EMPTY, since=NOW - timedelta(days=30)), "Nadie se ha inscrito desde el 28 oct 2026 17:00"),
        ("es", replace(EMPTY, since=None), "Nadie se ha inscrito hasta ahora"),
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
    text = parse_html(str(details(words, everything))).text
    assert "<b>&\"' · <i> / R&D\n" in text
    assert "Tom & Ann <3" in text
    glance = parse_html(str(digest(words, everything, again=True))).text
    assert "Tom & Ann <3" in glance
    assert parse_html(str(words.line("/signup on"))).text in glance


def test_each_profile_tells_whom_it_brought_and_what_is_left() -> None:
    assert detailed(SUMMARY)[1:] == ["", "Autumn sales · Sales / EMEA", "7 new, 3 places left", "Anna Berzina, 6 more"]


@pytest.mark.parametrize(("over", "said"), [(LinkState.ENDED, "7 new, ended"), (LinkState.REMOVED, "7 new, deleted")])
def test_no_places_are_offered_in_a_profile_that_is_over(over: LinkState, said: str) -> None:
    assert said in detailed(replace(SUMMARY, news=(replace(NEWS, over=over),)))


def test_hidden_learners_are_counted_never_named() -> None:
    hidden = replace(NEWS, names=(), shown=0, hidden=TWO, left=None)
    assert detailed(replace(SUMMARY, news=(hidden,)))[1:] == [
        "",
        "Autumn sales · Sales / EMEA",
        "0 new, no limit",
        "2 learners are hidden from you (transferred later: 1, the profile pointed elsewhere: 1)",
    ]


def test_what_ends_soon_and_what_nobody_uses_is_told() -> None:
    soon = Upcoming(name="Interns", ends_at=NOW + timedelta(days=2), ends_soon=True, unused=False)
    unused_too = replace(soon, name="Drivers", unused=True)
    unused = replace(soon, name="Clerks", ends_soon=False, unused=True)
    poster = replace(unused, name="Drivers", label="Poster")
    assert detailed(replace(EMPTY, upcoming=(soon, unused_too, unused, poster)))[1:] == [
        "",
        "Closing soon:",
        "· Interns, 29 Nov 17:00",
        "· Drivers, 29 Nov 17:00, not used yet",
        "",
        "Not used yet:",
        "· Clerks",
        "· Drivers: Poster",
    ]


def test_a_switch_that_is_off_is_told() -> None:
    last = written(replace(EMPTY, sign_up_enabled=False))[-1]
    assert last == "Sign-up is off, so no link works now: <code>/signup on</code> turns it on."


@pytest.mark.parametrize(("code", "said"), [("en", "Sent again: "), ("ru", "Повторно: "), ("es", "Enviado de nuevo: ")])
def test_a_repetition_says_so_in_its_first_line_and_why_in_the_second(code: str, said: str) -> None:
    first, why, *rest = written(SUMMARY, code=code, again=True)
    once = written(SUMMARY, code=code)
    assert (first, rest) == (f"{said}{once[0]}", once[1:])
    assert "Telegram" in why


def test_names_are_shown_as_they_are() -> None:
    tricky = replace(NEWS, name="<b>&\"'")
    words = Words(language=Languages(LOCALES).all["en"], zone=RIGA, now=NOW)
    assert "&lt;b&gt;&amp;&#34;&#39;" in details(words, replace(SUMMARY, news=(tricky,)))


def test_right_to_left_names_are_set_apart_so_that_figures_keep_their_place() -> None:
    hebrew = replace(NEWS, name="שלום", names=("דנה לוי", "Anna Berzina"))
    lines = detailed(replace(SUMMARY, news=(hebrew,)))
    assert lines[2] == "\u2068שלום\u2069 · Sales / EMEA"
    assert "\u2068דנה לוי\u2069, Anna Berzina" in lines[4]


STANDING = Standing(
    profile_id=12,
    name="Autumn sales",
    used=18,
    waiting=0,
    kept=0,
    limit=20,
    full=False,
    ends_at=NOW + timedelta(days=20),
    ends_soon=False,
    forecast=None,
    quiet_days=None,
)
BUSY = replace(STANDING, forecast=Forecast(full_at=NOW + timedelta(days=1), a_day=1.5, days=5))
INTERNS = replace(
    STANDING, profile_id=13, name="Interns", used=4, limit=None, ends_soon=True, ends_at=NOW + timedelta(days=2)
)
RIGA_OFFICE = replace(STANDING, profile_id=14, name="Riga office", quiet_days=9)
FULL = replace(STANDING, profile_id=15, name="Full one", full=True, used=20)
MANY = Overview(
    managed=(("Sales", "EMEA"),),
    shown_before=3,
    standings=(BUSY, INTERNS, RIGA_OFFICE),
    roster=RosterCounts(expected=30, came=27, hidden=0),
    missing_in=RosterOf(profile_id=12),
    behind=Behind(not_started=5, overdue=1),
    not_started_in=(NotStartedIn(cohort=Cohort(), name="", people=5),),
    waiting=2,
    may_extend=True,
)
BUSY_WEEK = replace(
    SUMMARY, since=NOW - timedelta(days=7), news=(replace(NEWS, hidden=TWO, returned=2),), overview=MANY
)


def test_a_digest_tells_all_at_a_glance() -> None:
    assert written(BUSY_WEEK) == [
        "7 joined since 20 Nov 2026 17:00, 3 of 30 still missing",
        "Sales / EMEA · Fri 20 Nov – Fri 27 Nov · +4 on the week before",
        "",
        "🟢 Autumn sales  18/20 · full by Sat 28 Nov at this pace (1.5 a day, last 5 days)",
        "🟢 Interns  4/∞ · closes in 2 days",
        "⚠️ Riga office  18/20 · nobody in 9 days",
        "",
        "Joined: Anna Berzina, 6 more",
        "Of these, activations returned: 2",
        "Missing: 3 of 30 expected",
        "Not started: 5 · Overdue: 1",
        "2 learners are hidden from you (transferred later: 1, the profile pointed elsewhere: 1)",
        "2 people wait for your answer.",
    ]


ENDED = replace(STANDING, profile_id=16, name="Short", ends_at=NOW - timedelta(days=1), used=1, limit=50, missing=2)


def test_a_link_that_ended_with_people_missing_is_named_and_offered_a_week() -> None:
    overview = replace(MANY, standings=(ENDED, INTERNS), missing_after_end=2)
    told = written(replace(BUSY_WEEK, overview=overview))
    assert told[3] == "🏁 Short  1/50 · ended, 2 are missing"
    assert "Missing: 3 of 30 expected · Through links that have ended: 2" in told
    assert extending(ENDED, INTERNS) == [[f"+week:16:{as_seconds(ENDED.ends_at)}"]]
    assert ["+1 week · Short"] in labels(overview)


@pytest.mark.parametrize("code", ["en", "ru", "es"])
def test_a_digest_is_one_phone_screen_however_much_there_is_to_tell(code: str) -> None:
    crowded = replace(MANY, standings=(FULL, ENDED, *(12 * (RIGA_OFFICE,))), more_standings=True, requests=4)
    lines = written(replace(BUSY_WEEK, overview=crowded, sign_up_enabled=False), code=code, again=True)
    assert len(lines) <= 20
    assert lines[4].startswith("🔴 Full one  20/20 · ")


def test_a_full_profile_says_who_waits_for_its_last_places() -> None:
    full = replace(FULL, used=15, limit=40, waiting=25)
    told = written(replace(BUSY_WEEK, overview=replace(MANY, standings=(full, FULL))))
    assert told[3:5] == ["🔴 Full one  15/40 · full, 25 waiting", "🔴 Full one  20/20 · full"]


def test_a_full_profile_says_how_many_of_its_places_are_kept() -> None:
    full = replace(FULL, used=37, limit=40, waiting=1, kept=2)
    told = written(replace(BUSY_WEEK, overview=replace(MANY, standings=(full,))))
    assert told[3] == "🔴 Full one  37/40 · full, 1 waiting, 2 places kept"


@pytest.mark.parametrize(
    ("days", "said"), [(9, "nobody in 9 days"), (13, "nobody in 13 days"), (14, "nobody in 14 days or more")]
)
def test_for_how_long_nobody_has_signed_up_is_said_as_far_as_it_is_looked_back(days: int, said: str) -> None:
    overview = replace(MANY, standings=(replace(RIGA_OFFICE, quiet_days=days),))
    assert written(replace(BUSY_WEEK, overview=overview))[3] == f"⚠️ Riga office  18/20 · {said}"


def test_when_the_last_missing_person_has_come_the_digest_says_that_all_have() -> None:
    said, complete = "All expected people have come: 30", RosterCounts(expected=30, came=28, hidden=2)
    overview = replace(MANY, roster=complete, missing_in=None)
    assert said in written(replace(BUSY_WEEK, overview=overview))
    assert said not in written(replace(EMPTY, overview=overview)), "it is no news if nobody joined"
    assert said not in written(replace(BUSY_WEEK, overview=replace(overview, roster=None)))


@pytest.mark.parametrize(
    ("waiting", "requests", "said", "button"),
    [
        (2, 3, "Wait for approval: 2 · Ask for access: 3", "⏳ Waiting · 5"),
        (0, 1, "1 person asks for access", "⏳ Waiting · 1"),
        (2, 0, "2 people wait for your answer.", "⏳ Waiting · 2"),
    ],
)
def test_who_waits_for_approval_and_who_asks_for_access_are_both_told(
    waiting: int, requests: int, said: str, button: str
) -> None:
    overview = replace(MANY, waiting=waiting, requests=requests)
    assert written(replace(BUSY_WEEK, overview=overview))[-1] == said
    assert labels(overview)[-1] == [button, "More ›"]


def test_a_weeks_digest_without_news_tells_who_is_still_missing() -> None:
    assert written(replace(EMPTY, overview=MANY))[0] == "Nobody joined since Monday, 3 of 30 still missing"


@pytest.mark.parametrize(
    ("days", "shown_before", "said"),
    [(1, 9, "−2 on the day before"), (7, 7, "±0 on the week before"), (4, 2, "+5 on the period before")],
)
def test_the_change_names_the_period_that_it_compares_with(days: int, shown_before: int, said: str) -> None:
    overview = Overview(shown_before=shown_before)
    assert written(replace(SUMMARY, since=NOW - timedelta(days=days), overview=overview))[1].endswith(said)


def labels(overview: Overview, *, private: bool = True) -> list[list[str]]:
    words = Words(language=Languages(LOCALES).all["en"], zone=RIGA, now=NOW)
    screen = digest_screen(words, replace(SUMMARY, overview=overview), 1, again=False, private=private)
    assert all(
        str(button.callback_data).startswith("+") for row in screen.rows for button in row if button.text != "More ›"
    )
    return [[button.text for button in row] for row in screen.rows]


def test_the_buttons_act_on_what_the_digest_tells() -> None:
    assert labels(MANY) == [
        ["Who joined · 7"],
        ["Who's missing · 3"],
        ["Not started · 5 people"],
        ["Remind missing", "Remind to start"],
        ["+10 places · Autumn sales"],
        ["+1 week · Interns"],
        ["⏳ Waiting · 2", "More ›"],
    ]
    assert labels(replace(MANY, standings=(RIGA_OFFICE,)))[4] == ["⏳ Waiting · 2", "More ›"]
    assert labels(replace(MANY, may_extend=False, roster=None, behind=None, not_started_in=(), waiting=0)) == [
        ["More ›"]
    ]
    assert labels(MANY, private=False) == []


def test_who_was_undone_is_neither_named_nor_counted_as_joined() -> None:
    undone = replace(BUSY_WEEK, news=(replace(NEWS, names=(), shown=7, returned=7, undone=7),))
    assert not [line for line in written(undone) if line.startswith(("Joined", "Of these"))]
    assert written(undone)[1].endswith("−3 on the week before")
    assert leading(undone, "Who joined") == ""
    assert "0 new, 7 undone, 3 places left" in detailed(undone)
    some = replace(BUSY_WEEK, news=(replace(NEWS, returned=5, undone=4),))
    assert written(some)[7:9] == ["Joined: Anna Berzina, 2 more", "Of these, activations returned: 1"]
    assert ["Who joined · 3"] in [[each.text for each in row] for row in screen_of(some).rows]


@pytest.mark.parametrize(
    ("number", "certain", "said"),
    [
        (1, True, "The digest of 26 Nov didn't arrive."),
        (1, False, "The digest of 26 Nov may not have arrived."),
        (2, True, "2 earlier digests didn't arrive."),
        (2, False, "2 earlier digests may not have arrived."),
    ],
)
def test_what_did_not_arrive_is_said_last_with_the_way_to_it(number: int, certain: bool, said: str) -> None:  # noqa: FBT001 - a case
    missed = Missed(number=number, last_at=NOW - timedelta(days=1), certain=certain)
    told = replace(BUSY_WEEK, missed=missed)
    assert written(told)[-2:] == ["", said]
    assert leading(told, "Send again") == "+digest-undelivered"
    assert leading(BUSY_WEEK, "Send again") == ""


def screen_of(summary: Summary) -> Screen:
    words = Words(language=Languages(LOCALES).all["en"], zone=RIGA, now=NOW)
    return digest_screen(words, summary, 1, again=False, private=True)


def leading(summary: Summary, label: str) -> str:
    """Return what the button of a digest at a glance carries whose label begins so; empty if there is none."""
    words = Words(language=Languages(LOCALES).all["en"], zone=RIGA, now=NOW)
    buttons = (button for row in digest_screen(words, summary, 1, again=False, private=True).rows for button in row)
    return next((str(button.callback_data) for button in buttons if button.text.startswith(label)), "")


def test_who_joined_leads_to_the_person_the_history_of_the_profile_or_the_news_by_profile() -> None:
    one = replace(BUSY_WEEK, news=(replace(NEWS, shown=1, only=42),))
    assert leading(one, "Who joined") == "+person:42"
    assert leading(replace(one, overview=replace(MANY, behind=None)), "Who joined") == "+history:1"
    assert leading(BUSY_WEEK, "Who joined") == "+history:1"
    assert leading(replace(BUSY_WEEK, news=(NEWS, replace(NEWS, profile_id=2))), "Who joined") == "digest-more:1"
    assert leading(replace(BUSY_WEEK, news=(replace(NEWS, over=LinkState.REMOVED),)), "Who joined") == ""
    assert leading(replace(BUSY_WEEK, overview=replace(MANY, may_extend=False)), "Who joined") == ""


def test_reminders_are_offered_where_somebody_is_missing_or_has_not_started() -> None:
    assert leading(BUSY_WEEK, "Remind missing") == "+remind-missing:12"
    assert leading(BUSY_WEEK, "Remind to start") == "+remind-behind:all:waiting"
    several = replace(BUSY_WEEK, overview=replace(MANY, missing_in=None))
    assert leading(several, "Remind missing") == "+rosters:remind:0:1"
    assert leading(several, "Who's missing") == "+rosters:missing:0:1"
    words = Words(language=Languages(LOCALES).all["en"], zone=RIGA, now=NOW)
    assert ["Remind missing", "Remind to start"] in [
        [each.text for each in row] for row in details_screen(words, several, 1, exports=True).rows
    ]
    calm = replace(MANY, roster=None, missing_in=None, behind=Behind(not_started=0, overdue=1), not_started_in=())
    assert leading(replace(BUSY_WEEK, overview=calm), "Remind") == ""


@pytest.mark.parametrize(
    ("cohort", "target"),
    [(Cohort(), "all"), (Cohort(department_id=7), "d7"), (Cohort(profile_id=12), "p12")],
)
def test_who_has_not_started_is_reminded_and_named_where_the_digest_counts_them(cohort: Cohort, target: str) -> None:
    there = NotStartedIn(cohort=cohort, name="", people=5)
    narrowed = replace(BUSY_WEEK, overview=replace(MANY, not_started_in=(there,)))
    assert leading(narrowed, "Remind to start") == f"+remind-behind:{target}:waiting"
    assert leading(narrowed, "Not started") == f"+progress-who:{target}:waiting:0:0"


def test_of_several_profiles_one_is_chosen_whose_learners_have_not_started() -> None:
    both = tuple(NotStartedIn(cohort=Cohort(profile_id=at), name=f"Profile {at}", people=at) for at in (2, 3))
    several = replace(BUSY_WEEK, overview=replace(MANY, not_started_in=both))
    assert leading(several, "Remind to start") == "+digest-behind:1:1"
    assert leading(several, "Not started · 5 people") == "+digest-behind:1:0"
    words = Words(language=Languages(LOCALES).all["en"], zone=RIGA, now=NOW)
    for purpose, verb in ((0, "+progress-who:p2:waiting:0:0"), (1, "+remind-behind:p2:waiting")):
        first = not_started_screen(words, several, 1, purpose).rows[0][0]
        assert (first.text, first.callback_data) == ("Profile 2 · 2", verb)
    nobody = replace(several, overview=replace(MANY, not_started_in=()))
    assert not_started_screen(words, nobody, 1, 1).text == "Nobody now."


def test_more_says_how_many_joined_in_each_department_and_opens_their_histories() -> None:
    support = replace(NEWS, profile_id=2, name="Helpers", department=("Support",), shown=9)
    lines = detailed(replace(BUSY_WEEK, news=(NEWS, support)))
    assert lines[lines.index("By department:") :] == ["By department:", "· Support: 9", "· Sales / EMEA: 7"]
    assert "By department:" not in detailed(BUSY_WEEK)
    words = Words(language=Languages(LOCALES).all["en"], zone=RIGA, now=NOW)
    shown = details_screen(words, replace(BUSY_WEEK, news=(NEWS, support)), 7, exports=True)
    assert [row[0].text for row in shown.rows[:2]] == ["Helpers · 9", "Autumn sales · 7"]
    assert [row[0].callback_data for row in shown.rows[:2]] == ["+history:2", "+history:1"]


def test_more_says_once_how_many_end_soon_besides() -> None:
    ending = tuple(Upcoming(name=f"Ends {each}", ends_at=NOW, ends_soon=True, unused=False) for each in range(10))
    assert detailed(replace(BUSY_WEEK, upcoming=ending))[-1] == "… and 8 more"
    many = detailed(replace(BUSY_WEEK, upcoming=ending, more_upcoming=True))
    assert [line for line in many if line.startswith("…")] == ["… and more: /profiles lists all profiles"]


def extending(*standings: Standing) -> list[list[str]]:
    """Return what the rows carry that give places or time."""
    words = Words(language=Languages(LOCALES).all["en"], zone=RIGA, now=NOW)
    overview = Overview(standings=standings, may_extend=True)
    rows = digest_screen(words, replace(EMPTY, overview=overview), 1, again=False, private=True).rows
    return [[str(button.callback_data) for button in row] for row in rows[:-1]]


def test_places_are_offered_to_the_profile_that_fills_up_and_time_to_the_one_that_ends() -> None:
    limited = replace(INTERNS, limit=20)
    ends, later = (as_seconds(each.ends_at) for each in (INTERNS, FULL))
    assert extending(limited, FULL) == [["+places:15:20"], [f"+week:13:{ends}"]]
    assert extending(limited) == [[f"+week:13:{ends}"]]
    assert extending(RIGA_OFFICE, FULL) == [["+places:15:20"]]
    assert extending(replace(FULL, ends_soon=True)) == [["+places:15:20", f"+week:15:{later}"]]
    assert extending(RIGA_OFFICE) == []


def test_places_and_time_name_their_profile_unless_the_digest_is_about_a_single_one() -> None:
    named, ending = [["+10 places · Full one"], ["+1 week · Full one"]], replace(FULL, ends_soon=True)
    alone = replace(ending, profile_id=NEWS.profile_id)
    assert labels(Overview(standings=(alone, RIGA_OFFICE), may_extend=True))[1:-1] == named
    assert labels(Overview(standings=(ending,), may_extend=True))[1:-1] == named, "others joined elsewhere"
    assert labels(Overview(standings=(alone,), may_extend=True))[1:-1] == [["+10 places", "+1 week"]]


def files_of(summary: Summary, *, exports: bool) -> list[object]:
    words = Words(language=Languages(LOCALES).all["en"], zone=RIGA, now=NOW)
    return [button.callback_data for button in details_screen(words, summary, 7, exports=exports).rows[0]]


def test_its_files_are_offered_to_who_may_have_them_if_somebody_joined() -> None:
    assert files_of(SUMMARY, exports=True) == ["digest-picture:7", "digest-file:7"]
    assert files_of(SUMMARY, exports=False) == ["digest-picture:7"]
    assert files_of(EMPTY, exports=True) == ["+digest:"]


@pytest.mark.parametrize("code", ["en", "ru", "es"])
def test_a_digest_by_profile_is_one_phone_screen_and_says_how_many_more_there_are(code: str) -> None:
    news = tuple(replace(NEWS, name=f"Profile {number}", hidden=TWO) for number in range(2000))
    ending = [Upcoming(name=f"Ends {each}", ends_at=NOW, ends_soon=True, unused=False) for each in range(10)]
    unused = [Upcoming(name=f"Unused {each}", ends_at=NOW, ends_soon=False, unused=True) for each in range(10)]
    crowded = replace(SUMMARY, news=news, upcoming=(*ending, *unused), more_upcoming=True, sign_up_enabled=False)
    for summary in (crowded, replace(crowded, upcoming=(), more_upcoming=False, sign_up_enabled=True)):
        told = detailed(summary, code)
        assert len(told) <= 20
        assert any("Profile 0" in line for line in told)
    if code == "en":
        assert "… and 1,997 more" in told


def test_notices_of_a_digest_that_was_stopped_in_its_group_have_a_button() -> None:
    words = Words(language=Languages(LOCALES).all["en"], zone=RIGA, now=NOW)
    assert [button.text for row in group_notices.revoked(words, "Olivia").rows for button in row] == ["Digest"]
    lost = LostGroup(chat_id=-1, threads=(None,), title="Crew", number=2, digest_id=7)
    told = stopped_digests.lost(words, lost)
    assert "so 2 of your digests have stopped." in told.text
    assert [button.text for row in told.rows for button in row] == ["Resume there", "Resume here", "‹ Digest"]


@pytest.mark.parametrize(
    ("code", "headline", "line"),
    [
        ("es", "falta 1 de 2", "Falta: 1 de 2 en la lista"),
        ("ru", "ещё не пришёл 1 из 2", "Не пришёл: 1 из 2"),
    ],
)
def test_one_who_is_missing_is_told_in_the_singular(code: str, headline: str, line: str) -> None:
    overview = replace(SUMMARY.overview, roster=RosterCounts(expected=2, came=1, hidden=0))
    text = written(replace(SUMMARY, overview=overview), code=code)
    assert headline in text[0]
    assert line in text
