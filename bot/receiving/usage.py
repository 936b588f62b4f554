"""Answers to lines with the wrong form: what was understood, and what is missing or too much."""

import re
from collections.abc import Sequence

from markupsafe import Markup

from bot.input.arguments import NumberExpected, UsageError, ValueExpected, WrongPartCount, split
from bot.menu.command import Entry
from bot.wording.phrases import Words
from bot.wording.text import command, lines, shortened

BY_PROFILE = ("profile", "editprofile", "history", "pause", "resume", "deleteprofile", "duplicate", "addlink")
LONGEST_PART = 40  # characters of a part that is quoted
LONGEST_LINE = 200  # characters after the command: a longer line is not quoted
MOST_TOO_MANY = 3  # surplus parts that are quoted
ASIDE = re.compile(r"[,;(]")


def usage_answer(words: Words, entry: Entry, text: str, wrong: UsageError) -> Markup:
    """Say what is wrong with a line, and show a correct one, built from the typed parts if possible."""
    match wrong:
        case NumberExpected(text=typed) if typed:
            return _number_wanted(words, entry, typed)
        case ValueExpected(word=word):
            wanted = words.say("“{word}” needs a value after it, for example:", word=shortened(word, LONGEST_PART))
            fitting = [line for line in entry.examples if line.startswith(f"/{entry.name} {word} ")]
            return lines(wanted, *map(command, fitting))
        case WrongPartCount(at_least=at_least, at_most=at_most):
            return _parts(words, entry, text, at_least, at_most) or _form(words, entry)
    least = min(len(names_of(entry.summary)), *(len(_parts_of(line)) for line in entry.examples))
    return _parts(words, entry, text, least, None) or _form(words, entry)


def names_of(summary: str) -> list[str]:
    """Return the names of a line's parts, listed in its summary after the colon; none if it isn't divided."""
    names = [name.strip() for name in summary.partition(": ")[2].split("|")]
    return [*names[:-1], ASIDE.split(names[-1])[0].strip()] if len(names) > 1 else []


def _form(words: Words, entry: Entry) -> Markup:
    what = words.say("I can't read that line. It should look like this:")
    return lines(what, words.say(entry.summary), "", *map(command, entry.examples))


def _number_wanted(words: Words, entry: Entry, typed: str) -> Markup:
    wanted = words.say("Enter a number here, not “{text}”.", text=shortened(typed, LONGEST_PART))
    by_name = entry.name in BY_PROFILE and len(typed) <= LONGEST_PART
    finding = words.say("{line} finds profiles by name.", line=command(f"/profiles {typed}"))
    return lines(wanted, finding if by_name else None, "", words.say(entry.summary), *map(command, entry.examples))


def _parts(words: Words, entry: Entry, text: str, at_least: int, at_most: int | None) -> Markup | None:
    """Say which parts are missing or too many, with the corrected line; None if neither, or if nothing was typed."""
    names, parts = names_of(words.say(entry.summary).unescape()), split(text)
    typed, surplus = parts[:at_most], parts[len(parts) if at_most is None else at_most :]
    missing = [place for place in range(at_least) if not "".join(typed[place : place + 1])]
    if not names or not text or not (missing or surplus):
        return None
    corrected = f"/{entry.name} {' | '.join(_completed(typed, missing, entry))}"
    short = len(text) <= LONGEST_LINE
    return lines(
        _understood(words, names, typed) if short else None,
        words.say("Missing: {parts}.", parts=", ".join(names[place] for place in missing)) if missing else None,
        _too_many(words, surplus) if surplus else None,
        "",
        *([command(corrected)] if short else [words.say(entry.summary), *map(command, entry.examples)]),
    )


def _understood(words: Words, names: Sequence[str], typed: Sequence[str]) -> Markup | None:
    said = [_named(words, names[place : place + 1], part) for place, part in enumerate(typed) if part]
    return words.say("Understood: {parts}.", parts=Markup(", ").join(said)) if said else None


def _named(words: Words, name: Sequence[str], part: str) -> Markup:
    text = shortened(part, LONGEST_PART)
    return words.say("{part} “{text}”", part=name[0], text=text) if name else words.say("“{text}”", text=text)


def _too_many(words: Words, surplus: Sequence[str]) -> Markup:
    quoted = Markup(", ").join(_named(words, (), part) for part in surplus[:MOST_TOO_MANY])
    return words.count("One part too many: {parts}.", "{number} parts too many: {parts}.", len(surplus), parts=quoted)


def _completed(typed: Sequence[str], missing: Sequence[int], entry: Entry) -> list[str]:
    """Fill in missing parts from the first example that has them, and all that follows if the line ends early."""
    examples = [_parts_of(line) for line in entry.examples]
    wanted = max(len(typed), *(place + 1 for place in missing), 1)
    fitting = next((parts for parts in examples if len(parts) >= wanted), examples[0])
    filled = [fitting[place] if place in missing else part for place, part in enumerate(typed)]
    return filled + fitting[len(typed) :] if missing and missing[-1] >= len(typed) else filled


def _parts_of(line: str) -> list[str]:
    return split(line.partition(" ")[2])
