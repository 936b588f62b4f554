"""Screens: a text with rows of buttons, as a handler answers it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import quote

from markupsafe import Markup
from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

LONGEST_COPY = 256

Rows = tuple[tuple[InlineKeyboardButton, ...], ...]


class Showing(Enum):
    """How Telegram shows an attached file."""

    PICTURE = auto()
    DOCUMENT = auto()


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes with a screen."""

    name: str
    contents: bytes
    showing: Showing = Showing.DOCUMENT


@dataclass(frozen=True, kw_only=True)
class Screen:
    """What a person sees: a text in Telegram's HTML and buttons; `toast` is a word on top where a button was tapped.

    A screen with an attachment is a message of its own, the text its caption: it never takes another one's place.
    """

    text: Markup
    rows: Rows = ()
    toast: Markup | None = None
    attachment: Attachment | None = None

    @property
    def markup(self) -> InlineKeyboardMarkup | None:
        """The buttons as Telegram takes them."""
        return InlineKeyboardMarkup(self.rows) if self.rows else None


def tap(label: Markup | str, verb: str, *arguments: object, style: str | None = None) -> InlineKeyboardButton:
    """Make a button that calls back with a verb and short arguments; who taps is checked then, not now."""
    data = ":".join((verb, *map(str, arguments)))
    return InlineKeyboardButton(_plain(label), callback_data=data, style=style)


def copy(label: Markup | str, text: str) -> InlineKeyboardButton | None:
    """Make a button that copies a text; None where it is longer than Telegram takes."""
    if len(text) > LONGEST_COPY:
        return None
    return InlineKeyboardButton(_plain(label), copy_text=CopyTextButton(text))


def share(label: Markup | str, link: str, text: str) -> InlineKeyboardButton:
    """Make a button that opens Telegram's own "share with" for a link."""
    return InlineKeyboardButton(_plain(label), url=f"https://t.me/share/url?url={quote(link)}&text={quote(text)}")


def rows(*given: Iterable[InlineKeyboardButton | None]) -> Rows:
    """Arrange the buttons that there are; empty rows are left out."""
    filled = (tuple(button for button in row if button) for row in given)
    return tuple(row for row in filled if row)


def _plain(label: Markup | str) -> str:
    return label.unescape() if isinstance(label, Markup) else label
