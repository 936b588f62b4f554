"""What is typed means the same whatever dashes, spaces, widths and invisible characters a keyboard or a phone makes."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.cadence import parse_cadence
from core.domain.keywords import is_none
from core.domain.moments import parse_end, parse_moment, parse_window
from core.domain.numbers import whole_number
from core.domain.periods import parse_period
from core.domain.text import DASHES
from core.domain.zones import find_zone
from core.errors import ZoneNotPlace
from tests.support.selection import many

RIGA, NOW = ZoneInfo("Europe/Riga"), datetime(2026, 11, 23, 12, tzinfo=UTC)
SPACES = " \t\u00a0\u2002\u2009\u202f\u3000"
INVISIBLE = ("", "\u200b", "\u2060", "\u2068", "\u2069", "\ufeff")
FULL_WIDTH = 0xFEE0  # from ASCII to the full-width forms

Parse = Callable[[str], object]


def place(text: str) -> object:
    """Return the zone, or the places that are offered instead of a distance."""
    try:
        return find_zone(text, NOW)
    except ZoneNotPlace as refused:
        return refused.offers


TYPED: dict[str, tuple[Parse, tuple[str, ...]]] = {
    "moment": (
        lambda text: parse_moment(text, RIGA, NOW),
        ("2026-12-24 18:00", "24.12.2026", "24 Dec 18:00 (Riga)", "+2 weeks", "+ 3 hours", "now"),
    ),
    "distance": (lambda text: parse_moment(text, ZoneInfo("America/New_York"), NOW), ("2026-11-01 01:30 UTC-5",)),
    "city": (
        lambda text: parse_moment(text, ZoneInfo("America/Port-au-Prince"), NOW),
        ("24 Dec 18:00 (Port-au-Prince)",),
    ),
    "end": (lambda text: parse_end(text, RIGA, NOW), ("2026-12-24", "+1 month")),
    "window": (
        lambda text: parse_window(text, RIGA, NOW),
        ("2026-11-24 09:00 - 2026-12-24 18:00", "now - +2 weeks", "24 Nov 09:00 - 24 Dec 2026 18:00"),
    ),
    "period": (
        lambda text: parse_period(text, RIGA, NOW),
        ("2026-10-01 - 2026-10-31", "30 days", "last 2 weeks", "yesterday"),
    ),
    "zone": (place, ("Europe/Riga", "America/Port-au-Prince", "Port-au-Prince", "GMT+3", "UTC-5", "-05:00", "MSK")),
    "cadence": (parse_cadence, ("daily 18:00", "weekly mon 09:00", "monthly 1 09:00")),
    "number": (lambda text: whole_number(text, 10_000_000), ("50", "1,000,000", "1 000 000", "1'000")),
    "keyword": (is_none, ("off", "unlimited", "Any")),
}


@st.composite
def disguised(draw: st.DrawFn, text: str) -> str:
    """Draw the text as another keyboard may write it."""
    written = [draw(st.text(SPACES, max_size=2))]
    for character in text:
        forms = {"-": st.sampled_from(["-", *DASHES]), " ": st.text(SPACES, min_size=1, max_size=3)}
        other = st.sampled_from([character, chr(ord(character) + FULL_WIDTH)])
        written += [draw(st.sampled_from(INVISIBLE)), draw(forms.get(character, other))]
    return "".join(written) + draw(st.text(SPACES, max_size=2))


@pytest.mark.parametrize(
    ("parse", "text"),
    [pytest.param(parse, text, id=f"{kind} {text}") for kind, (parse, texts) in TYPED.items() for text in texts],
)
@settings(max_examples=many(10), deadline=None)  # of each of 34
@given(data=st.data())
def test_every_dash_space_and_width_means_the_same(parse: Parse, text: str, data: st.DataObject) -> None:
    meant = parse(text)
    assert meant not in (None, False, ())
    assert parse(data.draw(disguised(text))) == meant
