"""Notices to learners whose Telegram is connected. They have no right in the chat: only a way back to the pages."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton, WebAppInfo

from bot.screens.screen import Rows, Screen, rows
from bot.wording.phrases import Words
from bot.wording.reminder_letters import courses_to_do, stop_url
from bot.wording.text import address, isolate, lines, shortened
from core.services.reminder_letters import ReminderContent
from core.services.telegram_connections import Connected, Connection

MOST_NAMED = 5
LONGEST_TITLE = 100
STOP = Markup("/stop")  # a tap sends it


def account_ready(words: Words, organisation: str | None, mini_app: str | None, my_courses: str) -> Screen:
    """Say that the account is ready, with a button that opens My Courses in Telegram; without one, with its address."""
    say = words.say
    ready = (
        say("Your account at {organisation} is ready.", organisation=organisation)
        if organisation
        else say("Your account is ready.")
    )
    return _with_way_back(words, ready, mini_app, my_courses)


def new_courses(words: Words, titles: Sequence[str], mini_app: str | None, my_courses: str) -> Screen:
    """Say that there are new courses, name those that aren't started, and lead to them."""
    named = [isolate(shortened(title, LONGEST_TITLE)) for title in titles[:MOST_NAMED]]
    more = len(titles) - MOST_NAMED
    others = words.count("… and {number} more", "… and {number} more", more) if more > 0 else None
    text = lines(words.say("You have new courses. Not started yet:"), *named, others)
    return _with_way_back(words, text, mini_app, my_courses)


def _with_way_back(words: Words, text: Markup, mini_app: str | None, my_courses: str) -> Screen:
    say = words.say
    if mini_app is None:
        return Screen(text=lines(text, say("Your courses are here: {link}", link=address(my_courses))))
    courses = _my_courses(words, mini_app)
    return Screen(text=lines(text, say("Your courses are behind this button, any time.")), rows=courses)


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


def declined(words: Words, organisation: str | None, contact: str | None) -> Screen:
    """Say that a person was not let in, and whom to ask."""
    say = words.say
    told = say("{organisation} did not let you in.", organisation=organisation) if organisation else None
    whom = say("Questions? {contact}", contact=contact) if contact else None
    return Screen(text=lines(told or say("You were not let in."), whom))


def connected(words: Words, done: Connected) -> Screen:
    """Say that messages come here from now on, and how to stop them."""
    say = words.say
    connected = (
        say("Connected with your account at {organisation}.", organisation=done.organisation)
        if done.organisation
        else say("Connected with your account.")
    )
    waits = say("You read here as soon as there is an answer to your sign-up.") if done.waits else None
    return Screen(text=lines(connected, waits, _how_to_stop(words)))


def connection(words: Words, found: Connection, mini_app: str | None, my_courses: str) -> Screen:
    """Say to a learner who writes what this chat is for, and lead to their courses."""
    here = (
        words.say("Your Telegram is connected with your account at {organisation}.", organisation=found.organisation)
        if found.organisation
        else words.say("Your Telegram is connected with your account.")
    )
    return _connection(words, here, found, mini_app, my_courses)


def connected_already(words: Words, found: Connection, mini_app: str | None, my_courses: str) -> Screen:
    """Say the same to a learner who opens a link that connects nobody any more."""
    already = (
        words.say(
            "Your Telegram is already connected with your account at {organisation}.", organisation=found.organisation
        )
        if found.organisation
        else words.say("Your Telegram is already connected with your account.")
    )
    return _connection(words, already, found, mini_app, my_courses)


def _connection(words: Words, here: Markup, found: Connection, mini_app: str | None, my_courses: str) -> Screen:
    comes = words.say("Messages about your account and your courses come here.") if found.may_write else None
    told = lines(here, comes, _how_to_stop(words) if found.may_write else None)
    return _with_way_back(words, told, mini_app, my_courses) if found.is_active else Screen(text=told)


def _how_to_stop(words: Words) -> Markup:
    return words.say("To get no messages here any more, send {line}", line=STOP)


def stopped(words: Words) -> Screen:
    """Say that no more messages come here."""
    return Screen(text=words.say("You get no messages here any more. You can connect again on the pages."))
