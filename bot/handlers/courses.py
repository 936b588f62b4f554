"""/courses, /addcourse, /addrule, /removerule: courses and enrolment rules."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import course_form, dialogues
from bot.input.arguments import fields
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.course_card import days_to_complete
from bot.screens.paging import page_buttons
from bot.screens.screen import LONGEST_LABEL, Rows, Screen, rows, tap, to_home
from bot.wording.lists import more, page_of
from bot.wording.phrases import N_
from bot.wording.text import command, isolate, lines, shortened
from core.domain.access import Permission
from core.domain.naming import format_path
from core.services import courses
from core.services.courses import ChangedRule, CourseCard

A_PAGE = 6
MOST_DEPARTMENTS = 10


async def catalogue(context: Context, _text: str) -> Screen:
    """List the first page of the courses."""
    return await page(context, 0)


async def page(context: Context, wanted: int) -> Screen:
    """List a page of the courses, each with the departments that give it."""
    known = await context.read(courses.catalogue, context.actor_id)
    if not known:
        return Screen(text=context.words.say("No courses yet."), rows=rows([_adding(context), to_home(context.words)]))
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
        rows=rows(
            *([_opening(known[place])] for place in shown.places),
            page_buttons(context.words, shown, "courses"),
            [_adding(context), to_home(context.words)],
        ),
    )


def _opening(course: CourseCard) -> InlineKeyboardButton:
    label = f"🗄 {course.title}" if course.archived else course.title
    return tap(shortened(label, LONGEST_LABEL), "course", course.course_id)


def _adding(context: Context) -> InlineKeyboardButton:
    return tap(context.words.say("➕ Add"), "open", "addcourse", style="success")


async def add(context: Context, text: str) -> Screen:
    """Add a course from `title | link | days | description`, the last two optional. The bare command opens the form."""
    if not text:
        return await dialogues.begin(context, course_form.FORM)
    title, link, days, description = fields(text, 2, 4)
    course = await context.write(courses.add, context.actor_id, title, link, days, context.now, description=description)
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
        ),
        rows=rows(
            [tap(shortened(course.title, LONGEST_LABEL), "course", course.course_id)],
            [tap(say("‹ Courses"), "courses", 0), to_home(context.words)],
        ),
    )


async def add_rule(context: Context, text: str) -> Screen:
    """Add an enrolment rule from `department | title`."""
    department, title = fields(text, 2, 2)
    rule = await context.write(courses.add_rule, context.actor_id, department, title, context.now)
    path = format_path(rule.department)
    text = context.words.say(
        "From now on, people who join {path} or a department below it get “{title}”.", path=path, title=rule.title
    )
    there = context.words.say("This line gives it to those who are there already:")
    applying = context.words.say("Give to those there")
    return Screen(
        text=lines(text, "", there, command(f"/applyrule {path} | {rule.title}")),
        rows=rows(
            [tap(applying, "rule-ask", rule.department_id, rule.course_id, style="success")],
            *_after_rule(context, rule),
        ),
    )


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
        ),
        rows=rows(*_after_rule(context, rule)),
    )


def _after_rule(context: Context, rule: ChangedRule) -> Rows:
    return rows(
        [tap(shortened(rule.title, LONGEST_LABEL), "course", rule.course_id)],
        [tap(context.words.say("‹ Courses"), "courses", 0), to_home(context.words)],
    )


def _course(context: Context, course: CourseCard, departments: list[str]) -> Markup:
    say = context.words.say
    named = [*map(isolate, departments[:MOST_DEPARTMENTS]), *more(context.words, len(departments) - MOST_DEPARTMENTS)]
    given = say("Given to: {departments}", departments=Markup("; ").join(named))
    title, days = Markup("<b>{}</b>").format(isolate(course.title)), days_to_complete(context.words, course.days)
    return lines(
        Markup("{} · {}").format(title, days) if days else title,
        say("Archived: nobody gets it any more.") if course.archived else given if named else _given_to_none(context),
    )


def _given_to_none(context: Context) -> Markup:
    return context.words.say("Not given to anyone yet.")


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
        parts=course_form.FORM.parts,
        form=course_form.FORM,
        examples=(
            "/addcourse Welcome | https://example.com/welcome | 14",
            "/addcourse Welcome | https://example.com/welcome | 14 | What awaits you here",
        ),
        permission=Permission.MANAGE_COURSES,
        subject=Subject.COURSES,
    ),
    Command(
        name="addrule",
        handler=add_rule,
        summary=N_("Give a course to everyone who joins a department"),
        parts=(Part(N_("department"), of=Choice.DEPARTMENT), Part(N_("title"), of=Choice.OFFERED_COURSE)),
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
