"""A line that makes something asks before it makes the same again within minutes."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording.text import lines
from core.engine import UseCase
from core.errors import RepeatedLine
from core.services import questions, repetitions
from core.services.questions import About

T = TypeVar("T")


async def make(
    context: Context,
    line: str,
    use_case: UseCase[[], T],
    *,
    number: Callable[[T], int],
    screen: Callable[[T], Screen],
    ask: Callable[[int], Awaitable[Screen | None]],
) -> Screen:
    """Make what a line asks for and return its `screen`; `number` numbers it.

    If the same line made something a moment ago, `ask` gets its number: it returns a question, or None if it is gone.
    """
    actor_id, same, now = context.actor_id, " ".join(line.split()), context.now
    try:
        made = await context.write(repetitions.once, actor_id, same, use_case, number, now)
    except RepeatedLine as repeated:
        if question := await ask(repeated.made):
            return question
        made = await context.write(repetitions.anew, actor_id, same, use_case, number, now, instead_of=repeated.made)
    return screen(made)


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
        rows=rows(*([button] for button in dangerous_last), [to_home(context.words)]),
    )


async def line_of(context: Context, question_id: int) -> str:
    """Return the line that was asked about. Raises QuestionClosed."""
    body = await context.read(questions.read, context.actor_id, question_id, About.LINE, context.now)
    return str(body["line"])


async def another(context: Context, question_id: int, use_case: UseCase[[], T]) -> T:
    """Run the use case after the question, once. Raises QuestionClosed."""
    return await context.write(questions.then, context.actor_id, question_id, About.LINE, use_case, context.now)
