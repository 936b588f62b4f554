"""A line with a time that has two meanings is answered with a button for each."""

from collections.abc import Mapping

from bot.context import Context
from bot.input.arguments import StaleButton
from bot.input.replaced import corrected
from bot.menu.buttons import ButtonHandler, by_numbers
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording import refusals
from bot.wording.refused_times import reading
from core.errors import TimeAmbiguous
from core.services import questions
from core.services.questions import About


async def ask(context: Context, name: str, text: str, refused: TimeAmbiguous) -> Screen:
    """Ask which time is meant in a line of a command; the buttons carry the line out with that one."""
    said = refusals.refusal(context.words, refused)
    clear = [corrected(text, refused.text, each.text) for each in refused.readings]
    if None in clear:
        return Screen(text=said)
    body = {"command": name, "lines": clear}
    asked = await context.write(questions.ask, context.actor_id, About.TIME, body, context.now)
    labels = [reading(context.words, each) for each in refused.readings]
    meant = ([tap(label, "time-meant", asked, at)] for at, label in enumerate(labels))
    return Screen(text=said, rows=rows(*meant, [to_home(context.words)]))


async def choose(context: Context, question_id: int, place: int) -> Screen:
    """Carry out the line with the time that was tapped. Raises QuestionClosed, StaleButton, and the line's refusals."""
    body = await context.read(questions.read, context.actor_id, question_id, About.TIME, context.now)
    command = next((each for each in context.commands if each.name == body["command"]), None)
    if place >= len(body["lines"]) or command is None:
        raise StaleButton
    text = body["lines"][place]
    try:
        screen: Screen = await command.handler(context, text)
    except TimeAmbiguous as refused:
        return await ask(context, command.name, text, refused)
    return screen


BUTTONS: Mapping[str, ButtonHandler] = {
    "time-meant": by_numbers(choose, at_least=2, at_most=2),
}
