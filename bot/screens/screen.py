"""Screens: a text with rows of buttons, which a handler returns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from urllib.parse import quote

from markupsafe import Markup
from telegram import BotCommand, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.wording.phrases import Words

LONGEST_COPY = 256
LONGEST_LABEL = 40  # letters of a button that has a row of its own
HOME = "home"  # the verb of the button that leads to the first screen
APART = "+"  # before the verb of a button that opens a new message, because its own is to stay

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
class FormShown:
    """The turn of a form that a screen shows, and the message (None: none) that showed it before."""

    turn: int
    instead_of: int | None


@dataclass(frozen=True, kw_only=True)
class CardShown:
    """The live card that a screen shows, and the message (None: none) that showed it before in the group."""

    card_id: int
    instead_of: int | None


@dataclass(frozen=True, kw_only=True)
class Screen:
    """A text in Telegram's HTML with buttons; `toast` is shown on top after a tap.

    A screen with an attachment is always a new message, with the text as its caption. `form`: it shows a form. `card`:
    it shows a live card.
    `menu`: Telegram's menu for the person, if it changes with the screen. `below`: after a tap it is a new message.
    `silent`: it makes no sound, because what it belongs to has made one.
    """

    text: Markup
    rows: Rows = ()
    toast: Markup | None = None
    attachment: Attachment | None = None
    form: FormShown | None = None
    card: CardShown | None = None
    menu: Sequence[BotCommand] = ()
    below: bool = False
    silent: bool = False

    @property
    def markup(self) -> InlineKeyboardMarkup | None:
        """The buttons as Telegram's object."""
        return InlineKeyboardMarkup(self.rows) if self.rows else None


def tap(label: Markup | str, verb: str, *arguments: object, style: str | None = None) -> InlineKeyboardButton:
    """Return a button with a verb and short arguments; rights are checked when it is tapped, not now."""
    data = ":".join((verb, *map(str, arguments)))
    return InlineKeyboardButton(_plain(label), callback_data=data, style=style)


def apart(button: InlineKeyboardButton) -> InlineKeyboardButton:
    """Return a button that opens what it leads to as a new message."""
    return InlineKeyboardButton(button.text, callback_data=f"{APART}{button.callback_data}")


def to_home(words: Words) -> InlineKeyboardButton:
    """Return the button that leads back to the first screen."""
    return tap(words.say("‹ Menu"), HOME)


def with_way_back(words: Words, screen: Screen) -> Screen:
    """Return a screen that leads somewhere: one without buttons, which isn't a file, leads to the first screen."""
    if screen.rows or screen.attachment:
        return screen
    return replace(screen, rows=rows([to_home(words)]))


def copy(label: Markup | str, text: str) -> InlineKeyboardButton | None:
    """Return a button that copies a text; None if the text is too long for Telegram."""
    if len(text) > LONGEST_COPY:
        return None
    return InlineKeyboardButton(_plain(label), copy_text=CopyTextButton(text))


def copy_all(label: Markup | str, text: Markup) -> InlineKeyboardButton | None:
    """Return a button that copies a text of a screen as it is read; None if it is too long for Telegram."""
    return copy(label, text.unescape())


def share(label: Markup | str, link: str, text: str, *, style: str | None = None) -> InlineKeyboardButton:
    """Return a button that opens Telegram's "share with" for a link."""
    url = f"https://t.me/share/url?url={quote(link)}&text={quote(text)}"
    return InlineKeyboardButton(_plain(label), url=url, style=style)


def rows(*given: Iterable[InlineKeyboardButton | None]) -> Rows:
    """Return the rows without missing buttons and empty rows."""
    filled = (tuple(button for button in row if button) for row in given)
    return tuple(row for row in filled if row)


def _plain(label: Markup | str) -> str:
    return label.unescape() if isinstance(label, Markup) else label
