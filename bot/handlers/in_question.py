"""A text typed on an open form that may be meant otherwise: a command in words, a question, or several people."""

from dataclasses import replace

from markupsafe import Markup

from bot.context import Context
from bot.handlers import guides
from bot.input.arguments import StaleButton, card_number
from bot.input.pasted import addresses_in
from bot.input.spoken import command_in_words, is_greeting, is_question
from bot.menu.command import Command
from bot.menu.form import PART, Read, Turn
from bot.screens import pasted_people
from bot.screens.screen import Rows, rows
from bot.wording.phrases import Words
from core.domain.access import Permission
from core.domain.naming import LONGEST_NAME
from core.domain.profile_requests import asks_for_new
from core.services import awaited_lists
from core.services.dialogues import Step

AS_TYPED, INSTEAD = "typed", "instead"
IN_QUESTION = "in question"  # the key of what is asked that holds a typed text, and the command that it may mean
PEOPLE = "people"  # the one that holds the number under which pasted people are kept, and the part that was asked for
NEW_LINK, OF_LINKS = "newprofile", "profile"  # the command, and the kind of its form
HELP, MENU, START = "help", "menu", "start"


async def ask(turn: Turn, text: str) -> Read | None:
    """Ask whether a text is the answer to the form; None if it can be nothing else."""
    return await _about_people(turn, text) or _about_command(turn, text)


def names_card(context: Context, text: str) -> bool:
    """Return whether a text names a profile's card, `#7`, that its writer may see; a number alone may be places."""
    is_number = text.strip().startswith("#") and card_number(text) is not None
    return is_number and Permission.MANAGE_PROFILES in context.person.permissions


def buttons(turn: Turn) -> Rows:
    """Return the buttons that say what a text in question is, for any screen of the form."""
    context, say = turn.context, turn.context.words.say
    typed = turn.button(say("Use as typed"), AS_TYPED)
    if PEOPLE in turn.asked:
        return rows([typed], pasted_people.buttons(context.words, turn.asked[PEOPLE][0], can_mail=context.can_mail))
    if IN_QUESTION not in turn.asked:
        return ()
    others = {HELP: say("Help"), MENU: say("‹ Menu")}
    return rows([typed, turn.button(others.get(turn.asked[IN_QUESTION][1], say("Do that")), INSTEAD)])


async def as_typed(turn: Turn, _argument: str) -> tuple[Turn, str]:
    """Return the text in question, and the form where it answers. Raises StaleButton, QuestionClosed."""
    if PEOPLE in turn.asked:
        question_id, part = turn.asked[PEOPLE]
        kept = await turn.context.read(awaited_lists.pasted, turn.context.actor_id, question_id, turn.context.now)
        asked = {PART: part} if part else {}
        return turn.at(replace(turn.dialogue, asked=asked)), str(kept["text"])
    if IN_QUESTION not in turn.asked:
        raise StaleButton
    return turn, str(turn.asked[IN_QUESTION][0])


def instead(turn: Turn) -> tuple[Command, str]:
    """Return the command that a text in question says, and the text. Raises StaleButton."""
    if IN_QUESTION not in turn.asked:
        raise StaleButton
    text, name = turn.asked[IN_QUESTION]
    return guides.find(turn.context, name), str(text)


async def _about_people(turn: Turn, text: str) -> Read | None:
    """Ask about several people, also while a part is chosen: they are hardly a department or a time."""
    context, number = turn.context, len(addresses_in(text))
    if number < 2 or Permission.MANAGE_PROFILES not in context.person.permissions:  # noqa: PLR2004 - one may be an answer
        return None
    asked = {PEOPLE: [await _kept(context, text), turn.asked.get(PART, "")]}
    said = context.words.count(
        "{number} person: is that the answer to this form, or shall I do something else with them?",
        "{number} people: is that the answer to this form, or shall I do something else with them?",
        number,
    )
    return Read(step=Step(answers=turn.answers, asked=asked), notes=[said])


async def _kept(context: Context, text: str) -> int:
    """Keep people. Not the update's effect: if they are kept twice, nothing is asked about the first time."""
    return await context.engine.write(awaited_lists.paste, context.actor_id, {"text": text}, context.now)


def _about_command(turn: Turn, text: str) -> Read | None:
    context, name = turn.context, command_in_words(text, leaving=False) or _another_form(turn, text)
    if PART in turn.asked or len(text) > LONGEST_NAME or not (name or is_question(text)):
        return None  # what is asked for may be anything
    command = guides.find(context, MENU if name == START else name or HELP)
    if not command.is_for(context.person.permissions):
        return None
    asked = {IN_QUESTION: [text, command.name]}
    said = _said_of(context.words, text, command) if name else context.words.say("That looks like a question.")
    return Read(step=Step(answers=turn.answers, asked=asked), notes=[said])


def _another_form(turn: Turn, text: str) -> str:
    """Return the command for a new link if a text is a sentence that asks for one, on a form of something else."""
    context, is_its_form = turn.context, turn.dialogue.kind == OF_LINKS
    return NEW_LINK if not is_its_form and asks_for_new(text, context.words.zone, context.now) else ""


def _said_of(words: Words, text: str, command: Command) -> Markup:
    """Return what a text in question is answered with that says a command, or greets."""
    if is_greeting(text):
        return words.say("Hello! You are filling in this form: tap or type what is to change.")
    return words.say("Did you mean “{what}”?", what=words.say(command.summary))
