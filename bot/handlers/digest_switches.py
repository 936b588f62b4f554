"""The switches on a digest's card: silent without news, with a picture, with a spreadsheet."""

from collections.abc import Mapping
from dataclasses import replace

from bot.context import Context
from bot.handlers.digest_cards import card_screen
from bot.menu.buttons import ButtonHandler, by_numbers
from bot.screens.picture_themes import chosen
from bot.screens.screen import Screen, rows, tap
from bot.wording.group_digests import goes_to_group, group_title
from bot.wording.text import lines
from core.services import digest_cards, digest_editing, picture_themes
from core.services.digest_cards import DigestCard


async def be_quiet(context: Context, digest_id: int, on: int) -> Screen:
    """Choose whether a digest is sent when nobody joined."""
    return card_screen(context, await context.write(digest_editing.be_quiet, context.actor_id, digest_id, on=bool(on)))


async def with_picture(context: Context, digest_id: int, on: int) -> Screen:
    """Let a picture follow a digest, or no longer."""
    args = context.actor_id, digest_id
    return card_screen(context, await context.write(digest_editing.send_picture, *args, on=bool(on)))


async def dark_pictures(context: Context, digest_id: int, on: int) -> Screen:
    """Let my pictures be dark, with this digest and everywhere else, or light."""
    card = await context.read(digest_cards.card, context.actor_id, digest_id)
    await context.write(picture_themes.choose, context.actor_id, dark=bool(on))
    return card_screen(context, replace(card, dark=bool(on)), chosen(context.words, dark=bool(on)))


async def with_file(context: Context, digest_id: int, on: int) -> Screen:
    """Let a spreadsheet follow a digest, after a question if it goes to a group, or no longer."""
    card = await context.read(digest_cards.card, context.actor_id, digest_id)
    if on and goes_to_group(card.subscription):
        return _group_question(context, card)
    return await confirm_file(context, digest_id, on, card.connected)


def _group_question(context: Context, card: DigestCard) -> Screen:
    say, number = context.words.say, card.named.digest_id
    return Screen(
        text=lines(
            say(
                "This digest goes to the group {group}. Everyone there will get the file: the names and addresses of "
                "those who joined, and all that they filled in.",
                group=group_title(context.words, card.subscription.group_title or ""),
            ),
            say("Send it there?"),
        ),
        rows=rows(
            [
                tap(say("Send it there"), "digest-with-file!", number, 1, card.connected),
                tap(say("No"), "digest-card", number),
            ]
        ),
    )


async def ask_anew(context: Context, data: str) -> Screen:
    """Ask anew where a digest's file would go, from `digest:on:seen`; show the card if it no longer goes to a group."""
    card = await context.read(digest_cards.card, context.actor_id, int(data.partition(":")[0]))
    return _group_question(context, card) if goes_to_group(card.subscription) else card_screen(context, card)


async def confirm_file(context: Context, digest_id: int, on: int, seen: int) -> Screen:
    """Let a spreadsheet follow a digest, if it still goes where it went as it was seen, or no longer."""
    args = context.actor_id, digest_id
    return card_screen(context, await context.write(digest_editing.send_spreadsheet, *args, on=bool(on), seen=seen))


BUTTONS: Mapping[str, ButtonHandler] = {
    "digest-quiet": by_numbers(be_quiet, at_least=2, at_most=2),
    "digest-with-picture": by_numbers(with_picture, at_least=2, at_most=2),
    "digest-dark": by_numbers(dark_pictures, at_least=2, at_most=2),
    "digest-with-file": by_numbers(with_file, at_least=2, at_most=2),
    "digest-with-file!": by_numbers(confirm_file, at_least=3, at_most=3),
}
