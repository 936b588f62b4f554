"""Draws a report: figures on top, stacked bars over time, and what the colours mean. Readable on a phone.

The size is that of a portrait photograph in a chat (4:5), shown there at about a third: no letter is below 30 pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import count

from PIL import Image, ImageDraw

from bot.screens.lettering import BOLD, REGULAR, fitted, font

WIDTH, HEIGHT, MARGIN = 1080, 1350, 64
CHART_TOP, CHART_BOTTOM = 440, 950
LEGEND_TOP, LEGEND_STEP, SQUARE = 1050, 46, 28
MOST_LINES = 5  # behind the bars, above the lowest
MOST_TICKS = 7
GAP = 0.25  # of a bar's room


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Colours. Those of `series` can be told apart with any kind of colour vision (Okabe and Ito); the last is grey."""

    background: str
    text: str
    muted: str
    grid: str
    series: tuple[str, ...]


LIGHT = Theme(
    background="#ffffff",
    text="#111827",
    muted="#4b5563",
    grid="#d1d5db",
    series=("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#9ca3af"),
)
DARK = Theme(
    background="#111827",
    text="#f9fafb",
    muted="#d1d5db",
    grid="#4b5563",
    series=("#56b4e9", "#e69f00", "#2fbf93", "#f0703c", "#e29ac4", "#9ca3af"),
)


@dataclass(frozen=True, kw_only=True)
class Plot:
    """What a report's picture shows.

    `ticks` name the intervals, and `days` the day or days if they are hours, else it is empty. `stacks` has a row of as
    many counts for each entry of `names`, the last of which is drawn in grey if there are more than five.
    """

    title: str
    headline: str
    notes: tuple[str, ...]
    ticks: tuple[str, ...]
    days: str
    names: tuple[str, ...]
    stacks: tuple[tuple[int, ...], ...]


def draw(plot: Plot, theme: Theme) -> bytes:
    """Return the picture as a PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), theme.background)
    pen = ImageDraw.Draw(image)
    _write_figures(pen, plot, theme)
    _draw_bars(pen, plot, theme)
    _write_legend(pen, plot, theme)
    contents = BytesIO()
    image.quantize(64).save(contents, "png", optimize=True)
    return contents.getvalue()


def scale(highest: int) -> list[int]:
    """Return the numbers at the lines behind the bars, from 0 on: 1, 2 or 5 times a power of ten apart, few enough."""
    steps = (digit * 10**power for power in count() for digit in (1, 2, 5))
    step = next(step for step in steps if step * MOST_LINES >= highest)
    return list(range(0, max(highest, 1) + step, step))


def _write_figures(pen: ImageDraw.ImageDraw, plot: Plot, theme: Theme) -> None:
    room = WIDTH - 2 * MARGIN
    pen.text((MARGIN, 56), fitted(plot.title, REGULAR, 40, room), theme.muted, font(REGULAR, 40))
    pen.text((MARGIN, 116), fitted(plot.headline, BOLD, 88, room), theme.text, font(BOLD, 88))
    for place, note in enumerate(plot.notes):
        at = (MARGIN, 240 + 50 * place)
        pen.text(at, fitted(note, REGULAR, 36, room), theme.muted, font(REGULAR, 36))


def _draw_bars(pen: ImageDraw.ImageDraw, plot: Plot, theme: Theme) -> None:
    highest = max((sum(column) for column in zip(*plot.stacks, strict=True)), default=0)
    marks = scale(highest)
    top, left = marks[-1], MARGIN + 60
    for mark in marks:
        y = _height_of(mark, top)
        pen.line((left, y, WIDTH - MARGIN, y), theme.grid, 2)
        pen.text((left - 16, y), str(mark), theme.muted, font(REGULAR, 30), anchor="rm")
    room = (WIDTH - MARGIN - left) / len(plot.ticks)
    for place, counts in enumerate(zip(*plot.stacks, strict=True)):
        x, below = left + room * place, 0
        for colour, number in zip(_colours(plot, theme), counts, strict=True):
            if number:
                low = _height_of(below, top) - 1
                high = min(_height_of(below + number, top), low)  # one of many thousands is a line
                pen.rectangle((x + room * GAP / 2, high, x + room * (1 - GAP / 2), low), colour)
            below += number
    _write_ticks(pen, plot, theme, left, room)


def _write_ticks(pen: ImageDraw.ImageDraw, plot: Plot, theme: Theme, left: float, room: float) -> None:
    small = font(REGULAR, 30)
    widest = max(small.getlength(tick) for tick in plot.ticks) + 24
    every = max(-(-len(plot.ticks) // MOST_TICKS), int(-(-widest // room)))
    for place in range(0, len(plot.ticks), every):
        middle = left + room * (place + 0.5)
        half = small.getlength(plot.ticks[place]) / 2
        at = min(max(middle, left + half), WIDTH - MARGIN / 2 - half)
        pen.text((at, CHART_BOTTOM + 16), plot.ticks[place], theme.muted, small, anchor="ma")
    pen.text(((left + WIDTH - MARGIN) / 2, CHART_BOTTOM + 54), plot.days, theme.muted, small, anchor="ma")


def _write_legend(pen: ImageDraw.ImageDraw, plot: Plot, theme: Theme) -> None:
    usual = font(REGULAR, 34)
    for place, (name, counts) in enumerate(zip(plot.names, plot.stacks, strict=True)):
        y, total = LEGEND_TOP + LEGEND_STEP * place, str(sum(counts))
        room = WIDTH - 3 * MARGIN - SQUARE - usual.getlength(total)
        pen.rectangle((MARGIN, y + 6, MARGIN + SQUARE, y + 6 + SQUARE), _colours(plot, theme)[place])
        pen.text((MARGIN + SQUARE + 20, y), fitted(name, REGULAR, 34, room), theme.text, usual)
        pen.text((WIDTH - MARGIN, y), total, theme.text, usual, anchor="ra")


def _colours(plot: Plot, theme: Theme) -> Sequence[str]:
    return theme.series[: len(plot.stacks)]


def _height_of(number: int, top: int) -> float:
    return CHART_BOTTOM - (CHART_BOTTOM - CHART_TOP) * number / top
