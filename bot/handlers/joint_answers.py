"""All who wait for an approval, or who ask for access, answered together after a question that names them."""

from collections.abc import Mapping

from bot.context import Context
from bot.input.arguments import StaleButton, card_number
from bot.input.hasty_taps import HastyTap, is_hasty, stamp
from bot.menu.buttons import ButtonHandler, acting_on_who_waits, by_number, by_numbers
from bot.screens import joint_answers as screens
from bot.screens.screen import Screen, rows, to_home
from bot.screens.searches import words_of
from bot.screens.waiting_list import argument_of_list
from core.services import joint_answers, joint_request_answers
from core.services.joint_answers import Answer


async def ask(context: Context, answer: Answer, words: str) -> Screen | None:
    """Ask whether to answer all on the list with these words, or of this profile; None if nobody waits.

    Not the tap's effect: it may be asked twice.
    """
    profile_id = card_number(words)
    asked_for = "" if profile_id is not None else words
    meant = await context.engine.write(
        joint_answers.propose, context.actor_id, answer, asked_for, context.now, profile_id=profile_id
    )
    if meant is None:
        return None
    return screens.question(context.words, meant, await argument_of_list(context, words), stamp(context.engine.now()))


async def ask_by_button(context: Context, data: str) -> Screen:
    """Ask from a list's button: `<answer>:<search>`."""
    answer, _, argument = data.partition(":")
    words = await words_of(context, argument)
    return await ask(context, _answer(answer), words) or _nobody_waits(context)


async def ask_all(context: Context, _number: int) -> Screen:
    """Ask from the notice of an earlier release, which said how many wait."""
    return await ask(context, Answer.APPROVE, "") or _nobody_waits(context)


async def confirm(context: Context, question_id: int, stamped: int | None = None) -> Screen:
    """Answer them after the question. Raises HastyTap if it was asked a moment ago only."""
    _refuse_if_hasty(context, stamped)
    done = await context.write(joint_answers.confirm, context.actor_id, question_id, context.now)
    return screens.done(context.words, done)


async def bring_back(context: Context, question_id: int) -> Screen:
    """Let those wait again who were declined."""
    back = await context.write(joint_answers.bring_back, context.actor_id, question_id, context.now)
    return screens.brought_back(context.words, back)


async def ask_of_requests(context: Context, answer: str) -> Screen:
    """Ask whether to answer all requests for access."""
    meant = await context.engine.write(joint_request_answers.propose, context.actor_id, _answer(answer), context.now)
    if meant is None:
        text = context.words.say("There is no request for access that you can answer this way.")
        return Screen(text=text, rows=rows([screens.to_requests(context.words)]))
    return screens.request_question(context.words, meant, stamp(context.engine.now()))


async def confirm_requests(context: Context, question_id: int, stamped: int | None = None) -> Screen:
    """Answer the requests after the question. Raises HastyTap if it was asked a moment ago only."""
    _refuse_if_hasty(context, stamped)
    done = await context.write(joint_request_answers.confirm, context.actor_id, question_id, context.now)
    return screens.requests_done(context.words, done, can_mail=context.can_mail)


def _answer(text: str) -> Answer:
    try:
        return Answer(text)
    except ValueError:
        raise StaleButton from None


def _refuse_if_hasty(context: Context, stamped: int | None) -> None:
    if is_hasty(stamped, context.now):
        raise HastyTap


def _nobody_waits(context: Context) -> Screen:
    return Screen(text=context.words.say("Nobody is waiting for your approval."), rows=rows([to_home(context.words)]))


BUTTONS: Mapping[str, ButtonHandler] = {
    "answer-all": acting_on_who_waits(ask_by_button),
    "approve-all!": acting_on_who_waits(by_number(ask_all)),
    "answer-all!": by_numbers(confirm, at_most=2),
    "answer-all-back": by_number(bring_back),
    "answer-requests": acting_on_who_waits(ask_of_requests),
    "answer-requests!": by_numbers(confirm_requests, at_most=2),
}
