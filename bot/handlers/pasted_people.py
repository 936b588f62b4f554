"""People that are pasted while no list was asked for: what to do with them is asked, then for which profile."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context, FileUnavailable
from bot.handlers import dialogues, link_mail_lists, received_lists, roster_lists
from bot.handlers.newest_profiles import newest_profiles
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler, by_numbers
from bot.screens.pasted_people import VERB, Purpose, buttons
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording.text import lines
from core.domain.rosters import RosterOf
from core.language import region
from core.rosters.person_values import Expectations
from core.rosters.reading import read_text
from core.services import awaited_lists
from core.services.awaited_lists import Awaited
from core.services.questions import About

COMMAND_NAMES = {Purpose.EXPECT: "expect", Purpose.SEND: "send"}
ABOUT = {Purpose.EXPECT: About.ROSTER, Purpose.SEND: About.LINK_MAIL}
FIRST_SHOWN = {Purpose.EXPECT: roster_lists.first_shown, Purpose.SEND: link_mail_lists.first_shown}


async def ask(context: Context, text: str) -> Screen:
    """Ask what to do with the people in a text. Needs the permission to manage sign-up profiles.

    Raises what `read_text` raises.
    """
    return Screen(
        text=_question(context, text),
        rows=rows(await keep(context, text), [to_home(context.words)]),
    )


async def keep(context: Context, text: str) -> list[InlineKeyboardButton]:
    """Return the buttons that say what to do with the people in a text, which is kept for them."""
    kept = await context.write(awaited_lists.paste, context.actor_id, {"text": text}, context.now)
    return buttons(context.words, kept, can_mail=context.can_mail)


async def ask_about(context: Context, text: str, profile_id: int) -> Screen:
    """Ask what to do with the people of a text, or of the file at hand, that was a reply to the card of a profile."""
    say, body = context.words.say, received_lists.body_of(context, text)
    kept = await context.write(awaited_lists.paste, context.actor_id, body, context.now)
    about_file = say("What would you like to do with the people of this file?")
    return Screen(
        text=_question(context, text) if text else about_file,
        rows=rows(
            buttons(context.words, kept, profile_id, can_mail=context.can_mail),
            [tap(say("‹ Profile"), "profile", profile_id)],
        ),
    )


def _question(context: Context, text: str) -> Markup:
    number = len(read_text(text, Expectations(region=region(context.person.zone))).people)
    people = context.words.count("{number} person", "{number} people", number)
    return lines(people, context.words.say("What would you like to do with them?"))


async def choose(context: Context, question_id: int, purpose: int, profile_id: int = 0) -> Screen:
    """Leave an open form and ask for which profile, then preview it all. Raises StaleButton, QuestionClosed."""
    if purpose not in list(Purpose):
        raise StaleButton
    body = await context.read(awaited_lists.pasted, context.actor_id, question_id, context.now)
    if profile_id:
        return await _preview(context, body, Purpose(purpose), profile_id)

    def to_profile(label: str, number: int) -> InlineKeyboardButton:
        return tap(label, VERB, question_id, purpose, number)

    found = await newest_profiles(context, COMMAND_NAMES[Purpose(purpose)], to_profile)
    if found.rows:
        await _leave_form(context)
    return found.question(context.words, then=context.words.say("Then paste the list again.") if found.others else None)


async def _preview(context: Context, body: Mapping[str, object], purpose: Purpose, profile_id: int) -> Screen:
    of = RosterOf(profile_id=profile_id)
    try:
        found = await received_lists.read(context, Awaited(question_id=0, of=of, body=dict(body)))
    except FileUnavailable:
        return received_lists.unavailable(context, of)
    kept = await context.write(awaited_lists.receive, context.actor_id, ABOUT[purpose], of, body, context.now)
    await _leave_form(context)
    return await FIRST_SHOWN[purpose](context, kept, found)


async def _leave_form(context: Context) -> None:
    """Leave the open form, once it is sure that what was tapped goes on: a dead button leaves no form."""
    if context.person.has_open_form:
        await dialogues.leave(context)


BUTTONS: Mapping[str, ButtonHandler] = {VERB: by_numbers(choose, at_least=2, at_most=3)}
