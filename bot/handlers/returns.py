"""/return: returns an activation to its profile, after a question."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.history import older_button, read_page, shown_page
from bot.input.arguments import StaleButton, fields, is_number, number
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.screen import Screen, rows, tap
from bot.wording.phrases import N_
from bot.wording.text import command, lines, shortened
from core.domain.access import Permission
from core.services import history
from core.services.history import Entry

LONGEST_DATA = 64  # bytes of a button's data, which has the reason in it
LONGEST_LABEL = 30


async def ask(context: Context, text: str) -> Screen:
    """Ask before an activation is returned, from `ACTIVATION | reason`."""
    activation, reason = fields(text, 1, 2)
    return await _asked(context, number(activation), reason)


async def ask_without_reason(context: Context, activation_id: int) -> Screen:
    """Ask before an activation is returned, with the line that adds a reason."""
    return await _asked(context, activation_id, "")


async def choose(context: Context, data: str) -> Screen:
    """Show a page of a history with a button for each activation that can be returned, from `profile:before`."""
    profile_id, _, before = data.partition(":")
    if not is_number(profile_id) or (before and not is_number(before)):
        raise StaleButton
    found = await read_page(context, int(profile_id), int(before) if before else None)
    say = context.words.say
    buttons = [[_button(entry)] for entry in found.entries if found.editable and not entry.returned]
    return Screen(
        text=lines(
            *shown_page(context, found, numbered=found.editable),
            "",
            say("Which activation do you want to return? The learner stays."),
        ),
        rows=rows(*buttons, *older_button(context, found, "returns"), [tap(say("‹ History"), "history", profile_id)]),
    )


async def give_back(context: Context, data: str) -> Screen:
    """Return an activation after the question, from `activation:reason`."""
    activation, _, reason = data.partition(":")
    if not is_number(activation):
        raise StaleButton
    found = await context.read(history.returnable, context.actor_id, int(activation))
    await context.write(history.return_activation, context.actor_id, found.activation_id, reason, context.now)
    say = context.words.say
    return Screen(
        text=say(
            "The activation of {name} was returned: “{profile}” has one more place. The learner stays.",
            name=found.learner,
            profile=found.profile_name,
        ),
        rows=rows(
            [tap(say("History"), "history", found.profile_id)],
            [tap(say("‹ Profile"), "profile", found.profile_id)],
        ),
    )


async def _asked(context: Context, activation_id: int, reason: str) -> Screen:
    found = await context.read(history.returnable, context.actor_id, activation_id)
    say, over = context.words.say, len(f"return!:{activation_id}:{reason}".encode()) - LONGEST_DATA
    if over > 0:
        return Screen(text=_too_long(context, activation_id, reason))
    question = say("Return the activation of {name} to “{profile}”?", name=found.learner, profile=found.profile_name)
    moment = say(
        "They signed up {moment} and stay. The profile gets one more place.", moment=context.words.clock(found.at)
    )
    why = (
        say("Reason: {reason}", reason=reason)
        if reason
        else say("To add a reason to the log: {line}", line=command(f"/return {activation_id} | wrong department"))
    )
    returning = tap(say("Return"), "return!", activation_id, reason, style="danger")
    keeping = tap(say("Cancel"), "history", found.profile_id)
    return Screen(text=lines(question, moment, why), rows=rows([returning, keeping]))


def _too_long(context: Context, activation_id: int, reason: str) -> Markup:
    """Say that a reason is too long, with as much of it as fits."""
    room = LONGEST_DATA - len(f"return!:{activation_id}:")
    fitting = reason.encode()[:room].decode(errors="ignore").strip()
    return lines(
        context.words.say("The reason is too long. This much fits:"),
        command(f"/return {activation_id} | {fitting}"),
    )


def _button(entry: Entry) -> InlineKeyboardButton:
    name = shortened(f"{entry.first_name} {entry.last_name}".strip(), LONGEST_LABEL)
    return tap(f"↩ #{entry.activation_id} {name}", "return", entry.activation_id)


COMMANDS = (
    Command(
        name="return",
        handler=ask,
        summary=N_("Return an activation to its profile"),
        parts=(Part(N_("activation number")), Part(N_("reason"), optional=True)),
        examples=("/return 12 | wrong department",),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        guided=(Part(N_("profile"), of=Choice.PROFILE),),
        chosen=choose,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "return": by_number(ask_without_reason),
    "returns": choose,
    "return!": give_back,
}
