"""Answers to lines with the wrong form: what was understood, and what is missing or too much."""

import re
from collections.abc import Collection, Sequence

from markupsafe import Markup

from bot.context import Context
from bot.input.arguments import (
    LabelExpected,
    LinkExpected,
    NumberExpected,
    PartLeftOut,
    UsageError,
    ValueExpected,
    WrongPartCount,
    card_number,
    split,
)
from bot.menu.command import Command
from bot.wording.phrases import Words, suggestions
from bot.wording.text import command as copied
from bot.wording.text import lines, shortened
from core.domain.naming import nearest

EMPTY_PART = re.compile(r"\|\s+\|")
LONGEST_PART = 40  # characters of a part that is quoted
LONGEST_LINE = 200  # characters after the command: a longer line is not quoted
MOST_LINES = 5  # that are offered instead of one with several numbers
MOST_TOO_MANY = 3  # surplus parts that are quoted


def unknown_command(context: Context, name: str, text: str) -> Markup:
    """Say that there is no such command, and suggest a similar one."""
    offered = [name for each in context.commands if each.is_for(context.person.permissions) for name in each.names]
    meant = tuple(f"/{each} {text}".rstrip() for each in nearest(name, offered)[:1])
    said = context.words.say("I don't know /{name}. /help lists the commands.", name=shortened(name, LONGEST_PART))
    return lines(said, suggestions(context.words, meant))


def usage_answer(words: Words, command: Command, text: str, wrong: UsageError) -> Markup:
    """Say what is wrong with a line, and show a correct one, built from the typed parts if possible."""
    match wrong:
        case NumberExpected(text=typed) if typed:
            return _number_wanted(words, command, typed)
        case ValueExpected(word=word):
            wanted = words.say(
                "“{word}” needs a value after it, for example:", word=shortened(words.keyword(word), LONGEST_PART)
            )
            fitting = [line for line in command.examples if line.startswith(f"/{command.name} {word} ")]
            return lines(wanted, *map(words.line, fitting))
        case LabelExpected(text=typed):
            part = shortened(typed, LONGEST_PART)
            wanted = words.say("Write “{text}” as its label, a colon and the value.", text=part)
            return lines(wanted, "", command.described(words), *map(words.line, command.examples))
        case LinkExpected(text=typed):
            part = shortened(typed, LONGEST_PART)
            wanted = words.say("“{text}” isn't a sign-up link. Copy the link from a profile's card.", text=part)
            return lines(wanted, "", command.described(words), *map(words.line, command.examples))
        case PartLeftOut():
            return _left_out(words, command, text, wrong)
        case WrongPartCount():
            return _parts(words, command, text, wrong) or _form(words, command)
    return _parts(words, command, text, WrongPartCount(command.required, None)) or _form(words, command)


def _form(words: Words, command: Command) -> Markup:
    what = words.say("I can't read that line. It should look like this:")
    return lines(what, command.described(words), "", *map(words.line, command.examples))


def _number_wanted(words: Words, command: Command, typed: str) -> Markup:
    typed_numbers = [card_number(each) for each in typed.replace(",", " ").split()]
    if typed_numbers and None not in typed_numbers:
        one_by_one = (copied(f"/{command.name} {each}") for each in typed_numbers[:MOST_LINES])
        return lines(words.say("Enter one number at a time:"), *one_by_one)
    wanted = words.say("Enter a number here, not “{text}”.", text=shortened(typed, LONGEST_PART))
    by_name = command.by_profile_number and len(typed) <= LONGEST_PART
    finding = words.say("{line} finds profiles by name.", line=copied(f"/profiles {typed}"))
    return lines(wanted, finding if by_name else None, "", command.described(words), *map(words.line, command.examples))


def _parts(words: Words, command: Command, text: str, wrong: WrongPartCount) -> Markup | None:
    """Say which parts are missing or too many, with the corrected line; None if neither, or if nothing was typed."""
    names, parts = command.part_names(words), split(text)
    at_most = len(parts) if wrong.at_most is None else wrong.at_most
    typed, surplus = parts[:at_most], parts[at_most:]
    needed = (place for place in range(wrong.at_least) if place not in wrong.may_be_empty)
    missing = [place for place in needed if not "".join(typed[place : place + 1])]
    if not names or not text or not (missing or surplus):
        return None
    corrected = _line(command, _completed(typed, missing, command, wrong.may_be_empty))
    short = len(text) <= LONGEST_LINE
    return lines(
        _understood(words, names, typed) if short else None,
        words.say("Missing: {parts}.", parts=Markup(", ").join(names[place] for place in missing)) if missing else None,
        _too_many(words, surplus) if surplus else None,
        "",
        *([copied(corrected)] if short else [command.described(words), *map(words.line, command.examples)]),
    )


def _left_out(words: Words, command: Command, text: str, wrong: PartLeftOut) -> Markup:
    """Show the line with the place of the part that was left out, empty if it may be."""
    parts = split(text)
    filled = [*parts[: wrong.place], "", *parts[wrong.place :]]
    may_be_empty = (wrong.place,) if wrong.may_be_empty else ()
    count = WrongPartCount(command.required, None, may_be_empty)
    if answer := _parts(words, command, " | ".join(filled), count):
        return answer
    if len(text) > LONGEST_LINE:
        return _form(words, command)
    name = command.part_names(words)[wrong.place]
    return lines(
        _understood(words, command.part_names(words), filled),
        words.say("Leave the place of the part “{part}” empty:", part=name),
        "",
        copied(_line(command, filled)),
    )


def _line(command: Command, parts: Sequence[str]) -> str:
    return f"/{command.name} {EMPTY_PART.sub('| |', ' | '.join(parts))}"


def _understood(words: Words, names: Sequence[Markup], typed: Sequence[str]) -> Markup | None:
    said = [_named(words, names[place : place + 1], part) for place, part in enumerate(typed) if part]
    return words.say("Understood: {parts}.", parts=Markup(", ").join(said)) if said else None


def _named(words: Words, name: Sequence[Markup], part: str) -> Markup:
    text = shortened(part, LONGEST_PART)
    return words.say("{part} “{text}”", part=name[0], text=text) if name else words.say("“{text}”", text=text)


def _too_many(words: Words, surplus: Sequence[str]) -> Markup:
    quoted = Markup(", ").join(_named(words, (), part) for part in surplus[:MOST_TOO_MANY])
    return words.count("One part too many: {parts}.", "{number} parts too many: {parts}.", len(surplus), parts=quoted)


def _completed(
    typed: Sequence[str], missing: Sequence[int], command: Command, may_be_empty: Collection[int]
) -> list[str]:
    """Fill in missing parts from the first example that has them, and all that follows if the line ends early."""
    examples = [_parts_of(line) for line in command.examples]
    wanted = max(len(typed), *(place + 1 for place in missing), 1)
    fitting = next((parts for parts in examples if len(parts) >= wanted), examples[0])
    filled = [fitting[place] if place in missing else part for place, part in enumerate(typed)]
    if not missing or missing[-1] < len(typed):
        return filled
    following = range(len(typed), len(fitting))
    return filled + ["" if place in may_be_empty else fitting[place] for place in following]


def _parts_of(line: str) -> list[str]:
    return split(line.partition(" ")[2])
