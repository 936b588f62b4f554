"""What goes into a message, a button and a toast fits there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.sandbox import parse_html
from bot.screens.screen import copy, rows, share, tap
from bot.wording.text import fitting, lines, shortened


def test_a_text_that_fits_is_left_alone() -> None:
    assert fitting(Markup("short")) == "short"


@given(st.lists(st.text("ab &<\n", min_size=1, max_size=400), min_size=12, max_size=60))
def test_a_long_text_is_cut_so_that_telegram_can_read_it(written: list[str]) -> None:
    text = fitting(lines(*(Markup("<b><code>{}</code></b> {}").format(line, line) for line in written)))
    assert len(text) <= 4096
    assert parse_html(text).text


@pytest.mark.parametrize("letter", ["a", "&", "\n"])
@pytest.mark.parametrize("longest", [200, 1024, 4096])
def test_a_long_line_is_cut_where_there_is_no_other_place(letter: str, longest: int) -> None:
    for length in range(longest - 40, longest + 40):
        text = fitting(Markup("<code>x{}</code>").format(letter * length), longest)
        assert len(text) <= longest
        assert parse_html(text).text


def test_what_follows_a_long_line_is_cut_with_it() -> None:
    text = lines(Markup("“{}”").format("&" * 4096), Markup("<code>/profiles</code>"))
    assert len(fitting(text)) <= 4096
    assert "<" not in fitting(text)


def test_a_message_of_the_greatest_length_is_left_alone() -> None:
    assert fitting(Markup("{}").format("a" * 4096)) == "a" * 4096


def test_a_toast_is_cut_to_its_length() -> None:
    assert shortened("a" * 300, 200) == "a" * 199 + "…"


def test_a_link_too_long_to_copy_gets_no_button() -> None:
    assert copy("Copy link", "https://example.org/" + "a" * 250) is None


def test_a_link_of_the_greatest_length_can_be_copied() -> None:
    button = copy("Copy link", "a" * 256)
    assert button is not None
    assert button.copy_text is not None
    assert button.copy_text.text == "a" * 256


def test_a_button_shares_a_link_with_its_name() -> None:
    button = share(Markup("Share"), "https://example.org/s/abc", "Autumn & sales")
    assert button.url == "https://t.me/share/url?url=https%3A//example.org/s/abc&text=Autumn%20%26%20sales"


def test_a_buttons_label_is_plain_text() -> None:
    assert tap(Markup("Tom &amp; Ann"), "profile", 1).text == "Tom & Ann"


def test_a_button_carries_its_verb_and_arguments() -> None:
    assert tap("Older", "history", 12, 345).callback_data == "history:12:345"


def test_rows_leave_out_what_there_is_not() -> None:
    button = tap("Refresh", "profile", 1)
    assert rows([None], [button, None], []) == ((button,),)
