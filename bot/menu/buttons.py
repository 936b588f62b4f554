"""Arguments of a button after its verb: numbers, a fingerprint, a page, words; anything else raises StaleButton."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.context import Context
from bot.input.arguments import StaleButton, is_number
from bot.input.link_targets import LinkTarget, read_confirmed, read_link
from bot.input.roster_targets import read_roster
from bot.menu.command import CommandHandler
from bot.screens.screen import Screen
from bot.screens.searches import words_of
from core.services import growing_notices

ButtonHandler = Callable[[Context, str], Awaitable[Screen]]


def by_number(handler: Callable[[Context, int], Awaitable[Screen]]) -> ButtonHandler:
    """Call the handler with one number."""

    async def handle_button(context: Context, arguments: str) -> Screen:
        [number] = _numbers(arguments, 1, 1)
        return await handler(context, number)

    return handle_button


def by_numbers(handler: Callable[..., Awaitable[Screen]], *, at_least: int = 1, at_most: int) -> ButtonHandler:
    """Call the handler with `at_least` to `at_most` numbers."""

    async def handle_button(context: Context, arguments: str) -> Screen:
        return await handler(context, *_numbers(arguments, at_least, at_most))

    return handle_button


def of_roster(
    handler: Callable[..., Awaitable[Screen]], *, at_least: int = 0, at_most: int | None = None
) -> ButtonHandler:
    """Call the handler with whose roster it is, and `at_least` to `at_most` numbers (None: as many as at least)."""

    async def handle_button(context: Context, arguments: str) -> Screen:
        target, more, given = arguments.partition(":")
        most = at_least if at_most is None else at_most
        if (not more and at_least) or (more and not most):
            raise StaleButton
        return await handler(context, read_roster(target), *(_numbers(given, at_least, most) if more else ()))

    return handle_button


def of_link(handler: Callable[[Context, LinkTarget], Awaitable[Screen]]) -> ButtonHandler:
    """Call the handler with which link sent by e-mail is meant."""

    async def handle_button(context: Context, arguments: str) -> Screen:
        return await handler(context, read_link(arguments))

    return handle_button


def of_seen_link(handler: Callable[[Context, LinkTarget, str], Awaitable[Screen]]) -> ButtonHandler:
    """Call the handler with which link sent by e-mail is meant, and the fingerprint of what the question showed."""

    async def handle_button(context: Context, arguments: str) -> Screen:
        return await handler(context, *read_confirmed(arguments))

    return handle_button


def confirmed(handler: Callable[..., Awaitable[Screen]], *, numbers: int = 1) -> ButtonHandler:
    """Call the handler with the numbers and the fingerprint of what the question showed."""

    async def handle_button(context: Context, arguments: str) -> Screen:
        given, _, seen = arguments.rpartition(":")
        return await handler(context, *_numbers(given, numbers, numbers), seen)

    return handle_button


def paged(handler: Callable[[Context, int, str], Awaitable[Screen]]) -> ButtonHandler:
    """Call the handler with the page number and the search words. Raises StaleButton if they are no longer kept."""

    async def handle_button(context: Context, arguments: str) -> Screen:
        page, _, argument = arguments.partition(":")
        [number] = _numbers(page, 1, 1)
        return await handler(context, number, await words_of(context, argument))

    return handle_button


def acting_on_who_waits(handler: ButtonHandler) -> ButtonHandler:
    """Call the handler, which takes the place of the message that tells who waits: the next one is a new message.

    If a notice is just changing that message, the screen comes below it: otherwise it might be gone at once.
    """

    async def handle_button(context: Context, arguments: str) -> Screen:
        screen = await handler(context, arguments)
        if context.message_id is None:
            return screen
        tapped = context.actor_id, context.message_id
        return replace(screen, below=await context.engine.write(growing_notices.end_at, *tapped, context.now))

    return handle_button


def as_line(handler: CommandHandler) -> ButtonHandler:
    """Call the handler of a command with one number as its text."""
    return by_number(lambda context, number: handler(context, str(number)))


def _numbers(arguments: str, at_least: int, at_most: int) -> list[int]:
    parts = arguments.split(":")
    if not at_least <= len(parts) <= at_most or not all(map(is_number, parts)):
        raise StaleButton
    return [int(part) for part in parts]
