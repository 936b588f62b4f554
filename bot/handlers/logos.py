"""The account's logo in the chat: sent as a picture, removed, and taken back."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context, FileUnavailable, ReceivedFile
from bot.input.arguments import ValueExpected
from bot.menu.buttons import ButtonHandler, by_number
from bot.screens import lost_files
from bot.screens.screen import Screen, rows, tap
from bot.wording.text import lines
from core.domain.keywords import is_none
from core.domain.logos import MOST_BYTES, read_logo
from core.errors import LogoTooLarge
from core.services import logos

LOGO = "logo"
_ONE_AT_A_TIME = ThreadPoolExecutor(1)  # a picture takes up to 100 MB until it is small


async def brief(context: Context) -> Markup:
    """Say whether there is a logo."""
    say = context.words.say
    if await context.read(logos.logo, context.actor_id):
        return say("The pages show your logo.")
    return say("The pages have no logo: they show your organisation's name.")


async def sentence(context: Context) -> Markup:
    """Say whether there is a logo, and how one is set."""
    sending = context.words.say(
        "To change it, send the picture here as a file: PNG, JPEG or WebP, up to {number} MB.",
        number=MOST_BYTES // 1024**2,
    )
    return lines(await brief(context), sending, context.words.line(f"/settings {LOGO} off"))


def received(context: Context) -> ReceivedFile | None:
    """Return the picture that came with the line, if any: as a file, or as a photo."""
    return context.file or context.photo


async def changed(context: Context, value: str = "") -> Screen:
    """Set the logo to the picture that came with the line, or remove it by a word for none; offer to undo that."""
    if (file := received(context)) is not None:
        return await _set(context, file)
    if not is_none(value):
        raise ValueExpected(LOGO)
    return await _screen(context, await context.write(logos.remove, context.actor_id, context.now))


async def undo(context: Context, question_id: int) -> Screen:
    """Have the logo of before again."""
    await context.write(logos.undo, context.actor_id, question_id, context.now)
    return await _screen(context, None)


async def _set(context: Context, file: ReceivedFile) -> Screen:
    if file.size > MOST_BYTES:
        raise LogoTooLarge(MOST_BYTES)
    await context.read(logos.logo, context.actor_id)  # whoever may not change it costs no picture
    try:
        contents = await context.fetch(file.file_id)
    except FileUnavailable:
        return lost_files.unavailable(context.words, _back(context))
    logo = await asyncio.get_running_loop().run_in_executor(_ONE_AT_A_TIME, read_logo, contents)
    return await _screen(context, await context.write(logos.change, context.actor_id, logo, context.now))


async def _screen(context: Context, undo_id: int | None) -> Screen:
    taking_back = [tap(context.words.say("Undo"), "logo-undo", undo_id)] if undo_id else []
    return Screen(text=await sentence(context), rows=rows(taking_back, [_back(context)]))


def _back(context: Context) -> InlineKeyboardButton:
    return tap(context.words.say("‹ Pages"), "setting", "pages")


BUTTONS: Mapping[str, ButtonHandler] = {"logo-undo": by_number(undo)}
