"""The account's colour on the pages: made darker or lighter until it has the contrast that WCAG 2.2 asks for (AA)."""

from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass

LEAST = 4.6  # 4.5 for text (1.4.3), and some room for rounding
STEP = 0.01
LIGHT_GROUNDS = ("#ffffff", "#f4f5f7")  # the paper and the ground of style.css, in each scheme
DARK_GROUNDS = ("#1d2126", "#14171b")
WHITE, BLACK = "#ffffff", "#0b1524"


@dataclass(frozen=True, kw_only=True)
class Accent:
    """A colour for links and buttons, and that of the text on it."""

    colour: str
    on_it: str


def luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2) of a colour `#rrggbb`."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour))  # noqa: PLR2004 - WCAG
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio (WCAG 2.2) of two colours."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def for_light(colour: str) -> Accent:
    """Return the colour as it is used on light pages."""
    return _accent(colour, LIGHT_GROUNDS, WHITE, -STEP)


def for_dark(colour: str) -> Accent:
    """Return the colour as it is used on dark pages."""
    return _accent(colour, DARK_GROUNDS, BLACK, STEP)


def corrected(colour: str, others: tuple[str, ...], step: float, *, least: float = LEAST) -> str:
    """Return a colour made lighter or darker by steps of `step` until its contrast with each of the others is enough.

    It never ends if neither white nor black has that contrast.
    """
    hue, lightness, saturation = rgb_to_hls(*_channels(colour))
    while min(contrast(colour, other) for other in others) < least:
        lightness = min(1.0, max(0.0, lightness + step))
        colour = "#" + "".join(f"{round(255 * part):02x}" for part in hls_to_rgb(hue, lightness, saturation))
    return colour


def _accent(colour: str, grounds: tuple[str, ...], on_it: str, step: float) -> Accent:
    return Accent(colour=corrected(colour, (*grounds, on_it), step), on_it=on_it)


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
