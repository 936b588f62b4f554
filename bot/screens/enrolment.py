"""Questions about giving courses to people or taking them back, and what was done."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.screens.person_card import person_screen
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording.enrolments import named
from bot.wording.text import lines
from core.services import person_details
from core.services.enrolment_changes import EnrolmentChange, Proposal


def question(context: Context, meant: Proposal, going_on: InlineKeyboardButton, *text: Markup | None) -> Screen:
    """Ask before a course is given or taken back; the way back leads to the one person's card, or the course's."""
    back = _back(meant)
    cancel = tap(context.words.say("Cancel"), *back)
    return Screen(text=lines(*text), rows=rows([going_on, cancel]))


async def changed(
    context: Context, done: EnrolmentChange, *notes: Markup | None, undo: InlineKeyboardButton | None = None
) -> Screen:
    """Show what was done: on the person's card if it was about one, else with their names and the way to the course."""
    concerned = done.people + done.others
    if len(concerned) == 1:
        details = await context.read(person_details.show, context.actor_id, concerned[0].user_id, context.now)
        return person_screen(context, details, *notes, undo=undo)
    said, *others = notes
    say = context.words.say
    return Screen(
        text=lines(said, *named(context.words, done.people), *others),
        rows=rows([undo], [tap(say("‹ Back"), *_back(done)), to_home(context.words)]),
    )


def _back(about: Proposal | EnrolmentChange) -> tuple[str, int]:
    concerned = about.people + about.others
    return ("person", concerned[0].user_id) if len(concerned) == 1 else ("course", about.course_id)
