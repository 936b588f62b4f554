"""Cards: a profile at a glance, alone and in a list, in every state and every language."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import profile_list
from bot.sandbox import parse_html
from bot.screens import alert_notices, waiting_rushes
from bot.screens.profile_card import MARKS, button_label, further_screen, listed, profile_screen
from bot.screens.screen import Screen, tap
from bot.service import LOCALES
from bot.wording.phrases import Words
from core.domain.access import ROLE_PERMISSIONS, Role
from core.domain.links import LinkState
from core.domain.windows import Window
from core.language import Languages
from core.services.account import Organisation
from core.services.people import Person
from core.services.profile_lists import Listing
from core.services.profiles import Card, Share
from core.services.roster_counts import RosterCounts
from core.services.rushes import Rush
from tests.support.context import spoken_to

RIGA = ZoneInfo("Europe/Riga")
NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
LANGUAGES = Languages(LOCALES)
CARD = Card(
    profile_id=12,
    name="Autumn sales",
    department=("Sales", "EMEA"),
    state=LinkState.OPEN,
    paused=False,
    window=Window(
        starts_at=datetime(2026, 11, 23, 7, 0, tzinfo=UTC), ends_at=datetime(2026, 12, 24, 16, 0, tzinfo=UTC)
    ),
    organisation=Organisation(name="Northwind", zone=RIGA, sign_up_enabled=True),
    limit=50,
    used=20,
    reserved=0,
    kept=0,
    token="Yp3",
    shares=(),
    editable=True,
    may_enable_sign_up=True,
)
WHEN = {
    LinkState.OPEN: ("🟢", "Open until 24 Dec 18:00 (Riga), 31 days left"),
    LinkState.SIGN_UP_OFF: ("⚪", "Closed while sign-up is off; from 23 Nov 09:00 (Riga) to 24 Dec 18:00 (Riga)"),
    LinkState.PAUSED: ("⏸", "Paused; closes 24 Dec 18:00 (Riga)"),
    LinkState.NOT_YET_OPEN: ("🕒", "Opens 23 Nov 09:00, closes 24 Dec 18:00 (Riga)"),
    LinkState.ENDED: ("🏁", "Ended 24 Dec 18:00 (Riga)"),
    LinkState.FULL: ("🔴", "Full; closes 24 Dec 18:00 (Riga)"),
    LinkState.REMOVED: ("✖️", "The link no longer works"),
    LinkState.REPLACED: ("🔁", "The link no longer works"),
    LinkState.WITHDRAWN: ("↩️", "The link no longer works"),
    LinkState.USED: ("✔️", "The link no longer works"),
}
OTHERS = [
    ("ru", LinkState.OPEN, "Открыта до 24 дек. 18:00 (Рига), ещё 31 день"),
    (
        "ru",
        LinkState.SIGN_UP_OFF,
        "Закрыта, пока регистрация выключена; с 23 нояб. 09:00 (Рига) до 24 дек. 18:00 (Рига)",
    ),
    ("ru", LinkState.PAUSED, "На паузе; закроется 24 дек. 18:00 (Рига)"),
    ("ru", LinkState.NOT_YET_OPEN, "Откроется 23 нояб. 09:00, закроется 24 дек. 18:00 (Рига)"),
    ("ru", LinkState.ENDED, "Закрыта 24 дек. 18:00 (Рига)"),
    ("ru", LinkState.FULL, "Мест нет; закроется 24 дек. 18:00 (Рига)"),
    ("ru", LinkState.REMOVED, "Ссылка больше не работает"),
    ("es", LinkState.OPEN, "Abierto hasta el 24 dic 18:00 (Riga), 31 días más"),
    (
        "es",
        LinkState.SIGN_UP_OFF,
        "Cerrado mientras el registro esté desactivado; del 23 nov 09:00 (Riga) al 24 dic 18:00 (Riga)",
    ),
    ("es", LinkState.PAUSED, "En pausa; se cierra el 24 dic 18:00 (Riga)"),
    ("es", LinkState.NOT_YET_OPEN, "Se abre el 23 nov 09:00, se cierra el 24 dic 18:00 (Riga)"),
    ("es", LinkState.ENDED, "Cerrado el 24 dic 18:00 (Riga)"),
    ("es", LinkState.FULL, "Completo; se cierra el 24 dic 18:00 (Riga)"),
    ("es", LinkState.REMOVED, "El enlace ya no funciona"),
]


def a_context(code: str = "en", engine: object = None) -> Context:
    owner = Person(
        user_id=1,
        first_name="Olivia",
        role=Role.OWNER,
        permissions=ROLE_PERMISSIONS[Role.OWNER],
        language=code,
        zone=RIGA,
    )
    return spoken_to(Words(language=LANGUAGES.all[code], zone=RIGA, now=NOW), owner, engine)


def labels(screen: Screen) -> list[list[str]]:
    return [[button.text for button in row] for row in screen.rows]


def shown(card: Card, code: str = "en") -> list[str]:
    return parse_html(str(profile_screen(a_context(code), card).text)).text.splitlines()


@pytest.mark.parametrize("state", LinkState)
def test_a_card_says_where_a_profile_stands(state: LinkState) -> None:
    mark, when = WHEN[state]
    assert profile_screen(a_context(), replace(CARD, state=state)).text.splitlines() == [
        f"{mark} <b>Autumn sales</b> (#12)",
        "Sales / EMEA",
        when,
        "▓▓▓▓░░░░░░  20 of 50",
        "https://example.org/s/Yp3",
    ]


@pytest.mark.parametrize(("code", "state", "when"), OTHERS)
def test_a_card_speaks_other_languages(code: str, state: LinkState, when: str) -> None:
    of = {"ru": "из", "es": "de"}[code]
    assert shown(replace(CARD, state=state), code)[1:4] == ["Sales / EMEA", when, f"▓▓▓▓░░░░░░  20 {of} 50"]


@pytest.mark.parametrize(
    ("left", "said"),
    [(timedelta(days=1), "1 day"), (timedelta(hours=23), "23 hours"), (timedelta(seconds=10), "1 minute")],
)
def test_the_time_left_is_told_in_its_largest_unit(left: timedelta, said: str) -> None:
    window = Window(starts_at=CARD.window.starts_at, ends_at=NOW + left)
    assert shown(replace(CARD, window=window))[2].endswith(f", {said} left")


@pytest.mark.parametrize(
    ("used", "limit", "bar"),
    [
        (0, 50, "░░░░░░░░░░  0 of 50"),
        (1, 1_000_000, "▓░░░░░░░░░  1 of 1,000,000"),
        (25, 50, "▓▓▓▓▓░░░░░  25 of 50"),
        (49, 50, "▓▓▓▓▓▓▓▓▓░  49 of 50"),
        (50, 50, "▓▓▓▓▓▓▓▓▓▓  50 of 50"),
        (60, 50, "▓▓▓▓▓▓▓▓▓▓  60 of 50"),
        (0, None, "0 used, no limit"),
        (7, None, "7 used, no limit"),
    ],
)
def test_the_bar_is_empty_only_where_nothing_is_used_and_full_only_where_all_is(
    used: int, limit: int | None, bar: str
) -> None:
    assert shown(replace(CARD, used=used, limit=limit))[3] == bar


def test_a_listed_card_takes_two_lines() -> None:
    assert listed(a_context().words, CARD).splitlines() == [
        "🟢 Autumn sales (#12)",
        "Sales / EMEA · 20 of 50 · Open until 24 Dec 18:00 (Riga), 31 days left",
    ]


@pytest.mark.parametrize(
    ("code", "used"),
    [("en", "20 used, no limit"), ("ru", "20 занято, без ограничений"), ("es", "20 usadas, sin límite")],
)
def test_a_listed_card_without_a_limit_says_so(code: str, used: str) -> None:
    assert f" · {used} · " in listed(a_context(code).words, replace(CARD, limit=None))


def test_notes_stand_below_the_link() -> None:
    words = a_context().words
    screen = profile_screen(a_context(), CARD, words.say("Paused"), words.say("Profile restored"))
    assert screen.text.splitlines()[4:] == ["https://example.org/s/Yp3", "", "Paused", "Profile restored"]


def test_right_to_left_names_are_set_apart_so_that_figures_keep_their_place() -> None:
    hebrew = replace(CARD, name="שלום", department=("Sales", "מכירות"), shares=(Share(label="ריגה", token="Zq4"),))
    assert shown(hebrew)[:2] == ["🟢 \u2068שלום\u2069 (#12)", "\u2068Sales / מכירות\u2069"]
    assert shown(hebrew)[-1] == "\u2068ריגה\u2069: https://example.org/s/Zq4"
    assert parse_html(str(listed(a_context().words, hebrew))).text.startswith("🟢 \u2068שלום\u2069 (#12)")


def test_what_a_sentence_names_right_to_left_is_set_apart_once() -> None:
    say = a_context().words.say
    inner = say("“{name}” is deleted. /profiles shows the others.", name="<שלום>")
    assert inner.startswith("“\u2068&lt;שלום&gt;\u2069” is deleted.")
    assert say("Another one: {line}", line=inner).count("\u2068") == 1


def test_a_card_with_many_links_shows_the_first_and_counts_the_rest() -> None:
    shares = tuple(Share(label=f"Office {number}", token=f"T{number}") for number in range(7))
    assert shown(replace(CARD, shares=shares))[5:] == [
        *(f"Office {number}: https://example.org/s/T{number}" for number in range(5)),
        "… and 2 more links",
    ]


def passed_on(card: Card, code: str = "en") -> list[str]:
    """Return the link that the card's first button shares, and the lines of the text with it."""
    url = str(profile_screen(a_context(code), card).rows[0][0].url)
    assert url.startswith("https://t.me/share/url?")
    assert len(url) < 2000  # what all browsers take
    query = parse_qs(urlsplit(url).query)
    return [*query["url"], *query["text"][0].splitlines()]


UNTIL = "Open until Thu 24 Dec, 18:00 (Riga)"


def test_what_is_shared_says_for_what_one_signs_up_as_the_page_does_and_until_when() -> None:
    assert passed_on(CARD) == ["https://example.org/s/Yp3", "Please sign up for EMEA at Northwind", UNTIL]


@pytest.mark.parametrize(
    ("department", "organisation", "said"),
    [
        (("Sales",), None, "Please sign up for Sales"),
        ((), "Northwind", "Please sign up at Northwind"),
        ((), None, "Please sign up here"),
    ],
)
def test_what_is_shared_leaves_out_what_has_no_name(
    department: tuple[str, ...], organisation: str | None, said: str
) -> None:
    card = replace(CARD, department=department, organisation=replace(CARD.organisation, name=organisation))
    assert passed_on(card)[1] == said


@pytest.mark.parametrize(
    ("of_account", "said"),
    [
        ("es", ["Regístrese en EMEA, Northwind", "Abierto hasta el jue 24 dic, 18:00 (Riga)"]),
        (None, ["Зарегистрируйтесь: EMEA, Northwind", "Открыто до чт 24 дек., 18:00 (Рига)"]),
    ],
)
def test_a_russian_manager_shares_in_the_accounts_language_or_else_in_their_own(
    of_account: str | None, said: list[str]
) -> None:
    card = replace(CARD, organisation=replace(CARD.organisation, language=of_account))
    assert passed_on(card, "ru")[1:] == said


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (LinkState.NOT_YET_OPEN, ["Open from Mon 23 Nov, 09:00 to Thu 24 Dec, 18:00 (Riga)"]),
        (LinkState.PAUSED, []),
        (LinkState.FULL, []),
        (LinkState.ENDED, []),
    ],
)
def test_what_is_shared_promises_no_end_of_a_link_that_does_not_work(state: LinkState, said: list[str]) -> None:
    assert passed_on(replace(CARD, state=state))[2:] == said


def test_the_longest_names_still_make_an_address_that_browsers_take() -> None:
    odd = "👩" * 200
    card = replace(CARD, department=(odd,), organisation=replace(CARD.organisation, name=odd), token="T" * 24)
    assert passed_on(card, "ru")[1] == f"Зарегистрируйтесь: {'👩' * 49}…, {'👩' * 49}…"


def test_names_are_shown_as_they_are_and_shared_unescaped() -> None:
    tricky = replace(CARD, name="<b>&\"'", department=("<i>", "R&D"))
    screen = profile_screen(a_context(), tricky)
    assert screen.text.splitlines()[:2] == [
        "🟢 <b>&lt;b&gt;&amp;&#34;&#39;</b> (#12)",
        "&lt;i&gt; / R&amp;D",
    ]
    assert passed_on(tricky) == ["https://example.org/s/Yp3", "Please sign up for R&D at Northwind", UNTIL]
    assert parse_html(str(listed(a_context().words, tricky))).text.startswith("🟢 <b>&\"' (#12)\n<i> / R&D · ")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "27 of 30 expected came, 3 missing"),
        ("ru", "пришло 27 из 30 в списке, нет 3"),
        ("es", "vinieron 27 de 30 en la lista, faltan 3"),
    ],
)
def test_a_card_says_how_many_of_the_expected_came(code: str, said: str) -> None:
    roster = RosterCounts(expected=30, came=27, hidden=0)
    assert shown(replace(CARD, roster=roster), code)[4] == said


@pytest.mark.parametrize(
    ("code", "said"),
    [("ru", "пришёл 1 из 2 в списке, нет 1"), ("es", "vino 1 de 2 en la lista, falta 1")],
)
def test_a_card_says_in_the_singular_that_one_of_the_expected_came(code: str, said: str) -> None:
    assert shown(replace(CARD, roster=RosterCounts(expected=2, came=1, hidden=0)), code)[4] == said


def test_who_came_hidden_is_counted_and_the_missing_are_one_tap_away() -> None:
    card = replace(CARD, roster=RosterCounts(expected=30, came=25, hidden=2))
    assert shown(card)[4] == "25 of 30 expected came, 3 missing, 2 more came, but are hidden from you"
    assert ["Who's missing · 3"] in labels(profile_screen(a_context(), card))
    nobody = replace(CARD, roster=RosterCounts(expected=30, came=30, hidden=0))
    assert not any("missing" in label for row in labels(profile_screen(a_context(), nobody)) for label in row)


def test_the_buttons_stand_by_importance() -> None:
    screen = profile_screen(a_context(), CARD)
    assert labels(screen) == [
        ["Share", "Copy link"],
        ["QR", "Who joined"],
        ["Progress"],
        ["+1 week", "+10 places"],
        ["Edit", "Pause"],
        ["‹ Links", "More ›"],
    ]
    assert screen.rows[0][1].copy_text is not None
    assert screen.rows[0][1].copy_text.text == "https://example.org/s/Yp3"


def test_who_waits_is_a_tap_away_where_somebody_does_and_one_may_answer() -> None:
    waited_for = replace(CARD, reserved=2)
    assert labels(profile_screen(a_context(), waited_for))[2] == ["⏳ Waiting · 2", "Progress"]
    assert profile_screen(a_context(), waited_for).rows[2][0].callback_data == "waiting:0:12"
    assert labels(profile_screen(a_context(), replace(waited_for, editable=False))) == [["Who joined"], ["‹ Links"]]


def test_places_kept_for_granted_requests_are_told_apart_from_people_who_wait() -> None:
    kept = profile_screen(a_context(), replace(CARD, reserved=2, kept=2))
    assert "2 places kept" in str(kept.text)
    assert "waiting" not in str(kept.text)
    assert labels(kept)[2] == ["Progress"]
    both = profile_screen(a_context(), replace(CARD, reserved=3, kept=1))
    assert "2 waiting, 1 place kept" in str(both.text)
    assert labels(both)[2] == ["⏳ Waiting · 2", "Progress"]


def test_what_is_needed_less_often_is_one_tap_away_the_dangerous_one_last() -> None:
    screen = further_screen(a_context(), CARD)
    assert labels(screen) == [
        ["Links & labels", "Replace link"],
        ["Expected people"],
        ["Send by email"],
        ["Reminders", "In groups"],
        ["Poster", "Duplicate"],
        ["‹ Profile"],
        ["Delete"],
    ]
    assert screen.text == profile_screen(a_context(), CARD).text
    assert screen.rows[-1][0].style == "danger"
    assert screen.rows[4][1].callback_data == "duplicate:12"


@pytest.mark.parametrize("undo", [None, tap("Undo", "undo")])
def test_the_fullest_card_has_at_most_eight_rows(undo: InlineKeyboardButton | None) -> None:
    off = replace(
        CARD,
        state=LinkState.SIGN_UP_OFF,
        may_enable_sign_up=True,
        reserved=3,
        roster=RosterCounts(expected=3, came=0, hidden=0),
    )
    assert len(profile_screen(a_context(), off, undo=undo).rows) <= 8


def test_a_paused_profile_says_so_while_sign_up_is_off() -> None:
    card = profile_screen(a_context(), replace(CARD, state=LinkState.SIGN_UP_OFF, paused=True))
    assert "Closed while sign-up is off, and paused; closes 24 Dec 18:00 (Riga)" in card.text
    assert "Resume" in [label for row in labels(card) for label in row]


def test_a_paused_profile_is_offered_to_be_resumed() -> None:
    paused = profile_screen(a_context(), replace(CARD, state=LinkState.PAUSED, paused=True))
    assert labels(paused)[4] == ["Edit", "Resume"]


@pytest.mark.parametrize(
    ("card", "first_row"),
    [
        (replace(CARD, state=LinkState.SIGN_UP_OFF), ["Turn sign-up on"]),
        (replace(CARD, state=LinkState.SIGN_UP_OFF, may_enable_sign_up=False), ["Share", "Copy link"]),
        (CARD, ["Share", "Copy link"]),
    ],
)
def test_sign_up_is_offered_to_be_turned_on_where_it_is_off_and_one_may(card: Card, first_row: list[str]) -> None:
    assert labels(profile_screen(a_context(), card))[0] == first_row


@pytest.mark.parametrize("searched", ["", "осенние продажи " * 20, "a" * 300, "🎉" * 60])
async def test_a_listing_of_any_search_turns_by_buttons_that_telegram_takes(searched: str) -> None:
    async def read(*_: object, **__: object) -> Listing:
        return Listing(cards=(CARD,) * 5, total=200_000, page=9_999, size=5)

    async def write(*_: object) -> int:
        return 10**15

    screen = await profile_list.page(a_context("ru", SimpleNamespace(read=read, write=write)), 9_999, searched)
    carried = [str(button.callback_data) for row in screen.rows for button in row]
    assert labels(screen)[-1] == ["‹ Меню", "‹", "10000/40000", "›"]
    assert max(len(data.encode()) for data in carried) <= 40
    assert carried[-1] == f"list:{10**15}:page:10000"


@pytest.mark.parametrize("code", ["en", "ru", "es"])
@pytest.mark.parametrize(
    ("card", "ending"),
    [
        (CARD, {"en": "20/50 · 24 Dec", "ru": "20/50 · 24 дек.", "es": "20/50 · 24 dic"}),
        (replace(CARD, limit=None), {"en": "20 · 24 Dec", "ru": "20 · 24 дек.", "es": "20 · 24 dic"}),
        (
            replace(CARD, state=LinkState.FULL),
            {"en": "20/50 · full", "ru": "20/50 · мест нет", "es": "20/50 · completo"},
        ),
        (
            replace(CARD, state=LinkState.PAUSED),
            {"en": "20/50 · paused", "ru": "20/50 · на паузе", "es": "20/50 · en pausa"},
        ),
        (
            replace(CARD, state=LinkState.ENDED),
            {"en": "20/50 · ended", "ru": "20/50 · закрыта", "es": "20/50 · cerrado"},
        ),
    ],
)
def test_a_button_names_a_profile_with_places_and_why_or_until_when(
    code: str, card: Card, ending: dict[str, str]
) -> None:
    words = a_context(code).words
    assert button_label(words, card) == f"{MARKS[card.state]} Autumn sales · {ending[code]}"
    long = button_label(words, replace(card, name="Ж" * 200))
    assert len(long) == 40
    assert long.endswith(f"… · {ending[code]}")


def test_an_alert_that_is_no_longer_true_is_not_sent() -> None:
    words = Words(language=LANGUAGES.all["en"], zone=RIGA, now=NOW)
    soon = replace(CARD.window, ends_at=NOW + timedelta(hours=47))
    true = {
        alert_notices.full: replace(CARD, used=49, reserved=1),
        alert_notices.mostly_used: replace(CARD, used=40),
        alert_notices.places_unused: replace(CARD, window=soon),
    }
    assert all(alert(words, card) for alert, card in true.items())
    over = replace(CARD.window, ends_at=NOW - timedelta(hours=1))
    untrue = [
        *((alert, replace(card, limit=None)) for alert, card in true.items()),
        (alert_notices.full, replace(CARD, used=49)),
        (alert_notices.mostly_used, replace(CARD, used=39)),
        (alert_notices.mostly_used, replace(CARD, used=50)),
        (alert_notices.places_unused, CARD),
        (alert_notices.places_unused, replace(CARD, window=over)),
        (alert_notices.places_unused, replace(CARD, window=soon, used=50)),
    ]
    assert not [card for alert, card in untrue if alert(words, card)]


def test_an_alert_about_places_that_stay_unused_says_how_many_are_left() -> None:
    words = Words(language=LANGUAGES.all["en"], zone=RIGA, now=NOW)
    soon = replace(CARD.window, ends_at=NOW + timedelta(hours=47))
    for used, reserved, left in ((0, 0, "50 places left"), (48, 1, "1 place left")):
        card = replace(CARD, window=soon, limit=50, used=used, reserved=reserved)
        alert = alert_notices.places_unused(words, card)
        assert alert
        assert alert.text.endswith(f": {left}.")


def rush_alert(card: Card, rush: Rush | None) -> Screen:
    return waiting_rushes.alert(Words(language=LANGUAGES.all["en"], zone=RIGA, now=NOW), card, rush)


def labels_of(screen: Screen) -> list[str]:
    return [button.text for row in screen.rows for button in row]


NOBODY = Rush(profile_id=12, told_at=NOW, first=NOW, last=NOW, people=0)


def test_an_alert_about_a_rush_says_so_if_all_who_waited_are_answered() -> None:
    screen = rush_alert(CARD, NOBODY)
    assert "None of them waits for your answer any more." in screen.text
    assert labels_of(screen) == ["Pause", "Who waits", "Show the profile"]


@pytest.mark.parametrize("card", [CARD, replace(CARD, editable=False)])
def test_an_alert_about_a_rush_of_which_nothing_is_known_does_not_say_that_nobody_waits(card: Card) -> None:
    screen = rush_alert(card, None)
    assert "None of them" not in screen.text
    assert labels_of(screen) == [*(["Pause"] if card.editable else []), "Who waits", "Show the profile"]
