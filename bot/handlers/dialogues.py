"""Runs forms: takes one tap or one typed answer at a time, and shows the newest state after any other tap."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from bot.context import Context
from bot.handlers import guides, in_question
from bot.input.arguments import StaleButton, is_number
from bot.input.replaced import corrected
from bot.menu.form import PART, Form, Notes, Read, Turn
from bot.screens.screen import FormShown, Rows, Screen, rows, tap, to_home
from bot.wording import refusals
from bot.wording.text import lines
from core.domain.profile_requests import asks_for_new
from core.errors import OtherTurn, Refusal, TimeAmbiguous
from core.services import dialogues
from core.services.dialogues import Dialogue, Step

LEAVE, CONTINUE, MEANT = "stop", "draft", "meant"
READINGS = "readings"  # the key of what is asked that holds the two lines that an ambiguous one may mean

Forms = Mapping[str, Form]


async def begin(context: Context, form: Form) -> Screen:
    """Open a form, in place of an earlier one."""
    return await open_with(context, form, await form.begin(context))


async def open_typed(context: Context, form: Form, text: str) -> Screen:
    """Open a form, in place of an earlier one, with what a typed text says of it; what it can't mean is said."""
    step = await form.begin(context)
    turn = Turn(context=context, dialogue=dialogues.unsaved(form.kind, step))
    try:
        read = await form.read(turn, text)
    except Refusal as refused:
        read = _refused(turn, text, refused)
    dialogue = await _begun(context, form, read.step)
    return await _shown(form, turn.at(dialogue), read.notes)


async def open_with(context: Context, form: Form, step: Step) -> Screen:
    """Open a form with answers."""
    dialogue = await _begun(context, form, step)
    return await _shown(form, Turn(context=context, dialogue=dialogue), ())


async def _begun(context: Context, form: Form, step: Step) -> Dialogue:
    return await context.write(
        dialogues.begin,
        context.actor_id,
        context.chat_id,
        form.kind,
        step,
        context.now,
        message_id=context.message_id,
    )


async def tapped(forms: Forms, context: Context, data: str) -> Screen:
    """Answer a tap on a form: `<turn>:<verb>[:<argument>]`. Raises StaleButton."""
    match data.split(":", 2):
        case [number, verb, *rest] if is_number(number):
            argument = "".join(rest)
        case _:
            raise StaleButton
    dialogue = await _current(context)
    if dialogue is None or dialogue.turn != int(number) or dialogue.made is not None or dialogue.kind not in forms:
        return await newest(forms, context, said=_here(context))
    try:
        return await _taken(forms, Turn(context=context, dialogue=dialogue), verb, argument)
    except OtherTurn:  # another process was faster
        return await newest(forms, context, said=_here(context))


async def typed(forms: Forms, context: Context, text: str) -> Screen | None:
    """Let a typed text answer the open form, and show the form below it; None if no form is open, or for a `#7`."""
    if (dialogue := await _current(context)) is None or not dialogue.active or dialogue.kind not in forms:
        return None
    if PART not in dialogue.asked and in_question.names_card(context, text):
        return None
    form, turn = forms[dialogue.kind], Turn(context=context, dialogue=dialogue)
    news: Notes = ()
    try:
        turn, news = await form.refreshed(turn)
        read = await in_question.ask(turn, text) or await form.understand(turn, text)
        moved = await _move(turn, read.step)
    except OtherTurn:  # another process was faster
        return await newest(forms, context, said=_here(context))
    except Refusal as refused:
        read = _refused(turn, text, refused)
        moved = await _move(turn, read.step)
    screen = await _shown(form, turn.at(moved), [*news, *read.notes])
    return replace(screen, form=FormShown(turn=moved.turn, instead_of=dialogue.message_id))


async def newest(forms: Forms, context: Context, said: Markup | None = None) -> Screen:
    """Show the newest state of the form, whose answers stay as they are: what it made, if it made something."""
    dialogue = await _current(context)
    if dialogue is None or dialogue.kind not in forms:
        return Screen(
            text=context.words.say("This form is no longer kept."),
            rows=rows([to_home(context.words)]),
        )
    form, turn = forms[dialogue.kind], Turn(context=context, dialogue=dialogue)
    if dialogue.made is not None:
        return replace(await form.made(context, dialogue.made), toast=said)
    if not dialogue.active:  # who sees the form answers it
        turn = turn.at(await _move(turn, _as_it_is(turn)))
    return replace(await _shown(form, turn, ()), toast=said)


async def left(forms: Forms, context: Context) -> Screen | None:
    """Say that a form was left, and offer to go on with it; None if there is none to go on with."""
    dialogue = await _current(context)
    if dialogue is None or dialogue.made is not None or dialogue.kind not in forms:
        return None
    return await _left(forms[dialogue.kind], Turn(context=context, dialogue=dialogue))


async def unfinished(forms: Forms, context: Context) -> Markup | None:
    """Return the title of the form that can be gone on with; None if there is none, or its subject is gone."""
    dialogue = await _current(context)
    if dialogue is None or dialogue.made is not None or dialogue.kind not in forms:
        return None
    try:
        return await forms[dialogue.kind].title(Turn(context=context, dialogue=dialogue))
    except Refusal:  # rights were lost, or the profile was deleted meanwhile
        return None


async def leave(context: Context) -> None:
    """Let typed texts answer the form no longer."""
    await context.engine.write(dialogues.leave, context.actor_id, context.chat_id)


async def _taken(forms: Forms, turn: Turn, verb: str, argument: str) -> Screen:
    """Take a tap of the form's own turn. A refusal is shown above the form, which stays as it is."""
    form, context = forms[turn.dialogue.kind], turn.context
    try:
        if verb == LEAVE:
            moved = await _move(turn, turn.back(), active=False)
            return await _left(form, turn.at(moved))
        turn, news = await form.refreshed(turn)
        if verb in form.finish and not news:
            return await form.finish[verb](turn)
        if verb == in_question.INSTEAD:
            return await _instead(turn)
        if verb in RETYPED:
            read = await form.understand(*await RETYPED[verb](turn, argument))
            return await _shown(form, turn.at(await _move(turn, read.step)), [*news, *read.notes])
        if verb not in form.finish and verb not in form.taps:
            raise StaleButton
        step = await form.taps[verb](turn, argument) if verb in form.taps else turn.back()
        moved = await _move(turn, step)
    except OtherTurn:
        raise
    except Refusal as refused:
        return await _shown(form, turn, [refusals.refusal(context.words, refused)])
    return await _shown(form, turn.at(moved), news)


async def _left(form: Form, turn: Turn) -> Screen:
    title, say = await form.title(turn), turn.context.words.say
    return Screen(
        text=lines(say("Nothing was saved."), say("“{title}” is kept for a week.", title=title)),
        rows=rows([tap(say("Continue"), CONTINUE), to_home(turn.context.words)]),
    )


async def _shown(form: Form, turn: Turn, notes: Notes) -> Screen:
    screen = await form.screen(turn, notes)
    return replace(
        screen,
        rows=(*_readings(turn), *in_question.buttons(turn), *screen.rows),
        form=FormShown(turn=turn.dialogue.turn, instead_of=None),
    )


async def _current(context: Context) -> Dialogue | None:
    return await context.read(dialogues.current, context.actor_id, context.chat_id, context.now)


async def _move(turn: Turn, step: Step, *, active: bool = True) -> Dialogue:
    context, dialogue = turn.context, turn.dialogue
    return await context.write(
        dialogues.move,
        context.actor_id,
        context.chat_id,
        dialogue.turn,
        step,
        context.now,
        message_id=context.message_id,
        active=active,
    )


async def _instead(turn: Turn) -> Screen:
    """Leave the form for what a text in question says: a command, or a form that it fills in. Raises StaleButton."""
    context, (command, text) = turn.context, in_question.instead(turn)
    await leave(context)
    if command.form is not None and asks_for_new(text, context.words.zone, context.now):
        return await open_typed(context, command.form, text)
    return await guides.open_bare(context, command)


def _as_it_is(turn: Turn) -> Step:
    return Step(answers=turn.answers, asked=turn.asked)


def _refused(turn: Turn, text: str, refused: Refusal) -> Read:
    """Say why a typed text changes nothing; ask which time is meant if it may be two."""
    step = _in_doubt(turn, text, refused) if isinstance(refused, TimeAmbiguous) else _as_it_is(turn)
    return Read(step=step, notes=[refusals.refusal(turn.context.words, refused)])


def _in_doubt(turn: Turn, text: str, refused: TimeAmbiguous) -> Step:
    """Return the step to the form with a button for each time that a typed text may mean."""
    meant = [(corrected(text, refused.text, each.text), each.instant.isoformat()) for each in refused.readings]
    if any(line is None for line, _instant in meant):
        return _as_it_is(turn)
    part = {PART: turn.asked[PART]} if PART in turn.asked else {}  # without a calendar, which leaves no room
    return Step(answers=turn.answers, asked={**part, READINGS: meant})


def _readings(turn: Turn) -> Rows:
    words = turn.context.words
    return rows(
        *(
            [turn.button(words.weekday(datetime.fromisoformat(instant)), MEANT, place)]
            for place, (_line, instant) in enumerate(turn.asked.get(READINGS, ()))
        )
    )


async def _meant(turn: Turn, argument: str) -> tuple[Turn, str]:
    """Return the line that a tapped reading stands for. Raises StaleButton."""
    lines_meant = dict(enumerate(line for line, _instant in turn.asked.get(READINGS, ())))
    if not is_number(argument) or int(argument) not in lines_meant:
        raise StaleButton
    return turn, str(lines_meant[int(argument)])


# What a text stands for that is taken again by a tap, and the form where it answers.
RETYPED: Mapping[str, Callable[[Turn, str], Awaitable[tuple[Turn, str]]]] = {
    MEANT: _meant,
    in_question.AS_TYPED: in_question.as_typed,
}


def _here(context: Context) -> Markup:
    return context.words.say("Here is where we are.")
