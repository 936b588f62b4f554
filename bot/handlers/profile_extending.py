"""The buttons +1 week and +10 places of a card: they apply at once, and can be taken back for a minute."""

from collections.abc import Mapping
from datetime import UTC, datetime

from markupsafe import Markup

from bot.context import Context
from bot.handlers.profiles import shown
from bot.input.arguments import StaleButton, is_number
from bot.menu.buttons import ButtonHandler, by_numbers
from bot.screens.profile_card import profile_screen
from bot.screens.screen import Screen, tap
from bot.wording.text import shortened
from core.errors import PreviewOutdated
from core.services import profile_extending
from core.services.profile_editing import EditedField, Settled
from core.services.profile_extending import Extended

UNDO = "unextend"
LONGEST_NAME = 60  # letters of a toast of 200 (Bot API)
EXTENDED = (EditedField.END, EditedField.LIMIT)


async def add_week(context: Context, profile_id: int, ends_at: int) -> Screen:
    """Let a profile end a week later; a second tap of the same button shows the card."""
    try:
        extended = await context.write(
            profile_extending.add_week, context.actor_id, profile_id, context.now, ends_at=ends_at
        )
    except PreviewOutdated:
        return await _as_it_is(context, profile_id)
    ends = context.words.moment(extended.card.window.ends_at)
    return _given(context, extended, context.words.say("“{name}” closes {when}", name=_name(extended), when=ends))


async def add_places(context: Context, profile_id: int, limit: int) -> Screen:
    """Let ten more people sign up; a second tap of the same button shows the card."""
    try:
        extended = await context.write(
            profile_extending.add_places, context.actor_id, profile_id, context.now, limit=limit
        )
    except PreviewOutdated:
        return await _as_it_is(context, profile_id)
    places = context.words.say("“{name}”: {places} places", name=_name(extended), places=extended.card.limit)
    return _given(context, extended, places)


async def undo(context: Context, data: str) -> Screen:
    """Take back what was given a moment ago: profile, field, value, when it was given, fingerprint."""
    match data.split(":"):
        case [profile_id, field, value, at, seen] if is_number(profile_id) and is_number(value) and is_number(at):
            if field not in EXTENDED:
                raise StaleButton
            settled = Settled(field=EditedField(field), value=int(value), seen=seen)
            given = _moment(int(at))
            card = await context.write(
                profile_extending.undo, context.actor_id, int(profile_id), settled, context.now, at=given
            )
            return profile_screen(context, card, toast=context.words.say("Undone"))
    raise StaleButton


def _name(extended: Extended) -> str:
    return shortened(extended.card.name, LONGEST_NAME)


async def _as_it_is(context: Context, profile_id: int) -> Screen:
    card = await shown(context, profile_id)
    return profile_screen(context, card, toast=context.words.say("Here is where we are."))


def _given(context: Context, extended: Extended, toast: Markup) -> Screen:
    """Show the card with a button that takes back what it just got."""
    card, settled, at = extended.card, extended.undo, int(context.now.timestamp())
    undoing = tap(context.words.say("Undo"), UNDO, card.profile_id, settled.field, settled.value, at, settled.seen)
    return profile_screen(context, card, toast=toast, undo=undoing)


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise StaleButton from None


BUTTONS: Mapping[str, ButtonHandler] = {
    "week": by_numbers(add_week, at_least=2, at_most=2),
    "places": by_numbers(add_places, at_least=2, at_most=2),
    UNDO: undo,
}
