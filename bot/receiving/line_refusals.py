"""What is said to a line that is refused."""

from collections.abc import Awaitable

from markupsafe import Markup

from bot.context import Context
from bot.handlers import profile_removal
from bot.input.arguments import UsageError
from bot.menu.command import Command
from bot.receiving import security_events
from bot.receiving.usage import usage_answer
from bot.screens.screen import Screen
from bot.wording import refusals
from core.errors import ProfileNotFound, Refusal


async def or_refusal(context: Context, command: Command, text: str, answer: Awaitable[Screen]) -> Screen:
    """Turn a handler's refusal into an answer; if the line's form is wrong, show a correct one."""
    try:
        return await answer
    except UsageError as wrong:
        return Screen(text=usage_answer(context.words, command, text, wrong))
    except Refusal as refused:
        security_events.report_refusal(context, refused, command.name)
        return await gone(context, refused) or Screen(text=refusals.refusal(context.words, refused))


async def gone(context: Context, refused: Refusal) -> Screen | None:
    """Say what became of the profile that wasn't found, if it was deleted; None for any other refusal."""
    if not isinstance(refused, ProfileNotFound):
        return None
    return await profile_removal.became(context, refused.profile_id)


async def why(context: Context, refused: Refusal) -> Markup:
    """Say why something was refused; of a deleted profile, what became of it."""
    became = await gone(context, refused)
    return became.text if became else refusals.refusal(context.words, refused)
