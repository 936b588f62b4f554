"""/language: in which language the chat answers a person, whatever their Telegram is in."""

from collections.abc import Mapping
from dataclasses import replace

from bot.context import Context
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler
from bot.menu.command import Command, Subject
from bot.screens import telegram_menu
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording.phrases import N_
from bot.wording.text import lines
from core.domain.keywords import AS_IN_TELEGRAM, find_keyword
from core.domain.page_settings import read_language
from core.services import chat_languages

BUTTONS_A_ROW = 2
LIKE_TELEGRAM = "telegram"  # in a button's data, where a language has its code


async def language(context: Context, text: str) -> Screen:
    """Set the language, by its name or code in any language; show the languages if none is given."""
    if not text:
        return _languages(context)
    return await _choose(context, None if find_keyword(text, AS_IN_TELEGRAM) else read_language(text))


async def tapped(context: Context, code: str) -> Screen:
    """Set the language by a button."""
    if code != LIKE_TELEGRAM and code not in context.languages.all:
        raise StaleButton
    return await _choose(context, None if code == LIKE_TELEGRAM else code)


async def _choose(context: Context, code: str | None) -> Screen:
    """Store the choice, and answer in that language, with Telegram's menu in it."""
    await context.write(chat_languages.choose_language, context.actor_id, code)
    chosen = context.languages.choose([code or context.person.language])
    words, person = replace(context.words, language=chosen), replace(context.person, chosen_language=code)
    screen = _languages(replace(context, words=words, person=person))
    return replace(screen, toast=words.say("Saved"), menu=telegram_menu.menu(words, person.permissions))


def _languages(context: Context) -> Screen:
    say, chosen = context.words.say, context.person.chosen_language
    current = context.words.language.own_name
    said = (
        say("I answer you in this language: {language}.", language=current)
        if chosen
        else say("I answer you in the language of your Telegram: {language}.", language=current)
    )
    offered = [(code, each.own_name) for code, each in sorted(context.languages.all.items())]
    offered.append((LIKE_TELEGRAM, say("As in Telegram").unescape()))
    marked = chosen or LIKE_TELEGRAM
    buttons = [tap(f"✓ {name}" if code == marked else name, "language", code) for code, name in offered]
    pairs = (buttons[place : place + BUTTONS_A_ROW] for place in range(0, len(buttons), BUTTONS_A_ROW))
    return Screen(
        text=lines(said, say("What the bot writes to groups doesn't change with it.")),
        rows=rows(*pairs, [to_home(context.words)]),
    )


COMMANDS = (
    Command(
        name="language",
        handler=language,
        summary=N_("Choose in which language this chat answers you"),
        examples=("/language ru", "/language auto"),
        subject=Subject.HELP,
        rank=1,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "language": tapped,
}
