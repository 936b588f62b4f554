"""The colours of a person's Telegram on the Mini App's pages, corrected until they have the contrast of WCAG 2.2."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from web.colours import BLACK, WHITE, contrast, corrected

# Bot API, ThemeParams: the page's ground, that of its bars, text, soft text, buttons.
PARAMETERS = ("bg_color", "secondary_bg_color", "text_color", "hint_color", "button_color")
COLOUR = re.compile(r"#[0-9a-f]{6}")
TEXT = re.compile(r"[0-9a-f]{6}(?:-[0-9a-f]{6}){4}")
LONGEST = 4096  # characters of the parameters; Telegram sends about 500
CLEAREST = 7.0  # of black or white on the grounds, so that there is a readable shade of every colour
FOR_LINES = 3.1  # WCAG 2.2, 1.4.11, and some room for rounding
STEP = 0.01


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Five colours `#rrggbb`; `text` is how a cookie and the style sheet's name hold them."""

    paper: str
    ground: str
    ink: str
    soft: str
    accent: str

    @property
    def text(self) -> str:
        """The colours in one word."""
        return "-".join(each[1:] for each in (self.paper, self.ground, self.ink, self.soft, self.accent))

    @property
    def is_dark(self) -> bool:
        """Whether light letters are read better on it."""
        return contrast(WHITE, self.paper) > contrast(BLACK, self.paper)

    @property
    def scheme(self) -> str:
        """The scheme in which the browser draws fields (CSS Color Adjustment)."""
        return "dark" if self.is_dark else "light"

    @property
    def is_clear(self) -> bool:
        """Whether both grounds are dark enough, or light enough, for colours that can be read on them."""
        extreme = WHITE if self.is_dark else BLACK
        return min(contrast(extreme, self.paper), contrast(extreme, self.ground)) >= CLEAREST

    def variables(self, usual: Mapping[str, str]) -> dict[str, str]:
        """Return the style sheet's variables: these colours, and the `usual` ones of the scheme, all readable."""
        grounds, step = (self.paper, self.ground), STEP if self.is_dark else -STEP
        on_accent = BLACK if self.is_dark else WHITE
        return {
            **usual,
            "paper": self.paper,
            "ground": self.ground,
            "ink": corrected(self.ink, grounds, step),
            "soft": corrected(self.soft, grounds, step),
            "accent": corrected(self.accent, (*grounds, on_accent), step),
            "on-accent": on_accent,
            "line": corrected(usual["line"], grounds, step, least=FOR_LINES),
            "wrong": corrected(usual["wrong"], (*grounds, usual["wrong-ground"]), step),
            "good": corrected(usual["good"], grounds, step),
        }


def from_telegram(parameters: str) -> Theme | None:
    """Read Telegram's theme parameters (JSON); None if they lack a colour, or nothing can be read on their grounds."""
    try:
        given = json.loads(parameters[:LONGEST])
        colours = [str(given[name]).lower() for name in PARAMETERS]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return read_theme("-".join(each[1:] for each in colours)) if all(map(COLOUR.fullmatch, colours)) else None


def read_theme(text: str) -> Theme | None:
    """Read the colours from one word; None if they are none, or nothing can be read on their grounds."""
    if not TEXT.fullmatch(text):
        return None
    paper, ground, ink, soft, accent = (f"#{each}" for each in text.split("-"))
    theme = Theme(paper=paper, ground=ground, ink=ink, soft=soft, accent=accent)
    return theme if theme.is_clear else None
