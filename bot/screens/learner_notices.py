"""Notices to learners who connected their Telegram. They have no right in the chat: only a way back to the pages."""

from telegram import InlineKeyboardButton, WebAppInfo

from bot.screens.screen import Rows, Screen, rows
from bot.wording.phrases import Words
from bot.wording.reminder_letters import courses_to_do, stop_url
from bot.wording.text import address, lines
from core.services.reminder_letters import ReminderContent


def account_ready(words: Words, organisation: str | None, mini_app: str | None, my_courses: str) -> Screen:
    """Say that the account is ready, with a button that opens My Courses in Telegram; without one, with its address."""
    say = words.say
    ready = (
        say("Your account at {organisation} is ready.", organisation=organisation)
        if organisation
        else say("Your account is ready.")
    )
    if mini_app is None:
        return Screen(text=lines(ready, say("Your courses are here: {link}", link=address(my_courses))))
    courses = _my_courses(words, mini_app)
    return Screen(text=lines(ready, say("Your courses are behind this button, any time.")), rows=courses)


def reminder(
    words: Words, content: ReminderContent, organisation: str | None, mini_app: str | None, public_url: str
) -> Screen:
    """Remind a learner of their courses, with a button that opens My Courses, and the link that stops reminders."""
    say = words.say
    here = None if mini_app else say("Your courses are here: {link}", link=address(f"{public_url}/courses"))
    stopping = say("If you want no more reminders, stop them here: {link}", link=address(stop_url(content, public_url)))
    return Screen(
        text=lines(*courses_to_do(words, content, organisation), here, "", stopping),
        rows=_my_courses(words, mini_app) if mini_app else (),
    )


def _my_courses(words: Words, mini_app: str) -> Rows:
    button = InlineKeyboardButton(words.say("My Courses").unescape(), web_app=WebAppInfo(mini_app))
    return rows([button])
