"""A profile's link as a poster to print: a page of A4 in black and white, with a QR code that is read from metres."""

from dataclasses import dataclass
from io import BytesIO

import segno
from PIL import Image, ImageDraw

from bot.screens.lettering import BOLD, REGULAR, fitted, font

DOTS = 300  # an inch
WIDTH, HEIGHT = 2480, 3508  # A4 at that resolution (ISO 216: 210 x 297 mm)
MARGIN = 200
CODE_TOP, CODE = 1080, 1640  # pixels, its white border included
QUIET = 4  # modules of white around it, required by ISO/IEC 18004
BLACK, WHITE = 0, 1
SMALLEST = 60  # pixels, which are five millimetres: a longer text is cut
SMALLEST_LINK = 30  # so that a link of 120 characters is whole


@dataclass(frozen=True, kw_only=True)
class Poster:
    """What a poster says: whose it is, what to do, for what, until when, and the link for those who type it."""

    organisation: str
    title: str
    name: str
    until: str
    link: str


def draw(poster: Poster) -> bytes:
    """Return the poster as a PDF of one page."""
    contents = BytesIO()
    page(poster).save(contents, "pdf", resolution=DOTS, title=poster.title)
    return contents.getvalue()


def page(poster: Poster) -> Image.Image:
    """Return the page, a dot of ink a pixel."""
    image = Image.new("1", (WIDTH, HEIGHT), WHITE)
    pen = ImageDraw.Draw(image)
    _write(pen, 260, poster.organisation, REGULAR, 110)
    _write(pen, 440, poster.title, BOLD, 230)
    _write(pen, 790, poster.name, REGULAR, 130)
    code = code_of(poster.link)
    image.paste(code, ((WIDTH - code.width) // 2, CODE_TOP))
    _write(pen, 2790, poster.until, REGULAR, 110)
    _write(pen, 3050, poster.link, BOLD, 90, smallest=SMALLEST_LINK)
    return image


def code_of(link: str) -> Image.Image:
    """Return a link's QR code, which stays readable if a quarter of it is damaged, as large as its room allows."""
    code = segno.make_qr(link, error="q")
    rows = list(code.matrix_iter(border=QUIET))
    side = len(rows)
    small = Image.new("1", (side, side), WHITE)
    small.putdata([BLACK if dark else WHITE for row in rows for dark in row])
    scale = CODE // side
    return small.resize((side * scale, side * scale), Image.Resampling.NEAREST)


def _write(pen: ImageDraw.ImageDraw, top: int, text: str, name: str, size: int, *, smallest: int = SMALLEST) -> None:
    """Write a line in the middle, smaller than `size` if it is too long for that."""
    room = WIDTH - 2 * MARGIN
    while size > smallest and font(name, size).getlength(text) > room:
        size -= 2
    pen.text((WIDTH / 2, top), fitted(text, name, size, room), BLACK, font(name, size), anchor="ma")
