"""The form of a new course: filled in by typing and by taps, in any order."""

from collections.abc import Sequence
from functools import partial

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.course_editing import card
from bot.handlers.dialogues import LEAVE
from bot.handlers.profile_form import NO_LIMIT, bold
from bot.input.arguments import StaleButton, is_number, split
from bot.menu.form import ASK, BACK, Form, Notes, Part, Picker, Read, Turn, below
from bot.screens.course_card import course_screen, days_to_complete
from bot.screens.lists import ticked
from bot.screens.screen import Rows, Screen, rows
from bot.wording import labels
from bot.wording.phrases import N_, Words
from bot.wording.text import command, isolate, shortened
from core.services import course_details, course_drafts
from core.services.course_drafts import CourseDraft, draft_of
from core.services.course_editing import CourseField, Value
from core.services.dialogues import Step

BAR = "|"
DAYS = (7, 14, 30)
LONGEST_SHOWN = 120  # letters of a description
EXAMPLES = {
    CourseField.TITLE: "Welcome",
    CourseField.LINK: "https://example.com/welcome",
    CourseField.DESCRIPTION: None,
}


async def begin(context: Context) -> Step:
    """Begin with nothing filled in."""
    return Step(answers=await context.read(course_drafts.begin, context.actor_id))


async def show(turn: Turn, notes: Notes) -> Screen:
    """Show all that is filled in, and what is missing."""
    draft, words = draft_of(turn.answers), turn.context.words
    say = words.say
    return Screen(
        text=below(
            notes,
            bold(say("New course")),
            "",
            _line(words, CourseField.TITLE, draft.title, say("not given yet")),
            _line(words, CourseField.LINK, draft.link, say("not given yet")),
            _line(words, CourseField.DAYS, draft.days, say("no deadline")),
            _line(words, CourseField.DESCRIPTION, draft.description, say("none")),
            "",
            say("Type the title or the link, or tap what to fill in."),
        ),
        rows=_rows(turn, draft),
    )


async def read(turn: Turn, text: str) -> Read:
    """Read what is typed on the form: a whole line between bars, a link, days, else the title."""
    context = turn.context
    if BAR in text:
        answers = await context.read(course_drafts.read_line, context.actor_id, tuple(split(text)))
    else:
        answers = await context.read(course_drafts.read, context.actor_id, text)
    return _filled(turn, answers)


async def add(turn: Turn) -> Screen:
    """Add the course, and show its card."""
    context = turn.context
    made = await context.write(course_drafts.create, context.actor_id, context.chat_id, turn.dialogue.turn, context.now)
    details = await context.read(course_details.show, context.actor_id, made.course_id, context.now)
    return course_screen(context, details, context.words.say("The course is there. Give it to a department now."))


async def title(turn: Turn) -> Markup:
    """Return the title that the course has so far."""
    typed = draft_of(turn.answers).title
    return isolate(typed) if typed else turn.context.words.say("New course")


async def show_field(field: CourseField, turn: Turn, notes: Notes) -> Screen:
    """Ask for a field that is typed."""
    say, example = turn.context.words.say, EXAMPLES[field]
    value = turn.answers[field]
    emptying = turn.button(say("Leave it empty"), "empty") if value and field is CourseField.DESCRIPTION else None
    return Screen(
        text=below(
            notes,
            bold(_label(turn.context.words, field)),
            isolate(shortened(value, LONGEST_SHOWN)) if value else None,
            "",
            say("Type it, for example {example}.", example=command(example)) if example else say("Type it."),
        ),
        rows=rows([emptying], [turn.button(say("‹ Back"), BACK)]),
    )


async def read_field(field: CourseField, turn: Turn, text: str) -> Read:
    """Take a typed text for the field that is asked for."""
    context = turn.context
    return _filled(turn, await context.read(course_drafts.fill, context.actor_id, field, text))


async def set_days(turn: Turn, argument: str) -> Step:
    """Take a usual number of days, or no deadline."""
    if argument == NO_LIMIT:
        return turn.answered(**{CourseField.DAYS: None})
    if not is_number(argument) or int(argument) not in DAYS:
        raise StaleButton
    return turn.answered(**{CourseField.DAYS: int(argument)})


async def empty(turn: Turn, _argument: str) -> Step:
    """Leave the description empty."""
    return turn.answered(**{CourseField.DESCRIPTION: ""})


def _filled(turn: Turn, answers: course_drafts.Answers) -> Read:
    """Return the step to the form, with a line for each field that was filled in."""
    words = turn.context.words
    said = [
        words.say(
            "{label}: {value} ✓",
            label=_label(words, CourseField(field)),
            value=_value(words, CourseField(field), value),
        )
        for field, value in answers.items()
    ]
    return Read(step=turn.answered(**answers), notes=said)


def _line(words: Words, field: CourseField, value: Value, nothing: Markup) -> Markup:
    shown = nothing if value in (None, "") else _value(words, field, value)
    if field is CourseField.DAYS and isinstance(value, int):
        shown = days_to_complete(words, value) or nothing
    return Markup("{}: {}").format(_label(words, field), bold(shown))


def _value(words: Words, field: CourseField, value: Value) -> Markup:
    if not value:
        return words.say("none")
    shown = shortened(str(value), LONGEST_SHOWN)
    return Markup.escape(shown) if field is CourseField.LINK else isolate(shown)  # which breaks links up


def _label(words: Words, field: CourseField) -> Markup:
    said = words.say(labels.COURSE_FIELDS[field])
    return Markup("{}{}").format(said[:1].upper(), said[1:])


def _rows(turn: Turn, draft: CourseDraft) -> Rows:
    say = turn.context.words.say
    return rows(
        [_main(turn, draft)],
        [_asking(turn, CourseField.TITLE), _asking(turn, CourseField.LINK)],
        _chips(turn, draft),
        [_asking(turn, CourseField.DESCRIPTION), turn.button(say("Cancel"), LEAVE)],
    )


def _main(turn: Turn, draft: CourseDraft) -> InlineKeyboardButton:
    """Return the button of the next step: what is missing first, at last the one that adds the course."""
    if draft.missing:
        return _asking(turn, draft.missing, style="primary")
    return turn.button(turn.context.words.say("Add the course"), "course", style="success")


def _asking(turn: Turn, field: CourseField, *, style: str | None = None) -> InlineKeyboardButton:
    return turn.button(Markup("{} ›").format(_label(turn.context.words, field)), ASK, field, style=style)


def _chips(turn: Turn, draft: CourseDraft) -> Sequence[InlineKeyboardButton]:
    """Return the buttons of usual numbers of days; the one that holds is ticked."""
    chips = [turn.button(ticked(Markup.escape(each), on=draft.days == each), "days", each) for each in DAYS]
    return [*chips, turn.button(ticked(Markup("∞"), on=draft.days is None), "days", NO_LIMIT)]


def _picker(field: CourseField) -> Picker:
    return Picker(show=partial(show_field, field), read=partial(read_field, field))


PARTS = (
    Part(N_("title"), pickers={CourseField.TITLE: _picker(CourseField.TITLE)}),
    Part(N_("link"), pickers={CourseField.LINK: _picker(CourseField.LINK)}),
    Part(N_("days to complete"), optional=True, taps={"days": set_days}),
    Part(
        N_("description"),
        optional=True,
        taps={"empty": empty},
        pickers={CourseField.DESCRIPTION: _picker(CourseField.DESCRIPTION)},
    ),
)
FORM = Form(
    kind="course",
    parts=PARTS,
    begin=begin,
    show=show,
    read=read,
    finish={"course": add},
    made=card,
    title=title,
)
