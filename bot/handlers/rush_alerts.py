"""What alerts about rushes have in common: shown as they are now, with buttons that pause and resume the link."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.profiles import shown
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler, by_numbers
from bot.screens.screen import Screen
from bot.wording.phrases import Words
from core.errors import ProfileNotFound, ProfileReadOnly, RushOver
from core.services import profile_editing
from core.services.profiles import Card
from core.services.rushes import Rush


@dataclass(frozen=True, kw_only=True)
class RushAlert:
    """An alert about a rush: the use case by which that is found, and how it is drawn, with a profile's card.

    `act`: how its buttons that act on the rush are drawn.
    """

    find: Callable[..., Rush | None]
    draw: Callable[..., Screen]
    act: Callable[[Words, Card, Rush | None], list[InlineKeyboardButton]]

    def buttons(self, verb: str) -> Mapping[str, ButtonHandler]:
        """Return the buttons that show the alert, pause and resume; each carries the profile and the second."""
        return {
            verb: by_numbers(self.show, at_least=2, at_most=2),
            f"{verb}-pause": by_numbers(self._pause, at_least=2, at_most=2),
            f"{verb}-resume": by_numbers(self._resume, at_least=2, at_most=2),
        }

    async def show(self, context: Context, profile_id: int, told: int) -> Screen:
        """Show the alert as it is now."""
        return await self._alert(context, profile_id, told)

    def asking_anew(self, ask: Callable[[Context, int, int], Awaitable[Screen]]) -> ButtonHandler:
        """Ask anew, from `question:profile:moment`; show the alert if nobody is left to be asked about."""

        async def ask_anew(context: Context, arguments: str) -> Screen:
            match arguments.split(":"):
                case [_, profile_id, told]:
                    rush = int(profile_id), int(told)
                case _:  # an earlier release's
                    raise StaleButton
            try:
                return await ask(context, *rush)
            except RushOver:
                return await self.show(context, *rush)

        return ask_anew

    async def acting(self, context: Context, profile_id: int, told: int | None) -> list[InlineKeyboardButton]:
        """Return the buttons that act on a rush as it is now; none if the profile is deleted or can't be changed."""
        try:
            card = await shown(context, profile_id)
            found = await context.read(self.find, context.actor_id, profile_id, context.now, told=told)
        except (ProfileNotFound, ProfileReadOnly):
            return []
        return self.act(context.words, card, found)

    async def _pause(self, context: Context, profile_id: int, told: int) -> Screen:
        """Pause the link, and show the alert with the button that resumes it."""
        return await self._switch(context, profile_id, told, paused=True)

    async def _resume(self, context: Context, profile_id: int, told: int) -> Screen:
        """Resume the link, and show the alert."""
        return await self._switch(context, profile_id, told, paused=False)

    async def _switch(self, context: Context, profile_id: int, told: int, *, paused: bool) -> Screen:
        await context.write(profile_editing.pause, context.actor_id, profile_id, context.now, paused=paused)
        toast = context.words.say("Paused") if paused else context.words.say("The link works again")
        return await self._alert(context, profile_id, told, toast=toast)

    async def _alert(self, context: Context, profile_id: int, told: int, *, toast: Markup | None = None) -> Screen:
        card = await shown(context, profile_id)
        found = await context.read(self.find, context.actor_id, profile_id, context.now, told=told)
        return self.draw(context.words, card, found, toast=toast)
