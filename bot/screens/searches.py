"""The words of a search: in a button's data as they are if they fit, else by the number of the search that keeps them.

Words typed right below a list search it.
"""

from collections.abc import Mapping
from typing import Any

from bot.context import Context
from bot.input.arguments import StaleButton, is_number
from core.domain.text import search_text
from core.services import questions, searches
from core.services.questions import About

LONGEST_WORDS = 36  # bytes of a button's data, which has 64 in all
REFERENCE = "~"  # before a number; words that begin with it are kept


async def argument_of(context: Context, words: str, *, longest: int = LONGEST_WORDS) -> str:
    """Return what a button carries for these words; long ones are kept, with no harm if they are kept again."""
    words = search_text(words)
    if len(words.encode()) <= longest and not words.startswith(REFERENCE):
        return words
    return f"{REFERENCE}{await context.engine.write(searches.keep, context.actor_id, words, context.now)}"


async def words_of(context: Context, argument: str) -> str:
    """Return the words that a button carries. Raises StaleButton if they are another person's or no longer kept."""
    if not argument.startswith(REFERENCE):
        return argument
    number = argument.removeprefix(REFERENCE)
    words = await context.read(searches.words, context.actor_id, int(number)) if is_number(number) else None
    if words is None:
        raise StaleButton
    return words


async def expect_words(context: Context, name: str, **shown: Any) -> int:  # noqa: ANN401 - as JSON holds it
    """Note that words which are typed next search the list of a command; with no harm if it is noted twice.

    Returns the number under which what the list shows is kept.
    """
    body = {**context.place, "command": name, **shown}
    return await context.engine.write(questions.ask, context.actor_id, About.SEARCH, body, context.now)


async def kept_list(context: Context, list_id: int) -> Mapping[str, Any]:
    """Return what a list showed, with the name of its `command`. Raises QuestionClosed."""
    return await context.read(questions.read, context.actor_id, list_id, About.SEARCH, context.now)


async def list_searched(context: Context) -> str:
    """Return the name of the command whose list was shown just before, to be searched; empty if none was."""
    body = await context.read(questions.awaited, context.actor_id, about=About.SEARCH, now=context.now, **context.place)
    return "" if body is None else str(body["command"])
