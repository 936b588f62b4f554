"""A line that makes something asks before it makes the same again within minutes."""

from collections.abc import Callable
from typing import TypeVar

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.screens.screen import Screen, rows, tap
from bot.wording.text import lines
from core.engine import UseCase
from core.services import questions, repetitions
from core.services.questions import About

T = TypeVar("T")


async def once(context: Context, line: str, use_case: UseCase[[], T], made: Callable[[T], int]) -> T:
    """Run a use case for a line; `made` gives the number of what it makes. Raises RepeatedLine."""
    same = " ".join(line.split())
    return await context.write(repetitions.once, context.actor_id, same, use_case, made, context.now)


async def anew(
    context: Context, line: str, use_case: UseCase[[], T], made: Callable[[T], int], *, instead_of: int
) -> T:
    """Run a use case for a repeated line whose thing is gone. Raises RepeatedLine."""
    same = " ".join(line.split())
    return await context.write(
        repetitions.anew, context.actor_id, same, use_case, made, context.now, instead_of=instead_of
    )


async def ask(context: Context, line: str, again: str, existing: InlineKeyboardButton, label: Markup | str) -> Screen:
    """Ask whether to make another one of what there is already; the verb `again` does."""
    asked = await context.write(questions.ask, context.actor_id, About.LINE, {"line": line}, context.now)
    say = context.words.say
    buttons = existing, tap(say("Make another one"), again, asked)
    dangerous_last = sorted(buttons, key=lambda button: button.style == "danger")
    return Screen(
        text=lines(
            say("You sent the same line a moment ago, and I carried it out: {what}.", what=label),
            say("So I have made nothing now. Do you want another one?"),
        ),
        rows=rows(*([button] for button in dangerous_last)),
    )


async def line_of(context: Context, question_id: int) -> str:
    """Return the line that was asked about. Raises QuestionClosed."""
    body = await context.read(questions.read, context.actor_id, question_id, About.LINE, context.now)
    return str(body["line"])


async def another(context: Context, question_id: int, use_case: UseCase[[], T]) -> T:
    """Run the use case after the question, once. Raises QuestionClosed."""
    return await context.write(questions.then, context.actor_id, question_id, About.LINE, use_case, context.now)
