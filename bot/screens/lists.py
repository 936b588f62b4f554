"""Parts of a list whose entries are buttons: marks of what is shown and selected, and buttons that turn its pages."""

from collections.abc import Callable

from markupsafe import Markup
from telegram import InlineKeyboardButton

LONGEST_ENTRY = 40  # letters of a button that has a row for itself

Button = Callable[[str, int], InlineKeyboardButton]


def ticked(label: Markup, *, on: bool) -> Markup:
    """Write the label of a filter or a switch: with a tick if it is on."""
    return Markup("✓ {}").format(label) if on else label


def marked(label: str, *, on: bool) -> str:
    """Write the label of an entry that can be selected."""
    return f"{'✅' if on else '◻️'} {label}"


def turning(button: Button, page: int, pages: int) -> list[InlineKeyboardButton]:
    """Return the buttons that turn pages, counted from 0; the last page follows the first one.

    `button` makes one of a label and the page that it leads to. None is needed for a single page.
    """
    if pages == 1:
        return []
    before, after = (page - 1) % pages, (page + 1) % pages
    return [button("‹", before), button(f"{page + 1}/{pages}", page), button("›", after)]
