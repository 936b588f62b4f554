"""A course's card."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.screens.screen import Rows, Screen, rows, tap, to_home
from bot.wording.lists import first
from bot.wording.phrases import Words
from bot.wording.progress import late
from bot.wording.text import isolate, lines
from core.domain.access import Permission
from core.domain.naming import format_path
from core.services.course_details import CourseDetails

MOST_DEPARTMENTS = 8
LONGEST_DEPARTMENTS = 800


def course_screen(
    context: Context,
    details: CourseDetails,
    *notes: Markup,
    toast: Markup | None = None,
    undo: InlineKeyboardButton | None = None,
) -> Screen:
    """Show a course's card with notes below it; `undo` takes back what was just done to it."""
    words, card = context.words, details.card
    below = ("", *notes) if notes else ()
    text = lines(
        Markup("{}<b>{}</b>").format("🗄 " if card.archived else "", isolate(card.title)),
        isolate(card.description) if card.description else None,
        Markup.escape(card.link),
        days_to_complete(words, card.days),
        words.say("Archived: nobody gets it any more.") if card.archived else None,
        "",
        *_given(words, details),
        _people(words, details),
        None if details.may_change else _changed_by(words),
        *below,
    )
    return Screen(text=text, rows=_buttons(context, details, undo), toast=toast)


def days_to_complete(words: Words, days: int | None) -> Markup | None:
    """Say how long people have; None if there is no deadline."""
    return None if days is None else words.count("{number} day to complete", "{number} days to complete", days)


def departments(words: Words, details: CourseDetails) -> list[Markup]:
    """List the departments whose rules give a course, as many as fit."""
    named = [Markup("· {}").format(isolate(format_path(path))) for path in details.departments]
    return first(words, named, most=MOST_DEPARTMENTS, longest=LONGEST_DEPARTMENTS)


def _given(words: Words, details: CourseDetails) -> list[Markup]:
    if not details.departments:
        return [words.say("No department gives it.")]
    return [words.say("Given to people who join:"), *departments(words, details)]


def _changed_by(words: Words) -> Markup:
    return words.say("Other departments give it, too: account administrators can change it.")


def _people(words: Words, details: CourseDetails) -> Markup:
    found = details.counts
    if not found.people:
        return words.say("Nobody has it.")
    have = words.count("{number} person has it", "{number} people have it", found.people)
    parts = [have, words.say("{number} completed", number=found.completed)]
    parts += [late(words, found.overdue)] if found.overdue else []
    return Markup(" · ").join(parts)


def _buttons(context: Context, details: CourseDetails, undo: InlineKeyboardButton | None) -> Rows:
    say, number = context.words.say, details.card.course_id
    may_see = Permission.MANAGE_PEOPLE in context.person.permissions
    may_give = may_see and not details.card.archived
    changing = [tap(say("Edit"), "course-edit", number), tap(say("Archive"), "course-archive", number)]
    returning = [tap(say("Bring back"), "course-restore", number, style="success")]
    offered = returning if details.card.archived else changing
    return rows(
        [undo],
        offered if details.may_change else [],
        [
            tap(say("➕ Department"), "course-rule", number),
            tap(say("Stop giving"), "open", "removerule") if details.departments else None,
        ]
        if not details.card.archived
        else [],
        [tap(say("Give to people"), "course-enrol", number)] if may_give else [],
        [tap(say("Progress"), "progress", f"c{number}")] if details.counts.people and may_see else [],
        [tap(say("‹ Courses"), "courses", 0), to_home(context.words)],
    )
