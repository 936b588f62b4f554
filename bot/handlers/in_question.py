"""A text typed on an open form that may be meant otherwise: a command in words, a question, or several people."""

from dataclasses import replace

from bot.context import Context
from bot.handlers import guides
from bot.input.arguments import StaleButton
from bot.input.pasted import addresses_in
from bot.input.spoken import command_in_words, is_question
from bot.menu.command import Command
from bot.menu.form import PART, Read, Turn
from bot.screens import pasted_people
from bot.screens.screen import Rows, rows
from core.domain.access import Permission
from core.domain.naming import LONGEST_NAME
from core.services import awaited_lists
from core.services.dialogues import Step

AS_TYPED, INSTEAD = "typed", "instead"
IN_QUESTION = "in question"  # the key of what is asked that holds a typed text, and the command that it may mean
PEOPLE = "people"  # the one that holds the number under which pasted people are kept, and the part that was asked for
HELP = "help"


async def ask(turn: Turn, text: str) -> Read | None:
    """Ask whether a text is the answer to the form; None if it can be nothing else."""
    return await _about_people(turn, text) or _about_command(turn, text)


def buttons(turn: Turn) -> Rows:
    """Return the buttons that say what a text in question is, for any screen of the form."""
    context, say = turn.context, turn.context.words.say
    typed = turn.button(say("Use as typed"), AS_TYPED)
    if PEOPLE in turn.asked:
        can_mail = context.addresses.mails_a_day is not None
        return rows([typed], pasted_people.buttons(context.words, turn.asked[PEOPLE][0], can_mail=can_mail))
    if IN_QUESTION not in turn.asked:
        return ()
    other = say("Help") if turn.asked[IN_QUESTION][1] == HELP else say("Do that")
    return rows([typed, turn.button(other, INSTEAD)])


async def as_typed(turn: Turn, _argument: str) -> tuple[Turn, str]:
    """Return the text in question, and the form where it answers. Raises StaleButton, QuestionClosed."""
    if PEOPLE in turn.asked:
        question_id, part = turn.asked[PEOPLE]
        text = await turn.context.read(awaited_lists.pasted, turn.context.actor_id, question_id, turn.context.now)
        asked = {PART: part} if part else {}
        return turn.at(replace(turn.dialogue, asked=asked)), text
    if IN_QUESTION not in turn.asked:
        raise StaleButton
    return turn, str(turn.asked[IN_QUESTION][0])


def instead(turn: Turn) -> Command:
    """Return the command that a text in question says. Raises StaleButton."""
    if IN_QUESTION not in turn.asked:
        raise StaleButton
    return guides.find(turn.context, turn.asked[IN_QUESTION][1])


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
    return await context.engine.write(awaited_lists.paste, context.actor_id, text, context.now)


def _about_command(turn: Turn, text: str) -> Read | None:
    context, say = turn.context, turn.context.words.say
    name = command_in_words(text, leaving=False)
    if PART in turn.asked or len(text) > LONGEST_NAME or not (name or is_question(text)):
        return None  # what is asked for may be anything
    command = guides.find(context, name or HELP)
    if not command.is_for(context.person.permissions):
        return None
    asked = {IN_QUESTION: [text, command.name]}
    said = say("Did you mean “{what}”?", what=say(command.summary)) if name else say("That looks like a question.")
    return Read(step=Step(answers=turn.answers, asked=asked), notes=[said])
