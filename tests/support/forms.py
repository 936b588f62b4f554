"""How each form of the chat is opened and filled in.

A form that a command declares is opened by its kind, and filled in by an example of the command's line. One that is
opened from elsewhere needs a way of its own in `WAYS`.
"""

from collections.abc import Mapping

from bot.menu.form import OPEN, Form
from bot.receiving.routes import COMMANDS

WAYS: Mapping[str, tuple[str, str]] = {"profile edit": ("edit:1", "Winter sales")}  # the tap, and what is typed


def way(form: Form) -> tuple[str, str]:
    """Return the tap that opens a form, and what is typed to fill it in."""
    if form.kind in WAYS:
        return WAYS[form.kind]
    [command] = [each for each in COMMANDS if each.form is form]
    return f"{OPEN}:{form.kind}", command.examples[0].partition(" ")[2]
