"""/applyrule: a rule's course for those who are in the department already."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.input.arguments import fields
from bot.menu.buttons import ButtonHandler, by_number, by_numbers, confirmed
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording import labels
from bot.wording.phrases import N_
from bot.wording.text import lines
from core.domain.access import Permission
from core.services import course_details, rule_application
from core.services.rule_application import Application


async def ask(context: Context, text: str) -> Screen:
    """Ask before a rule is applied to those who are there, from `department | title`."""
    department, title = fields(text, 2, 2)
    return await _ask(context, department, title)


async def _ask(context: Context, department: str | int, title: str) -> Screen:
    meant = await context.read(rule_application.preview, context.actor_id, department, title)
    say = context.words.say
    return Screen(
        text=lines(
            _would_give(context, meant),
            _having(context, meant),
            say("They are in {department} or below it.", department=labels.department(context.words, meant.department)),
        ),
        rows=rows(
            [
                tap(say("Give"), "rule-apply!", meant.department_id, meant.course_id, meant.seen, style="success")
                if meant.people
                else None,
                tap(say("Cancel") if meant.people else say("‹ Back"), "course", meant.course_id),
            ],
        ),
    )


async def ask_by_button(context: Context, department_id: int, course_id: int) -> Screen:
    """Ask before a rule is applied to those who are there, after it was added."""
    course = await context.read(course_details.show, context.actor_id, course_id, context.now)
    return await _ask(context, department_id, course.card.title)


async def apply(context: Context, department_id: int, course_id: int, seen: str) -> Screen:
    """Give the course after the question."""
    done = await context.write(
        rule_application.apply, context.actor_id, department_id, course_id, context.now, seen=seen
    )
    given, say = done.application, context.words.say
    text = context.words.count(
        "“{title}” was given to {number} person.",
        "“{title}” was given to {number} people.",
        given.people,
        title=given.title,
    )
    return Screen(
        text=lines(text, _having(context, given)),
        rows=rows(
            [tap(say("Undo"), "rule-undo", done.undo_id)],
            [tap(say("‹ Back"), "course", course_id), to_home(context.words)],
        ),
    )


async def undo(context: Context, question_id: int) -> Screen:
    """Take back what was given."""
    application, taken = await context.write(rule_application.undo, context.actor_id, question_id, context.now)
    text = context.words.count(
        "“{title}” was taken back from {number} person. Those who have started it keep it.",
        "“{title}” was taken back from {number} people. Those who have started it keep it.",
        taken,
        title=application.title,
    )
    back = tap(context.words.say("‹ Back"), "course", application.course_id)
    return Screen(text=text, rows=rows([back, to_home(context.words)]))


def _would_give(context: Context, meant: Application) -> Markup:
    if not meant.people:
        return context.words.say("There is nobody to give “{title}” to.", title=meant.title)
    return context.words.count(
        "Give “{title}” to {number} person?", "Give “{title}” to {number} people?", meant.people, title=meant.title
    )


def _having(context: Context, meant: Application) -> Markup | None:
    if not meant.having:
        return None
    return context.words.count("{number} person has it already.", "{number} people have it already.", meant.having)


COMMANDS = (
    Command(
        name="applyrule",
        handler=ask,
        summary=N_("Give a department's course to those who are there already, after confirmation"),
        parts=(Part(N_("department")), Part(N_("title"))),
        examples=("/applyrule Sales / EMEA | Welcome",),
        permission=Permission.MANAGE_COURSES,
        subject=Subject.COURSES,
        guided=(Part(N_("department"), of=Choice.RULE), Part(N_("title"))),
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "rule-ask": by_numbers(ask_by_button, at_least=2, at_most=2),
    "rule-apply!": confirmed(apply, numbers=2),
    "rule-undo": by_number(undo),
}
