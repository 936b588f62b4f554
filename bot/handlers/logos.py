"""The account's logo in the chat: sent as a picture, removed, and taken back."""

import asyncio

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context, FileUnavailable
from bot.input.arguments import ValueExpected
from bot.screens.screen import Screen, rows, tap
from bot.wording.text import lines
from core.domain.keywords import is_none
from core.domain.logos import MOST_BYTES, read_logo
from core.errors import LogoTooLarge
from core.services import logos

LOGO = "logo"
NOTHING = "none"


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


async def changed(context: Context, value: str = "") -> Screen:
    """Set the logo to the picture that came with the line, or remove it by a word for none; offer to undo that."""
    if context.file is not None:
        return await _received(context)
    if not is_none(value):
        raise ValueExpected(LOGO)
    before = await context.write(logos.remove, context.actor_id, context.now)
    return await _screen(context, await sentence(context), before)


async def take_back(context: Context, version: str) -> Screen:
    """Have the logo of before again."""
    earlier = None if version == NOTHING else version
    await context.write(logos.take_back, context.actor_id, earlier, context.now)
    return Screen(text=await sentence(context), rows=rows([_back(context)]))


async def _received(context: Context) -> Screen:
    file = context.file
    if file is None or file.size > MOST_BYTES:
        raise LogoTooLarge(MOST_BYTES)
    try:
        contents = await context.fetch(file.file_id)
    except FileUnavailable:
        missing = context.words.say("I couldn't fetch the file from Telegram. Please send it again.")
        return Screen(text=missing, rows=rows([_back(context)]))
    logo = await asyncio.to_thread(read_logo, contents)
    before = await context.write(logos.change, context.actor_id, logo, context.now)
    return await _screen(context, await sentence(context), before or NOTHING)


async def _screen(context: Context, text: Markup, before: str | None) -> Screen:
    undo = [tap(context.words.say("Undo"), "setting", LOGO, before)] if before else []
    return Screen(text=text, rows=rows(undo, [_back(context)]))


def _back(context: Context) -> InlineKeyboardButton:
    return tap(context.words.say("‹ Pages"), "setting", "pages")
