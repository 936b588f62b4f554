"""The words of a search in a button's data: as they are if they fit, else the number of the search that keeps them."""

from bot.context import Context
from bot.input.arguments import StaleButton, is_number
from core.domain.text import search_text
from core.services import searches

LONGEST_WORDS = 36  # bytes of a button's data, which has 64 in all
REFERENCE = "~"  # before a number; words that begin with it are kept


async def argument_of(context: Context, words: str) -> str:
    """Return what a button carries for these words; long ones are kept, with no harm if they are kept again."""
    words = search_text(words)
    if len(words.encode()) <= LONGEST_WORDS and not words.startswith(REFERENCE):
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
