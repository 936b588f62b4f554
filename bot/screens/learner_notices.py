"""Notices to learners who came through the Mini App. They have no right in the chat: only a way back to the pages."""

from telegram import InlineKeyboardButton, WebAppInfo

from bot.screens.screen import Screen, rows
from bot.wording.phrases import Words
from bot.wording.text import address, lines


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
    button = InlineKeyboardButton(say("My Courses").unescape(), web_app=WebAppInfo(mini_app))
    return Screen(text=lines(ready, say("Your courses are behind this button, any time.")), rows=rows([button]))
