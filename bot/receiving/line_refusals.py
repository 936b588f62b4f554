"""What is said to a line that is refused."""

from collections.abc import Awaitable

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
    except ProfileNotFound as refused:
        gone = await profile_removal.became(context, refused.profile_id)
        return gone or Screen(text=refusals.refusal(context.words, refused))
    except Refusal as refused:
        security_events.report_refusal(context, refused, command.name)
        return Screen(text=refusals.refusal(context.words, refused))
