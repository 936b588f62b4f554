"""/editcourse, /archivecourse, and the buttons of a course's card."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers import guides
from bot.input.arguments import UsageError, fields
from bot.menu.buttons import ButtonHandler, by_number, confirmed
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.course_card import course_screen, departments
from bot.screens.screen import Screen, rows, tap
from bot.wording import labels
from bot.wording.phrases import N_
from bot.wording.text import isolate, lines
from core.domain.access import Permission
from core.domain.naming import find_word
from core.services import course_details, course_editing
from core.services.course_details import CourseDetails
from core.services.course_editing import CourseField, Edited, Proposal, Value

VALUE = N_("type it; “none” takes a description or a deadline away")


async def card(context: Context, course_id: int) -> Screen:
    """Show a course's card."""
    return course_screen(context, await _read(context, course_id))


async def edit(context: Context, text: str) -> Screen:
    """Change a course from `title | what | value`, after a question if people would see the change."""
    title, what, value = fields(text, 3, 3)
    field = find_word(what, CourseField)
    result = await context.write(course_editing.propose, context.actor_id, title, field, value, context.now)
    return question(context, result) if isinstance(result, Proposal) else _edited(context, result)


async def ask_what(context: Context, course_id: int) -> Screen:
    """Ask what to change about a course."""
    title = (await _read(context, course_id)).card.title
    command = guides.find(context, "editcourse")
    return await guides.ask(context, guides.beginning(command, title, origin=f"course:{course_id}"))


async def ask_department(context: Context, course_id: int) -> Screen:
    """Ask which department gives a course from now on."""
    title = (await _read(context, course_id)).card.title
    command = guides.find(context, "addrule")
    return await guides.ask(context, guides.beginning(command, origin=f"course:{course_id}", behind=title))


async def save(context: Context, question_id: int) -> Screen:
    """Make the change after the question."""
    return _edited(context, await context.write(course_editing.confirm, context.actor_id, question_id, context.now))


async def undo(context: Context, question_id: int) -> Screen:
    """Take a change back."""
    edited = await context.write(course_editing.undo, context.actor_id, question_id, context.now)
    return course_screen(context, edited.details, toast=context.words.say("Undone"))


async def ask_to_archive(context: Context, text: str) -> Screen:
    """Ask before a course is archived; offer to bring an archived one back."""
    if not text:
        raise UsageError
    meant = await context.read(course_editing.preview_archiving, context.actor_id, text, context.now)
    details, say, number = meant.details, context.words.say, meant.details.card.course_id
    if details.card.archived:
        return course_screen(context, details)
    return Screen(
        text=lines(
            say("Archive “{title}”?", title=details.card.title),
            _keeping(context, details),
            *_no_longer_giving(context, details),
            say("You can bring it back at any time."),
        ),
        rows=rows(
            [
                tap(say("Archive"), "course-archive!", number, meant.seen, style="danger"),
                tap(say("Cancel"), "course", number),
            ]
        ),
    )


async def ask_to_archive_by_button(context: Context, course_id: int) -> Screen:
    """Ask before a course is archived, from its card."""
    return await ask_to_archive(context, (await _read(context, course_id)).card.title)


async def archive(context: Context, course_id: int, seen: str) -> Screen:
    """Archive a course after the question."""
    details = await context.write(course_editing.archive, context.actor_id, course_id, context.now, seen=seen)
    return course_screen(context, details, toast=context.words.say("Archived"))


async def restore(context: Context, course_id: int) -> Screen:
    """Bring an archived course back."""
    details = await context.write(course_editing.restore, context.actor_id, course_id, context.now)
    return course_screen(context, details, toast=context.words.say("Its departments give it again"))


async def _read(context: Context, course_id: int) -> CourseDetails:
    return await context.read(course_details.show, context.actor_id, course_id, context.now)


def question(context: Context, meant: Proposal) -> Screen:
    """Ask before people see a change."""
    say, count = context.words.say, context.words.count
    field = say(labels.COURSE_FIELDS[meant.field])
    return Screen(
        text=lines(
            say("Change “{title}”: {field}?", title=meant.title, field=field),
            _value(context, meant.before),
            "→",
            _value(context, meant.after),
            "",
            count(
                "{number} person has this course and will see it.",
                "{number} people have this course and will see it.",
                meant.people,
            ),
        ),
        rows=rows(
            [
                tap(say("Save"), "course-save!", meant.question_id, style="success"),
                tap(say("Cancel"), "course", meant.course_id),
            ]
        ),
    )


def _edited(context: Context, edited: Edited) -> Screen:
    """Show the card after a change, with a button that takes it back."""
    say, details = context.words.say, edited.details
    if edited.undo_id is None:
        return course_screen(context, details, toast=say("It is like that already"))
    keeping = edited.field is CourseField.DAYS and details.counts.people > 0
    notes = [say("Those who have it keep their due dates.")] if keeping else []
    undoing = tap(say("Undo"), "course-undo", edited.undo_id)
    return course_screen(context, details, *notes, toast=say("Saved"), undo=undoing)


def _value(context: Context, value: Value) -> Markup:
    return isolate(str(value)) if value else context.words.say("none")


def _keeping(context: Context, details: CourseDetails) -> Markup:
    people = details.counts.people
    if not people:
        return context.words.say("Nobody has it.")
    return context.words.count("{number} person has it and keeps it.", "{number} people have it and keep it.", people)


def _no_longer_giving(context: Context, details: CourseDetails) -> list[Markup]:
    if not details.departments:
        return []
    return [context.words.say("These departments will no longer give it:"), *departments(context.words, details)]


COMMANDS = (
    Command(
        name="editcourse",
        handler=edit,
        summary=N_("Change a course: its title, description, link or days to complete"),
        parts=(
            Part(N_("title"), of=Choice.COURSE),
            Part(N_("what to change"), of=Choice.COURSE_FIELD),
            Part(N_("value"), prompt=VALUE),
        ),
        examples=("/editcourse Welcome | days | 30", "/editcourse Welcome | title | Welcome aboard"),
        permission=Permission.MANAGE_COURSES,
        subject=Subject.COURSES,
    ),
    Command(
        name="archivecourse",
        handler=ask_to_archive,
        summary=N_("Archive a course, or bring it back: those who have it keep it, and no one else gets it"),
        examples=("/archivecourse Welcome",),
        permission=Permission.MANAGE_COURSES,
        subject=Subject.COURSES,
        guided=(Part(N_("title"), of=Choice.COURSE),),
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "course": by_number(card),
    "course-edit": by_number(ask_what),
    "course-rule": by_number(ask_department),
    "course-save!": by_number(save),
    "course-undo": by_number(undo),
    "course-archive": by_number(ask_to_archive_by_button),
    "course-archive!": confirmed(archive),
    "course-restore": by_number(restore),
}
