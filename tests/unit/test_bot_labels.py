"""Labels fit their buttons in every language: two in a row within 16 letters, three within 9."""

import pytest

from bot.menu.command import TITLES
from bot.service import LOCALES
from core.language import Languages
from tests.support.button_labels import arranged

IN_A_PAIR, OF_THREE = 16, 9  # letters
LANGUAGES = sorted(Languages(LOCALES).all)
ELSEWHERE = {"Refresh": 3} | dict.fromkeys(TITLES.values(), 2)  # arranged by functions that are given the buttons
A_LARGE_NUMBER = "999999"


def shown_in(code: str, label: str) -> list[str]:
    """Return a label's forms in a language, with a large number in its place."""
    language = Languages(LOCALES).all[code]
    forms = {language.gettext(label), *(language.ngettext(label, label, number) for number in (1, 2, 5))}
    return [form.replace("{number}", A_LARGE_NUMBER) for form in forms]


@pytest.mark.parametrize("code", LANGUAGES)
def test_labels_fit_their_rows(code: str) -> None:
    rows = dict(arranged()) | ELSEWHERE
    assert len(rows) > 40
    assert max(rows.values()) == 3
    longest = {2: IN_A_PAIR, 3: OF_THREE}
    too_long = {
        shown: size
        for label, size in rows.items()
        for shown in shown_in(code, label)
        if size in longest and len(shown) > longest[size]
    }
    assert too_long == {}


def test_rows_are_read_from_the_code() -> None:
    rows = arranged()
    assert {label: rows[label] for label in ("Share", "Cancel", "« Newest", "Older ›", "Resume")} == {
        "Share": 2,
        "Cancel": 2,
        "« Newest": 2,
        "Older ›": 2,
        "Resume": 2,
    }
    assert {label: rows[label] for label in ("« First", "More ›", "Turn sign-up on")} == {
        "« First": 3,
        "More ›": 3,
        "Turn sign-up on": 1,
    }
