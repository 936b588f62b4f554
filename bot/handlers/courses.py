"""/courses, /addcourse, /addrule, /removerule: courses and enrolment rules."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.input.arguments import fields
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.paging import page_buttons
from bot.screens.screen import Screen, rows, to_home
from bot.wording.lists import more, page_of
from bot.wording.phrases import N_
from bot.wording.text import command, isolate, lines
from core.domain.access import Permission
from core.domain.naming import format_path
from core.services import courses
from core.services.courses import CourseCard

A_PAGE = 20
MOST_DEPARTMENTS = 10


async def catalogue(context: Context, _text: str) -> Screen:
    """List the first page of the courses."""
    return await page(context, 0)


async def page(context: Context, wanted: int) -> Screen:
    """List a page of the courses, each with the departments that give it."""
    known, say = await context.read(courses.catalogue, context.actor_id), context.words.say
    if not known:
        example = command("/addcourse Welcome | https://example.com/welcome | 14")
        return Screen(text=say("No courses yet. {line} adds one.", line=example))
    given: dict[str, list[str]] = {}
    for rule in await context.read(courses.rules, context.actor_id):
        given.setdefault(rule.title, []).append(format_path(rule.department))
    described = [_course(context, course, given.get(course.title, [])) for course in known]
    shown = page_of(described, wanted, most=A_PAGE)
    return Screen(
        text=lines(
            context.words.count("{number} course", "{number} courses", len(known)),
            *(part for place in shown.places for part in ("", described[place])),
        ),
        rows=rows(page_buttons(context.words, shown, "courses"), [to_home(context.words)]),
    )


async def add(context: Context, text: str) -> Screen:
    """Add a course from `title | link | days`, the days optional."""
    title, link, days = fields(text, 2, 3)
    course = await context.write(courses.add, context.actor_id, title, link, days, context.now)
    say = context.words.say
    deadline = (
        None
        if course.days is None
        else context.words.count(
            "To be completed within {number} day.", "To be completed within {number} days.", course.days
        )
    )
    return Screen(
        text=lines(
            say("Added the course “{title}”.", title=course.title),
            deadline,
            "",
            say("Give it to a department:"),
            command(f"/addrule Sales / EMEA | {course.title}"),
        )
    )


async def add_rule(context: Context, text: str) -> Screen:
    """Add an enrolment rule from `department | title`."""
    department, title = fields(text, 2, 2)
    rule = await context.write(courses.add_rule, context.actor_id, department, title, context.now)
    path = format_path(rule.department)
    text = context.words.say(
        "From now on, people who join {path} or a department below it get “{title}”.", path=path, title=rule.title
    )
    return Screen(text=text)


async def remove_rule(context: Context, text: str) -> Screen:
    """Remove an enrolment rule from `department | title`."""
    department, title = fields(text, 2, 2)
    rule = await context.write(courses.remove_rule, context.actor_id, department, title, context.now)
    path = format_path(rule.department)
    return Screen(
        text=context.words.say(
            "From now on, people who join {path} do not get “{title}” by this rule. People who have it keep it.",
            path=path,
            title=rule.title,
        )
    )


def _course(context: Context, course: CourseCard, departments: list[str]) -> Markup:
    say, count = context.words.say, context.words.count
    days = None if course.days is None else count("{number} day to complete", "{number} days to complete", course.days)
    named = [*map(isolate, departments[:MOST_DEPARTMENTS]), *more(context.words, len(departments) - MOST_DEPARTMENTS)]
    return lines(
        Markup("<b>{}</b>").format(isolate(course.title)),
        Markup.escape(course.link),
        days,
        say("Given to: {departments}", departments=Markup("; ").join(named))
        if named
        else say("Not given to anyone yet."),
    )


COMMANDS = (
    Command(
        name="courses",
        handler=catalogue,
        summary=N_("Show the courses and who gets them"),
        examples=("/courses",),
        alone=True,
        permission=Permission.MANAGE_COURSES,
        subject=Subject.COURSES,
    ),
    Command(
        name="addcourse",
        handler=add,
        summary=N_("Add a course"),
        parts=(Part(N_("title")), Part(N_("link")), Part(N_("days to complete"), optional=True)),
        examples=("/addcourse Welcome | https://example.com/welcome | 14",),
        permission=Permission.MANAGE_COURSES,
        subject=Subject.COURSES,
    ),
    Command(
        name="addrule",
        handler=add_rule,
        summary=N_("Give a course to everyone who joins a department"),
        parts=(Part(N_("department"), of=Choice.DEPARTMENT), Part(N_("title"), of=Choice.COURSE)),
        examples=("/addrule Sales / EMEA | Welcome",),
        permission=Permission.MANAGE_COURSES,
        subject=Subject.COURSES,
    ),
    Command(
        name="removerule",
        handler=remove_rule,
        summary=N_("Stop giving a course to people who join a department"),
        parts=(Part(N_("department")), Part(N_("title"))),
        examples=("/removerule Sales / EMEA | Welcome",),
        permission=Permission.MANAGE_COURSES,
        subject=Subject.COURSES,
        guided=(Part(N_("department"), of=Choice.RULE), Part(N_("title"))),
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "courses": by_number(page),
}
