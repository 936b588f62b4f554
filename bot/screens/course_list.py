"""Courses to choose from for a person, a button each."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.context import Context
from bot.screens.screen import LONGEST_LABEL, Screen, rows, tap
from bot.wording.lists import page_of
from bot.wording.text import shortened

A_PAGE = 6


def course_list(
    context: Context,
    text: Markup,
    courses: Sequence[tuple[int, str]],
    page: int,
    *,
    user_id: int,
    opens: str,
    verb: str,
) -> Screen:
    """Show a page of courses (number, title): the button `opens` turns to another page, `verb` takes a course."""
    shown = page_of([Markup.escape(title) for _, title in courses], page, most=A_PAGE)
    before = [tap("‹", opens, user_id, shown.number - 1)] if shown.number else []
    after = [tap("›", opens, user_id, shown.number + 1)] if shown.number + 1 < shown.pages else []
    return Screen(
        text=text,
        rows=rows(
            *([tap(shortened(courses[at][1], LONGEST_LABEL), verb, user_id, courses[at][0])] for at in shown.places),
            [*before, *after],
            [tap(context.words.say("‹ Back"), "person", user_id)],
        ),
    )
