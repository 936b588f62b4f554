"""/enrol: a course given to people by name, also from a person's card and from a course's."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers import guides
from bot.handlers.person import read_details
from bot.input.arguments import fields
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.course_list import course_list
from bot.screens.enrolment import changed
from bot.screens.enrolment import question as question_about
from bot.screens.screen import Screen, tap
from bot.wording.enrolments import named, taken_back
from bot.wording.phrases import N_
from core.domain.access import Permission
from core.services import course_details, courses, enrolling
from core.services.enrolment_changes import EnrolmentChange, Proposal


async def give(context: Context, text: str) -> Screen:
    """Give a course from `people | title`, after a question if it would be given to several."""
    who, title = fields(text, 2, 2)
    result = await context.write(enrolling.propose, context.actor_id, who, title, context.now)
    return question(context, result) if isinstance(result, Proposal) else await _given(context, result)


async def confirm(context: Context, question_id: int) -> Screen:
    """Give the course after the question."""
    return await _given(context, await context.write(enrolling.confirm, context.actor_id, question_id, context.now))


async def undo(context: Context, question_id: int) -> Screen:
    """Take back what was given."""
    done = await context.write(enrolling.undo, context.actor_id, question_id, context.now)
    kept = (
        context.words.count(
            "{number} person has started it and keeps it.", "{number} people have started it and keep it.", number
        )
        if (number := len(done.others))
        else None
    )
    return await changed(context, done, taken_back(context.words, done), kept)


async def choose(context: Context, user_id: int, page: int = 0) -> Screen:
    """Let the person choose from the courses that a learner doesn't have."""
    details = await read_details(context, user_id)
    having = {course.course_id for course in details.courses}
    known = await context.read(courses.catalogue, context.actor_id)
    offered = [(each.course_id, each.title) for each in known if not each.archived and each.course_id not in having]
    name, say = details.card.name, context.words.say
    text = (
        say("Which course do you want to give to {name}?", name=name)
        if offered
        else say("{name} has every course that there is.", name=name)
    )
    return course_list(context, text, offered, page, user_id=user_id, opens="person-enrol", verb="person-enrol!")


async def give_one(context: Context, user_id: int, course_id: int) -> Screen:
    """Give the chosen course to a person."""
    return await _given(context, await context.write(enrolling.give, context.actor_id, user_id, course_id, context.now))


async def ask_whom(context: Context, course_id: int) -> Screen:
    """Ask to whom a course is given, from its card."""
    title = (await context.read(course_details.show, context.actor_id, course_id, context.now)).card.title
    command = guides.find(context, "enrol")
    guide = guides.beginning(command, origin=f"course:{course_id}", behind=title)
    return await guides.ask(context, guide, Markup("<b>{}</b>").format(title))


def question(context: Context, meant: Proposal) -> Screen:
    """Ask before several people get a course."""
    number = len(meant.people)
    asked = context.words.count(
        "Give “{title}” to {number} person?", "Give “{title}” to {number} people?", number, title=meant.title
    )
    giving = tap(context.words.say("Give"), "enrol!", meant.question_id, style="success")
    return question_about(
        context, meant, giving, asked, *named(context.words, meant.people), _having(context, meant.others)
    )


async def _given(context: Context, done: EnrolmentChange) -> Screen:
    say, number = context.words.say, len(done.people)
    if not number:
        return await changed(context, done, say("They have “{title}” already.", title=done.title))
    given = (
        say("“{title}” was given to {name}.", title=done.title, name=done.people[0].name)
        if number == 1
        else context.words.count(
            "“{title}” was given to {number} person.",
            "“{title}” was given to {number} people.",
            number,
            title=done.title,
        )
    )
    due = say("To be completed by {when}.", when=context.words.moment(done.due_at)) if done.due_at else None
    undoing = tap(say("Undo"), "enrol-undo", done.undo_id)
    return await changed(context, done, given, due, _having(context, done.others), undo=undoing)


def _having(context: Context, others: tuple[object, ...]) -> Markup | None:
    if not others:
        return None
    return context.words.count("{number} person has it already.", "{number} people have it already.", len(others))


COMMANDS = (
    Command(
        name="enrol",
        handler=give,
        summary=N_("Give a course to a person, or to several"),
        parts=(Part(N_("person"), of=Choice.PEOPLE), Part(N_("title"), of=Choice.OFFERED_COURSE)),
        examples=("/enrol anna@example.com | Welcome", "/enrol anna@example.com, boris@example.com | Welcome"),
        permission=Permission.MANAGE_COURSES,
        together=Permission.MANAGE_PEOPLE,
        subject=Subject.COURSES,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "enrol!": by_number(confirm),
    "enrol-undo": by_number(undo),
    "person-enrol": by_numbers(choose, at_most=2),
    "person-enrol!": by_numbers(give_one, at_least=2, at_most=2),
    "course-enrol": by_number(ask_whom),
}
