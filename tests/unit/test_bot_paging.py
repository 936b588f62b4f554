"""Long lists in pages: every entry once, none too long, and no page beyond the last."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.service import LOCALES
from bot.wording.lists import LONGEST_PAGE, first, page_of
from bot.wording.phrases import Words
from core.language import Languages

LISTS = st.lists(st.integers(1, 2 * LONGEST_PAGE).map(lambda length: Markup.escape("x" * length)), max_size=30)


@given(LISTS, st.integers(1, 5))
def test_pages_hold_every_entry_once_in_order(entries: list[Markup], most: int) -> None:
    pages = page_of(entries, 0, most=most).pages
    shown = [place for number in range(pages) for place in page_of(entries, number, most=most).places]
    assert shown == list(range(len(entries)))


@given(LISTS, st.integers(1, 5), st.integers(0, 40))
def test_a_page_fits_unless_a_single_entry_does_not(entries: list[Markup], most: int, wanted: int) -> None:
    page = page_of(entries, wanted, most=most)
    length = sum(len(entries[place]) for place in page.places)
    assert len(page.places) <= most
    assert length <= LONGEST_PAGE or len(page.places) == 1
    assert 0 <= page.number < page.pages


def test_what_does_not_fit_is_counted() -> None:
    words = Words(language=Languages(LOCALES).all["en"], zone=ZoneInfo("UTC"), now=datetime(2026, 11, 23, tzinfo=UTC))
    entries = [Markup("a"), Markup("b"), Markup("c")]
    assert first(words, entries, most=2, longest=100) == ["a", "b", "… and 1 more"]
    assert first(words, entries, most=3, longest=100) == ["a", "b", "c"]
