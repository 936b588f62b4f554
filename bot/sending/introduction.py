"""Sets what Telegram shows before Start: the bot's descriptions, in each language."""

import structlog
from telegram import Bot
from telegram.error import TelegramError

from core.language import SOURCE, Language, Languages

log = structlog.get_logger()


async def introduce(bot: Bot, languages: Languages, description: str, short_description: str) -> None:
    """Set the descriptions that differ from those wanted. A failure is told to the log: the next start tries again."""
    try:
        for language in languages.all.values():
            await _describe(bot, language, description, short_description)
    except TelegramError as error:
        log.warning("the bot's descriptions can't be set", reason=str(error))


async def _describe(bot: Bot, language: Language, description: str, short_description: str) -> None:
    """Set the descriptions of a language; those of the source language are for all others, too."""
    code = None if language.code == SOURCE else language.code
    wanted, wanted_short = language.gettext(description), language.gettext(short_description)
    if (await bot.get_my_description(code)).description != wanted:
        await bot.set_my_description(wanted, language_code=code)
    if (await bot.get_my_short_description(code)).short_description != wanted_short:
        await bot.set_my_short_description(wanted_short, language_code=code)
