"""Light and dark pictures of sign-ups: one choice of a person for all that they get, made by a button below each."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.screens.report_picture import DARK, LIGHT, Theme
from bot.wording.phrases import Words

THEMES: Mapping[bool, Theme] = {False: LIGHT, True: DARK}
CODES: Mapping[str, bool] = {"light": False, "dark": True}  # in a button's data
AS_CHOSEN = "own"  # in a button's data


def code_of(*, dark: bool) -> str:
    """Return what a button carries that chooses dark pictures, or light ones."""
    return "dark" if dark else "light"


def label(words: Words, *, dark: bool) -> Markup:
    """Return the label of the button that chooses dark pictures, or light ones."""
    return words.say("Dark") if dark else words.say("Light")


def chosen(words: Words, *, dark: bool) -> Markup:
    """Say that a person's pictures are dark from now on, or light."""
    return words.say("Your pictures are dark from now on") if dark else words.say("Your pictures are light from now on")
