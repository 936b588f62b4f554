"""Lists of people that a person pasted or sent as files: read again for each tap, because nothing of them is kept."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

from markupsafe import Markup

from bot.context import Context
from bot.handlers import list_questions
from bot.handlers.rosters import to_holder
from bot.input.arguments import StaleButton
from bot.screens import lost_files
from bot.screens.screen import Screen
from bot.wording.phrases import Words
from bot.wording.refusals import refusal
from bot.wording.roster_lists import letters
from bot.wording.text import lines
from core.domain.rosters import RosterOf
from core.errors import ListProblem, ListTooLarge, ListTooLong, ListUnreadable, Refusal
from core.rosters.columns import are_full_names
from core.rosters.grid import LARGEST
from core.rosters.header_words import Meaning
from core.rosters.people_lists import ListedPerson, PeopleList
from core.rosters.person_values import Expectations
from core.rosters.reading import only_names, read_file, read_text
from core.services import awaited_lists, roster_lists
from core.services.awaited_lists import Awaited
from core.services.questions import About

Question = Callable[[Context, Awaited], Awaitable[Screen]]
"""Shows the question for a list that is awaited."""

LONGEST_NAME = 80
UNREADABLE = (ListTooLarge, ListTooLong, ListUnreadable)


async def expectations(context: Context, of: RosterOf, *, email: int = 0, swapped: int = 0) -> Expectations:
    """Return what helps to read a list; `email` is the chosen column of the addresses (from 1, 0: as found).

    `swapped` 1: first and last names are the other way round.
    """
    language = context.words.language.code
    found = await context.read(roster_lists.expectations, context.actor_id, of, language)
    return replace(found, email=email - 1 if email else None, swapped=bool(swapped))


async def take(context: Context, about: About, text: str, waiting: Awaited) -> tuple[Awaited, PeopleList] | None:
    """Read a list that was asked for, a file or a text, and keep where it can be read again; None if it names nobody.

    Another one that is sent right below its preview takes its place. Raises FileUnavailable, and what `read_file`
    raises.
    """
    body = body_of(context, text)
    found = await read(context, Awaited(question_id=0, of=waiting.of, body=body))
    if context.file is None and not found.people:
        return None
    kept = {**body, **context.place}
    return await context.write(awaited_lists.receive, context.actor_id, about, waiting.of, kept, context.now), found


def body_of(context: Context, text: str) -> dict[str, object]:
    """Return where the list at hand can be read again. Raises ListTooLarge."""
    if context.file is None:
        return {"text": text}
    if context.file.size > LARGEST:
        raise ListTooLarge(LARGEST)
    return {"file": context.file.file_id, "name": context.file.name[:LONGEST_NAME]}


async def read(context: Context, sent: Awaited, *, email: int = 0, swapped: int = 0) -> PeopleList:
    """Read a list again from where it is, as `expectations` says.

    Raises FileUnavailable, StaleButton, and what `read_file` raises.
    """
    expected = await expectations(context, sent.of, email=email, swapped=swapped)
    if "text" in sent.body:
        return read_text(sent.body["text"], expected)
    if "file" not in sent.body:
        raise StaleButton
    contents = await context.fetch(sent.body["file"])
    return await asyncio.to_thread(partial(read_file, contents, expected))


def chosen(found: PeopleList, suspended: int) -> tuple[Sequence[ListedPerson], Sequence[ListedPerson]]:
    """Return whose list it is to be, and who is left out as suspended there; `suspended` 1: nobody is."""
    return (found.people, ()) if suspended else (found.active, found.suspended)


def suspended_label(words: Words, suspended: int) -> Markup:
    """Return what the switch says that leaves out those who are suspended there."""
    return words.say("Suspended: in") if suspended else words.say("Suspended: out")


def swap_label(words: Words, found: PeopleList) -> Markup | None:
    """Return what the button says that swaps first and last names; None if nobody has both."""
    has_both = any(each.first_name and each.last_name for each in found.people)
    return words.say("Swap first and last names") if has_both else None


def next_column(words: Words, found: PeopleList, chosen: int) -> tuple[Markup, int] | None:
    """Return what a button says that has addresses read from the next column with any, and its number (from 1).

    None if there is no other one. `chosen` is the one that was chosen (0: as found).
    """
    now = chosen - 1 if chosen else next((each.place for each in found.columns if each.meaning is Meaning.EMAIL), -1)
    others = [place for place in found.address_places if place != now]
    if not others:
        return None
    place = next((each for each in others if each > now), others[0])
    return words.say("Addresses in column {column}", column=letters(place)), place + 1


async def ask_again(context: Context, about: About, text: str, question: Question) -> Screen | None:
    """Repeat the question for a list after a text that names nobody; None if none was asked for just before."""
    waiting = await list_questions.awaited(context, about, later=False)
    if waiting is None:
        return None
    has_names = are_full_names(filter(None, map(str.strip, text.splitlines())))
    refused = only_names(await expectations(context, waiting.of)) if has_names else ListUnreadable(ListProblem.EMPTY)
    return asked_again(context, refused, await question(context, waiting))


def asked_again(context: Context, refused: Refusal, question: Screen) -> Screen:
    """Say why a list can't be read, and ask for it again."""
    return replace(question, text=lines(refusal(context.words, refused), "", question.text))


def unavailable(context: Context, of: RosterOf) -> Screen:
    """Ask to send a file again."""
    return lost_files.unavailable(context.words, to_holder(context.words, of))
