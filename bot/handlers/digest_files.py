"""A digest's picture and spreadsheet, asked for by its buttons."""

from collections.abc import Mapping
from dataclasses import replace

from bot.context import Context
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.screens.digest_files import DigestFiles
from bot.screens.digest_picture import BUTTON, THEME
from bot.screens.picture_themes import chosen
from bot.screens.screen import Screen
from core.services import picture_themes


async def picture(context: Context, run_id: int, dark: int | None = None) -> Screen:
    """Draw one of my digests as I want pictures; `dark` 0 or 1, of older buttons: so, once."""
    wanted = None if dark is None else _is_dark(dark)
    return _or_nothing(context, await _files(context, run_id).picture(dark=wanted))


async def choose(context: Context, run_id: int, dark: int) -> Screen:
    """Draw one of my digests as I want pictures from now on, dark or light: `dark` 1 or 0."""
    wanted = _is_dark(dark)
    screen = await picture(context, run_id, dark)
    await context.write(picture_themes.choose, context.actor_id, dark=wanted)
    return replace(screen, toast=chosen(context.words, dark=wanted))


def _is_dark(number: int) -> bool:
    if number not in (0, 1):
        raise StaleButton
    return bool(number)


async def spreadsheet(context: Context, run_id: int) -> Screen:
    """Send one of my digests as a spreadsheet."""
    return _or_nothing(context, await _files(context, run_id).spreadsheet())


def _files(context: Context, run_id: int) -> DigestFiles:
    if context.group is not None:
        raise StaleButton
    return DigestFiles(
        use_cases=context, words=context.words, recipient_id=context.actor_id, run_id=run_id, chat_id=context.chat_id
    )


def _or_nothing(context: Context, screen: Screen | None) -> Screen:
    """Say if those who joined are no longer within the reader's scope."""
    return screen or Screen(text=context.words.say("None of the people in this digest are in your departments now."))


BUTTONS: Mapping[str, ButtonHandler] = {
    BUTTON: by_numbers(picture, at_most=2),
    THEME: by_numbers(choose, at_least=2, at_most=2),
    "digest-file": by_number(spreadsheet),
}
