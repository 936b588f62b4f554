"""/addcourse, /addrule: courses, and who gets them."""

from bot.context import Context, fields
from bot.keyboards import Screen
from bot.messages import command, lines
from core.domain.naming import format_path
from core.services import courses


async def add(context: Context, text: str) -> Screen:
    """Add a course from `title | link | days`, the days optional."""
    title, link, days = fields(text, 2, 3)
    course = await context.write(courses.add, context.actor_id, title, link, days, context.now)
    say = context.words.say
    deadline = (
        None
        if course.days is None
        else context.words.count("To be completed in {number} day.", "To be completed in {number} days.", course.days)
    )
    return Screen(
        text=lines(
            say("The course “{title}” is there.", title=course.title),
            deadline,
            "",
            say("Give it to a department:"),
            command(f"/addrule Sales / EMEA | {course.title}"),
        )
    )


async def add_rule(context: Context, text: str) -> Screen:
    """Give a course to whoever joins a department, from `department | title`."""
    department, title = fields(text, 2, 2)
    rule = await context.write(courses.add_rule, context.actor_id, department, title, context.now)
    path = format_path(rule.department)
    text = context.words.say(
        "From now on, whoever joins {path} or a department below it gets “{title}”.", path=path, title=rule.title
    )
    return Screen(text=text)
