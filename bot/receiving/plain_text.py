"""Answers to messages without a command: what was asked for, what was sent, or the first screen."""

from collections.abc import Awaitable, Sequence
from itertools import chain

from markupsafe import Markup
from telegram import InlineKeyboardButton, Message

from bot.context import Context
from bot.handlers import (
    dialogues,
    guides,
    home,
    link_mail_lists,
    pasted_people,
    people_list,
    profile_list,
    roster_lists,
    sent,
)
from bot.handlers.guides import Guide
from bot.input.arguments import StaleButton, UsageError, card_number, is_number
from bot.input.pasted import addresses_alone, addresses_in, sign_up_token
from bot.input.spoken import REPORT, command_in_words, period_of_report
from bot.menu.choice import Choice
from bot.menu.command import Command
from bot.receiving import forms, line_refusals, list_replies, security_events
from bot.receiving.corrections import answered, file_reader
from bot.receiving.incoming import button_called, buttons_of, own_screen, written
from bot.receiving.routes import button_name, handle_button
from bot.receiving.usage import usage_answer
from bot.screens.profile_card import TO_FURTHER, further_buttons
from bot.screens.screen import APART, Screen
from bot.screens.searches import list_searched
from bot.sending.replies import Reply
from bot.wording import refusals
from bot.wording.text import shortened
from core.domain.access import Permission
from core.domain.keywords import first_keyword
from core.domain.profile_requests import asks_for_new
from core.errors import NotAllowed, Refusal
from core.services.profile_editing import EditedField

SHORTEST_NAME = 2  # characters that are searched for
LONGEST_QUOTE = 40  # characters of a text that is repeated
NAMED = ((Permission.MANAGE_PROFILES, profile_list.found), (Permission.MANAGE_PEOPLE, people_list.found))


async def command(context: Context, message: Message) -> str:
    """Return the name of the command that a message says in words, such as “menu” or “who came?”; empty if none.

    A reply to a card with the name of its button, or of what is done with a profile, is about that card.
    """
    text = message.text or ""
    if not command_in_words(text, leaving=False) or _is_about_card(context, message):
        return ""
    asked = context.person.has_open_form or _may_be_anything(await guides.awaited(context))
    return command_in_words(text, leaving=asked)


async def for_form(context: Context, message: Message) -> Sequence[Reply]:
    """Answer a text for the open form; nothing if none is open, or if it answers another screen or a later question."""
    if not context.person.has_open_form or _card_answered(context, message) or list_replies.is_one(context, message):
        return []
    return [] if await guides.awaited(context) is not None else await forms.typed(context, message)


async def answer(context: Context, message: Message) -> Screen:
    """Answer a message without a command."""
    text = (message.text or "").strip()
    try:
        found = await _to_screen(context, message, text) or await _to_question(context, text)
        found = found or await _listed(context, message, later=context.file is not None)
        return found or await _by_itself(context, message, text)
    except (UsageError, StaleButton):
        return await home.below(context, _not_understood(context, text))
    except Refusal as refused:
        security_events.report_refusal(context, refused, button_name(_button_meant(context, message)))
        became = await line_refusals.gone(context, refused)
        return became or await home.below(context, refusals.refusal(context.words, refused))


async def _to_screen(context: Context, message: Message, text: str) -> Screen | None:
    """Answer a reply to a card, or to the question for a list; None if a message is neither."""
    token = _card_answered(context, message) if text or context.file else None
    if token is not None and text:
        return await _to_card(context, message, token, text)
    if token is not None and _reads_lists(context):
        return await pasted_people.ask_about(context, "", await sent.number_of(context, token))
    if not _reads_lists(context) or not list_replies.is_one(context, message):
        return None
    return await list_replies.answer(context, message)


async def _to_question(context: Context, text: str) -> Screen | None:
    """Answer what may be the answer to what was asked just before; None if nothing was, or it can't be one."""
    guide = await guides.awaited(context) if text or context.file or context.photo else None
    if guide is not None and (reading := _with_file(context, guide)):
        return await _answered(context, guide, text, reading)
    if guide is not None and text and (_may_be_anything(guide) or not _speaks_for_itself(text)):
        return await _answered(context, guide, text, guides.answer(context, guide, text))
    return None


async def _by_itself(context: Context, message: Message, text: str) -> Screen:
    """Answer what a message says by itself, or with the first screen."""
    if (meant := _meant(context, message, text)) is not None:
        return await meant
    if asks_for_new(text, context.words.zone, context.now):
        return await _new_link(context, text)
    if period := period_of_report(text, context.words.zone, context.now):
        return await answered(context, guides.find(context, REPORT), period)
    found = await _named(context, text) or await _list_again(context, text)
    return found or await home.below(context, _not_understood(context, text))


def _may_be_anything(guide: Guide | None) -> bool:
    """Return whether something is asked for that any text may be, unlike a time zone."""
    return guide is not None and (guide.part is None or guide.part.of is not Choice.ZONE)


def _speaks_for_itself(text: str) -> bool:
    """Return whether a text is an e-mail address, or a card's number: never a time zone."""
    return bool(addresses_alone(text)) or card_number(text) is not None


async def _listed(context: Context, message: Message, *, later: bool) -> Screen | None:
    """Answer a file, or a text that was asked for as a list of people; None if it is neither.

    `later`: although something else came in between.
    """
    text = written(message)
    if not (context.file or text) or not _reads_lists(context):
        return None
    found = await link_mail_lists.received(context, text, later=later)
    return found or await roster_lists.received(context, text, later=later)


def _reads_lists(context: Context) -> bool:
    """Return whether the person may send lists of people."""
    return guides.find(context, "expect").is_for(context.person.permissions)


async def _list_again(context: Context, text: str) -> Screen | None:
    """Ask again for the list of people that was asked for just before, if a text is none; None if none was."""
    if not text or not _reads_lists(context):
        return None
    return await link_mail_lists.again(context, text) or await roster_lists.again(context, text)


async def _new_link(context: Context, text: str) -> Screen:
    """Open the form of a new link with what a sentence says of it. Raises NotAllowed."""
    command = guides.find(context, "newprofile")
    if command.form is None or not command.is_for(context.person.permissions):
        raise NotAllowed
    return await dialogues.open_typed(context, command.form, text)


async def _named(context: Context, text: str) -> Screen | None:
    """Search the list that was shown just before, or else list the profiles or people that a text names, if any."""
    if len(text) < SHORTEST_NAME:
        return None
    if name := await list_searched(context):
        return await guides.find(context, name).handler(context, text)
    for permission, find in NAMED:
        if permission in context.person.permissions and (listed := await find(context, text)):
            return listed
    return None


def _meant(context: Context, message: Message, text: str) -> Awaitable[Screen] | None:
    """Return the answer to what a message says by itself; None if it says nothing that is known."""
    if message.contact is not None:
        return sent.contact(context, message.contact)
    permissions = context.person.permissions
    if (alone := addresses_alone(text)) and (len(alone) == 1 or Permission.MANAGE_PEOPLE in permissions):
        return sent.of_addresses(context, alone)
    if len(addresses_in(text)) > 1 and Permission.MANAGE_PROFILES in permissions:
        return pasted_people.ask(context, text)
    if (number := card_number(text)) is not None and Permission.MANAGE_PROFILES in permissions:
        return _card(context, number)
    return None


async def _card(context: Context, number: int) -> Screen:
    await _leave_form(context)
    return await sent.number(context, number)


async def _leave_form(context: Context) -> None:
    """Leave the open form, as a line does: what is typed next isn't for a screen further up."""
    if context.person.has_open_form:
        await dialogues.leave(context)


async def _to_card(context: Context, message: Message, token: str, text: str) -> Screen:
    """Do with the card's profile what the text says: a button, a command in words, pasted people, or a change.

    Raises StaleButton.
    """
    await _leave_form(context)
    if button := _button_meant(context, message):
        return await handle_button(context, button)
    number = await sent.number_of(context, token)
    if meant := _command_of_profile(context, text):
        return await answered(context, meant, str(number))
    if addresses_in(text) and _reads_lists(context) and not first_keyword(text, EditedField)[0]:
        return await pasted_people.ask_about(context, text, number)
    return await answered(context, guides.find(context, "editprofile"), f"{number} {text}")


def _is_about_card(context: Context, message: Message) -> bool:
    """Return whether words for a command reply to a card, and say what is done with its profile."""
    if not _card_answered(context, message):
        return False
    return bool(_button_meant(context, message) or _command_of_profile(context, message.text or ""))


def _command_of_profile(context: Context, text: str) -> Command | None:
    """Return the command that a text says in words, if it is one that takes the number of a profile."""
    name = command_in_words(text, leaving=False)
    found = guides.find(context, name) if name else None
    return found if found and found.by_profile_number else None


def _card_answered(context: Context, message: Message) -> str | None:
    """Return the token of the link on the card that a message replies to, if it does."""
    screen = own_screen(message, context.bot_name)
    return sign_up_token(screen.text or "", context.addresses.public_url) if screen is not None else None


def _button_meant(context: Context, message: Message) -> str:
    """Return the data of the button that a reply to a card names, also of one behind `More ›`; empty if none."""
    card = own_screen(message, context.bot_name) if _card_answered(context, message) else None
    shown = buttons_of(card) if card else []
    further = (_behind(context, str(button.callback_data)) for button in shown)
    return button_called([*shown, *chain.from_iterable(further)], message.text or "").removeprefix(APART)


def _behind(context: Context, data: str) -> list[InlineKeyboardButton]:
    """Return the buttons behind a card's button; none if it is another one than that to the further ones."""
    verb, _, number = data.partition(":")
    is_to_further = verb == TO_FURTHER and is_number(number)
    return [*chain.from_iterable(further_buttons(context.words, int(number)))] if is_to_further else []


def _with_file(context: Context, guide: Guide) -> Awaitable[Screen] | None:
    """Return the answer to a file in place of what was asked for; None if there is none, or nothing reads it."""
    reads = file_reader(context, guide.command, guide.command.between.join(guide.answers))
    return reads(context, " ".join((*guide.answers, *guide.behind))) if reads else None


async def _answered(context: Context, guide: Guide, text: str, answer: Awaitable[Screen]) -> Screen:
    """Return the answer to what was asked; if it is refused, say why and ask again."""
    try:
        return await answer
    except UsageError as wrong:
        return await guides.ask(context, guide, usage_answer(context.words, guide.command, text, wrong))
    except Refusal as refused:
        security_events.report_refusal(context, refused, guide.command.name)
        return await guides.ask(context, guide, await line_refusals.why(context, refused))


def _not_understood(context: Context, text: str) -> Markup:
    if not text:
        return context.words.say("I read text only. This is what you can do here:")
    shown = shortened(" ".join(text.split()), LONGEST_QUOTE)
    return context.words.say("I don't know what “{text}” means here. This is what you can do:", text=shown)
