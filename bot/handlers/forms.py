"""The forms of all commands, and the buttons that they share."""

from collections.abc import Mapping

from bot.context import Context
from bot.handlers import course_form, dialogues, person_form, profile_edit_form, profile_form
from bot.handlers.dialogues import CONTINUE
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler
from bot.menu.form import BUTTON, OPEN, Form
from bot.screens.screen import Screen

FORMS: Mapping[str, Form] = {
    form.kind: form for form in (profile_form.FORM, profile_edit_form.FORM, person_form.FORM, course_form.FORM)
}


async def begin(context: Context, kind: str) -> Screen:
    """Open a form in place of the tapped screen. Raises StaleButton."""
    if kind not in FORMS:
        raise StaleButton
    return await dialogues.begin(context, FORMS[kind])


async def tapped(context: Context, data: str) -> Screen:
    """Answer a tap on a form."""
    return await dialogues.tapped(FORMS, context, data)


async def resume(context: Context, _data: str) -> Screen:
    """Go on with the form that was left."""
    return await dialogues.newest(FORMS, context)


BUTTONS: Mapping[str, ButtonHandler] = {
    OPEN: begin,
    BUTTON: tapped,
    CONTINUE: resume,
    person_form.NEW: person_form.open_with_address,
}
