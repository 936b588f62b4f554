"""A digest's picture and spreadsheet, asked for by its buttons."""

from collections.abc import Mapping

from bot.context import Context
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.screens.digest_files import DigestFiles
from bot.screens.digest_picture import BUTTON, NAMES
from bot.screens.screen import Screen


async def picture(context: Context, run_id: int, theme: int) -> Screen:
    """Draw one of my digests."""
    if theme not in NAMES:
        raise StaleButton
    return _or_nothing(context, await _files(context, run_id).picture(theme))


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
    BUTTON: by_numbers(picture, at_least=2, at_most=2),
    "digest-file": by_number(spreadsheet),
}
