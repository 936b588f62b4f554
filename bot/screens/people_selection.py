"""What is asked and said about several people at once."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.screens.screen import Screen, rows, tap
from bot.wording import labels
from bot.wording.lists import first
from bot.wording.phrases import Words
from bot.wording.text import isolate, lines
from core.services.people_selection import PeopleChange, SelectionDone, SelectionPreview

MOST_NAMED, LONGEST_NAMED = 12, 3000


def question(words: Words, meant: SelectionPreview) -> Screen:
    """Ask about a change of several people, naming them."""
    say, named = words.say, [Markup("· {} (#{})").format(isolate(each.name), each.user_id) for each in meant.people]
    label = {
        PeopleChange.TRANSFER: say("Transfer"),
        PeopleChange.DEACTIVATE: say("Deactivate"),
        PeopleChange.DELETE: say("Delete"),
    }[meant.change]
    return Screen(
        text=lines(_asked(words, meant), *_first(words, named), "", *_effects(words, meant.change)),
        rows=rows(
            [
                tap(label, "people-change!", meant.question_id, style="danger"),
                tap(say("Cancel"), "people", 0, ""),
            ]
        ),
    )


def done_screen(words: Words, done: SelectionDone) -> Screen:
    """Say whom a change was made to; a transfer can be undone for a minute."""
    undo = [] if done.undo_id is None else [tap(words.say("Undo"), "people-undo", done.undo_id)]
    return Screen(text=lines(_done(words, done), *_listed(words, done.names)), rows=rows(undo, [_to_people(words)]))


def undone_screen(words: Words, names: Sequence[str]) -> Screen:
    """Say who was brought back."""
    said = words.count("{number} person was brought back:", "{number} people were brought back:", len(names))
    return Screen(text=lines(said, *_listed(words, names)), rows=rows([_to_people(words)]))


def _listed(words: Words, names: Sequence[str]) -> list[Markup]:
    return _first(words, [Markup("· {}").format(isolate(name)) for name in names])


def _to_people(words: Words) -> InlineKeyboardButton:
    return tap(words.say("‹ People"), "people", 0, "")


def _first(words: Words, named: Sequence[Markup]) -> list[Markup]:
    return first(words, named, most=MOST_NAMED, longest=LONGEST_NAMED)


def _asked(words: Words, meant: SelectionPreview) -> Markup:
    count, number = words.count, len(meant.people)
    match meant.change:
        case PeopleChange.TRANSFER:
            to = labels.department(words, meant.department)
            return count(
                "Transfer {number} person to {department}?",
                "Transfer {number} people to {department}?",
                number,
                department=to,
            )
        case PeopleChange.DEACTIVATE:
            return count("Deactivate {number} person?", "Deactivate {number} people?", number)
        case PeopleChange.DELETE:
            return count("Delete {number} person?", "Delete {number} people?", number)


def _effects(words: Words, change: PeopleChange) -> tuple[Markup, ...]:
    say = words.say
    match change:
        case PeopleChange.TRANSFER:
            return (say("Courses that the new department gives are added; those of the old one stay."),)
        case PeopleChange.DEACTIVATE:
            return (say("They can no longer log in. Their data is kept."),)
        case PeopleChange.DELETE:
            return (
                say("Their accounts, answers and courses will be deleted for good. Histories keep the names."),
                say("Activations are not returned: their places stay used."),
            )


def _done(words: Words, done: SelectionDone) -> Markup:
    count, number = words.count, len(done.names)
    match done.change:
        case PeopleChange.TRANSFER:
            to = labels.department(words, done.department)
            return count(
                "Transferred {number} person to {department}:",
                "Transferred {number} people to {department}:",
                number,
                department=to,
            )
        case PeopleChange.DEACTIVATE:
            return count("Deactivated {number} person:", "Deactivated {number} people:", number)
        case PeopleChange.DELETE:
            return count("Deleted {number} person:", "Deleted {number} people:", number)
