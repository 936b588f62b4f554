"""/duplicate: a profile is made anew under another name, by a line or by the form."""

from collections.abc import Mapping
from functools import partial

from bot.context import Context
from bot.handlers import dialogues, profile_form, repetitions
from bot.handlers.profiles import ask_about_another
from bot.input.arguments import fields, number
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.profile_card import profile_screen
from bot.screens.screen import Screen
from bot.wording.phrases import N_
from core.domain.access import Permission
from core.engine import UseCase
from core.services import profile_copying
from core.services.dialogues import Step
from core.services.profiles import Card


async def duplicate(context: Context, text: str) -> Screen:
    """Duplicate a profile from `ID | new name`."""
    return await repetitions.make(
        context,
        f"/duplicate {text}",
        _duplicating(context, text),
        number=lambda made: made.profile_id,
        screen=lambda made: _copy_screen(context, made, text),
        ask=partial(ask_about_another, context, text, "duplicate-again!"),
    )


async def duplicate_again(context: Context, question_id: int) -> Screen:
    """Make another copy like the one that the same line made, after the question."""
    text = await repetitions.line_of(context, question_id)
    return _copy_screen(context, await repetitions.another(context, question_id, _duplicating(context, text)), text)


async def open_form(context: Context, profile_id: int, *_newest: int) -> Screen:
    """Open the form of a new link with a profile's answers, and the next number after its name."""
    answers = await context.read(profile_copying.answers_of, context.actor_id, profile_id, context.now)
    return await dialogues.open_with(context, profile_form.FORM, Step(answers=answers))


def _duplicating(context: Context, text: str) -> UseCase[[], Card]:
    profile_id, name = fields(text, 2, 2)
    model = number(profile_id)
    return lambda session: profile_copying.duplicate(session, context.actor_id, model, name, context.now)


def _copy_screen(context: Context, card: Card, text: str) -> Screen:
    """Show a copy of the profile whose number the text begins with."""
    model = number(text.partition("|")[0])
    return profile_screen(
        context, card, context.words.say("This is a copy of #{number} with its own link.", number=model)
    )


COMMANDS = (
    Command(
        name="duplicate",
        handler=duplicate,
        summary=N_("Create a copy of a profile"),
        parts=(Part(N_("profile number"), of=Choice.PROFILE), Part(N_("new name"))),
        examples=("/duplicate 1 | Winter sales",),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        rank=1,
        by_profile_number=True,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "duplicate-again!": by_number(duplicate_again),
    "duplicate": by_numbers(open_form, at_most=2),
}
