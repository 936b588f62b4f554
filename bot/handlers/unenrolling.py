"""/unenrol: a course taken back from people by name, also from a person's card."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers.person import read_details
from bot.input.arguments import fields
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.course_list import course_list
from bot.screens.enrolment import changed
from bot.screens.enrolment import question as question_about
from bot.screens.screen import Screen, tap
from bot.wording.enrolments import named, progress_lost, taken_back
from bot.wording.phrases import N_
from core.domain.access import Permission
from core.domain.progress import Progress
from core.errors import NotAllowed
from core.services import unenrolling
from core.services.enrolment_changes import EnrolmentChange, Learner, Proposal


async def take(context: Context, text: str) -> Screen:
    """Take a course back from `people | title`, after a question if that concerns several, or progress is lost."""
    who, title = fields(text, 2, 2)
    return await _answer(context, await context.write(unenrolling.propose, context.actor_id, who, title, context.now))


async def confirm(context: Context, question_id: int) -> Screen:
    """Take the course back after the question."""
    return await _taken(context, await context.write(unenrolling.confirm, context.actor_id, question_id, context.now))


async def undo(context: Context, question_id: int) -> Screen:
    """Give back what was taken, with its progress."""
    done = await context.write(unenrolling.undo, context.actor_id, question_id, context.now)
    if not done.people:
        return await changed(context, done, context.words.say("They have “{title}” already.", title=done.title))
    returned = context.words.count(
        "{number} person has “{title}” again, with the progress as it was.",
        "{number} people have “{title}” again, with the progress as it was.",
        len(done.people),
        title=done.title,
    )
    return await changed(context, done, returned)


async def choose(context: Context, user_id: int, page: int = 0) -> Screen:
    """Let the person choose from the courses that a learner has."""
    details = await read_details(context, user_id)
    if not details.may_enrol:
        raise NotAllowed
    having = [(course.course_id, course.title) for course in details.courses]
    name, say = details.card.name, context.words.say
    text = (
        say("Which course do you want to take back from {name}?", name=name)
        if having
        else say("{name} has no course.", name=name)
    )
    return course_list(context, text, having, page, user_id=user_id, opens="person-unenrol", verb="person-unenrol!")


async def take_one(context: Context, user_id: int, course_id: int) -> Screen:
    """Take the chosen course back from a person, after a question if they have started it."""
    result = await context.write(unenrolling.propose_one, context.actor_id, user_id, course_id, context.now)
    return await _answer(context, result)


async def _answer(context: Context, result: Proposal | EnrolmentChange) -> Screen:
    return question(context, result) if isinstance(result, Proposal) else await _taken(context, result)


def question(context: Context, meant: Proposal) -> Screen:
    """Ask before people lose a course."""
    say = context.words.say
    asked = context.words.count(
        "Take “{title}” back from {number} person?",
        "Take “{title}” back from {number} people?",
        len(meant.people),
        title=meant.title,
    )
    taking = tap(say("Take back"), "unenrol!", meant.question_id, style="danger")
    who = named(context.words, meant.people)
    lost = progress_lost(context.words, meant.people)
    return question_about(context, meant, taking, asked, *who, *lost, _lacking(context, meant.others))


async def _taken(context: Context, done: EnrolmentChange) -> Screen:
    say, number = context.words.say, len(done.people)
    if not number:
        return await changed(context, done, say("They don't have “{title}”.", title=done.title))
    taken = taken_back(context.words, done)
    begun = any(each.progress is not Progress.NOT_STARTED for each in done.people)
    gone = say("Their progress in it is gone. Undo brings it back.") if begun else None
    undoing = tap(say("Undo"), "unenrol-undo", done.undo_id)
    return await changed(context, done, taken, gone, _lacking(context, done.others), undo=undoing)


def _lacking(context: Context, others: tuple[Learner, ...]) -> Markup | None:
    if not others:
        return None
    return context.words.count("{number} person doesn't have it.", "{number} people don't have it.", len(others))


COMMANDS = (
    Command(
        name="unenrol",
        handler=take,
        summary=N_("Take a course back from a person, or from several"),
        parts=(Part(N_("person"), of=Choice.PEOPLE), Part(N_("title"), of=Choice.COURSE)),
        examples=("/unenrol anna@example.com | Welcome", "/unenrol anna@example.com, boris@example.com | Welcome"),
        permission=Permission.MANAGE_COURSES,
        together=Permission.MANAGE_PEOPLE,
        subject=Subject.COURSES,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "unenrol!": by_number(confirm),
    "unenrol-undo": by_number(undo),
    "person-unenrol": by_numbers(choose, at_most=2),
    "person-unenrol!": by_numbers(take_one, at_least=2, at_most=2),
}
