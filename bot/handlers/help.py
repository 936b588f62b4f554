"""/help: the commands that a person may use, by subject, with lines to copy."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from markupsafe import Markup

from bot.context import Context, Described
from bot.input.arguments import is_number
from bot.menu.buttons import ButtonHandler
from bot.menu.command import TITLES, Command, Subject
from bot.screens.paging import page_buttons
from bot.screens.screen import Rows, Screen, rows, tap, to_home
from bot.wording.lists import page_of
from bot.wording.phrases import N_, suggestions
from bot.wording.text import lines, shortened
from core.domain.keywords import find_keyword
from core.domain.naming import nearest
from core.domain.text import key

A_ROW = 2
MOST_EXAMPLES = 12  # of a command on one page
LONGEST_SHOWN = 100


async def menu(context: Context, text: str) -> Screen:
    """List the commands; `/help people` and `/help transfer` describe a subject and a command."""
    wanted = text.strip().removeprefix("/").casefold()
    if not wanted:
        return overview(context)
    wanted = _subject_called(context, wanted) or wanted
    return subject(context, wanted) or _one(context, wanted) or overview(context, _no_help(context, text), Markup(""))


async def show_subject(context: Context, data: str) -> Screen:
    """Show a page of a subject, or all of them: `[[<page>:]<subject>]`."""
    number, _, wanted = data.rpartition(":")
    return subject(context, wanted, int(number) if is_number(number) else 0) or overview(context)


def overview(context: Context, *above: Markup) -> Screen:
    """List the permitted commands by subject, with other lines above them."""
    say, offered = context.words.say, _offered(context)
    shown = [
        Markup("<b>{}</b> {}").format(say(TITLES[each]), " ".join(f"/{command.name}" for command in commands))
        for each, commands in offered.items()
    ]
    question = say("This is what you can do here. Tap a subject for details and lines to copy.")
    return Screen(text=lines(*above, question, "", *shown), rows=_to(context, offered))


def subject(context: Context, wanted: str, number: int = 0) -> Screen | None:
    """Describe the commands on a page of a subject; None if none of them is permitted."""
    offered = _offered(context)
    if wanted not in offered:
        return None
    say, known = context.words.say, Subject(wanted)
    title = Markup("<b>{}</b>").format(say(TITLES[known]))
    described = [part for each in offered[known] for part in _described(context, each)]
    shown = page_of(described, number, most=len(described))
    return Screen(
        text=lines(title, say("Tap a line to copy it."), *(described[place] for place in shown.places)),
        rows=rows(page_buttons(context.words, shown, "help", known), [tap(say("‹ All commands"), "help", "")]),
    )


def _subject_called(context: Context, name: str) -> Subject | None:
    """Return the subject with this title in the person's language; None if there is none."""
    titles = {key(context.words.say(TITLES[each]).unescape()): each for each in Subject}
    return titles.get(key(name))


def _one(context: Context, name: str) -> Screen | None:
    found = [each for each in context.offered if name in each.names]
    if found:
        return Screen(text=lines(found[0].described(context.words), *map(context.words.line, found[0].examples)))
    by_word = [(each, word) for each in context.offered if (word := find_keyword(name, each.keywords))]
    shown = [
        part
        for each, word in by_word
        for part in (each.described(context.words), *map(context.words.line, _with(each, word)))
    ]
    return Screen(text=lines(*shown)) if shown else None


def _with(described: Described, word: str) -> list[str]:
    return [line for line in described.examples if line.startswith(f"/{described.name} {word} ")]


def _no_help(context: Context, wanted: str) -> Markup:
    """Say that there is no such help, in the same words whether the name is unknown or not permitted."""
    named, say = [name for each in context.offered for name in each.names], context.words.say
    close = nearest(wanted.removeprefix("/"), (*named, *_offered(context)))
    return lines(
        say("There is no help on “{name}”.", name=shortened(wanted, LONGEST_SHOWN)),
        suggestions(context.words, tuple(f"/help {name}" for name in close)),
    )


def _described(context: Context, described: Described) -> list[Markup]:
    """Describe a command with its examples, in parts that fit onto a page."""
    first, *others = [
        [context.words.line(each) for each in described.examples[place : place + MOST_EXAMPLES]]
        for place in range(0, max(1, len(described.examples)), MOST_EXAMPLES)
    ]
    return [lines("", described.described(context.words), *first), *(lines(*each) for each in others)]


def _offered(context: Context) -> Mapping[Subject, Sequence[Described]]:
    """Return the permitted commands by subject, of which those without any are left out."""
    by_subject = groupby(context.offered, key=lambda command: command.subject)  # they are in that order
    return {Subject(subject): tuple(commands) for subject, commands in by_subject}


def _to(context: Context, subjects: Iterable[Subject]) -> Rows:
    buttons = [tap(context.words.say(TITLES[each]), "help", each) for each in subjects]
    pairs = (buttons[place : place + A_ROW] for place in range(0, len(buttons), A_ROW))
    return rows(*pairs, [to_home(context.words)])


COMMANDS = (
    Command(
        name="help",
        handler=menu,
        summary=N_("Show what you can do here"),
        examples=("/help", "/help profiles"),
        subject=Subject.HELP,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "help": show_subject,
}
