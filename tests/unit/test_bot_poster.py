"""The poster of a link: one page of A4, with the whole link as letters and as a QR code."""

from dataclasses import replace

import pytest
import segno

from bot.handlers.posters import poster_of
from bot.screens.poster import HEIGHT, MARGIN, QUIET, WIDTH, Poster, code_of, draw, page
from tests.unit.test_bot_cards import CARD, a_context

POSTER = Poster(
    organisation="Northwind",
    title="Scan to sign up",
    name="Autumn sales",
    until="Open until Thu 24 Dec, 18:00 (Riga)",
    link="https://signup.example.org/s/Yp3kfjw84jfkdjf83jfkdjfk38fjdk",
)


def test_it_is_a_pdf_of_one_page_of_a4() -> None:
    contents = draw(POSTER)
    assert contents.startswith(b"%PDF")
    assert b"/Count 1" in contents
    assert b"/MediaBox [ 0 0 595.2 841.92 ]" in contents  # points: 210 x 297 mm


def test_its_code_is_the_links() -> None:
    code, expected = code_of(POSTER.link), list(segno.make_qr(POSTER.link, error="q").matrix_iter(border=QUIET))
    module = code.width // len(expected)
    read = [
        [code.getpixel((column * module, row * module)) == 0 for column in range(len(expected))]
        for row in range(len(expected))
    ]
    assert read == [list(map(bool, row)) for row in expected]


@pytest.mark.parametrize(
    "poster", [replace(POSTER, name="Склад " * 60), replace(POSTER, link=f"https://{'long.' * 12}org/s/{'x' * 32}")]
)
def test_nothing_is_written_beyond_its_margins(poster: Poster) -> None:
    image = page(poster)
    assert image.size == (WIDTH, HEIGHT)
    for left in (0, WIDTH - MARGIN + 8):
        assert image.crop((left, 0, left + MARGIN - 8, HEIGHT)).getextrema() == (1, 1)


@pytest.mark.parametrize(("department", "said"), [(("Sales", "EMEA"), "EMEA"), ((), "")])
def test_it_says_the_department_and_not_the_name_that_is_for_managers(department: tuple[str, ...], said: str) -> None:
    card = replace(CARD, name="Autumn sales", department=department)
    assert poster_of(a_context().words, card, "Northwind", POSTER.link).name == said
