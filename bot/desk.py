"""The desk: each line and each tap goes from here to its handler, and the answer back to its chat."""

import re
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from markupsafe import Markup
from telegram import BotCommand, BotCommandScopeChat, CallbackQuery, Message, Update
from telegram import User as TelegramUser
from telegram.error import BadRequest, TelegramError
from telegram.ext import CallbackContext

from bot import messages, refusals
from bot.commands import COMMANDS, tapped
from bot.context import Context, Misspelt, StaleButton
from bot.keyboards import Screen
from bot.menu import BY_NAME, MENU
from bot.messages import Words, command, lines
from bot.sending import send, shortened, show_instead
from core.engine import Engine
from core.errors import InvalidInvitation, InvitationGivesNothing, OwnerExists, Refusal, SeatsTaken
from core.language import Language, Languages
from core.services import account, invitations, people
from core.services.account import Claimant
from core.services.people import Person

LINE = re.compile(r"/(?P<name>[A-Za-z0-9_]+)(?:@\w+)?(?:\s+(?P<text>.*))?", re.DOTALL)
LONGEST_TOAST = 200
UTC_ZONE = ZoneInfo("UTC")

log = structlog.get_logger()


class Desk:
    """Answers every update of a private chat; what it knows of a sender is read anew each time."""

    def __init__(
        self, engine: Engine, languages: Languages, *, public_url: str, secret_key: str, owner_telegram_id: int | None
    ) -> None:
        self._engine = engine
        self._languages = languages
        self._public_url = public_url
        self._secret_key = secret_key
        self._owner_telegram_id = owner_telegram_id

    async def on_message(self, update: Update, _: object) -> None:
        """Answer a line; whoever nobody let in gets one and the same sentence, whatever it is."""
        message, sender = update.message, update.effective_user
        if message is None or sender is None:
            return
        line = LINE.fullmatch((message.text or "").strip())
        name, text = (line["name"].lower(), (line["text"] or "").strip()) if line else ("", "")
        person = await self._person(sender) or await self._newcomer(sender, name, text)
        if person is None:
            sentence = messages.stranger(self._words(sender))
            await send(message.get_bot(), message.chat_id, Screen(text=sentence))
            return
        context = await self._context(sender, person, message.chat_id)
        await send(message.get_bot(), message.chat_id, await self._answer(context, name, text))
        if name == "start":
            await self._offer_commands(message, context)

    async def on_tap(self, update: Update, _: object) -> None:
        """Answer a tapped button: edit its screen, or say on top why not."""
        query = update.callback_query
        if query is None:
            return
        person = await self._person(query.from_user)
        if person is None or not isinstance(query.message, Message):
            await _alert(query, messages.stranger(self._words(query.from_user)))
            return
        context = await self._context(query.from_user, person, query.message.chat_id)
        try:
            screen = await tapped(context, query.data or "")
        except StaleButton:
            await _alert(query, context.words.say("This button is from an older version. /help shows what works now."))
        except Refusal as refused:
            await _alert(query, refusals.refusal(context.words, refused))
        else:
            await show_instead(query.message, screen)
            await _answer_tap(query, screen.toast)

    async def on_error(self, update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        """Log what nobody foresaw, and tell the person that it was not their mistake."""
        if isinstance(context.error, TelegramError):  # blocked, or out of reach: an apology would go the same way
            log.warning("answer not delivered", reason=context.error.message)
            return
        log.error("update failed", exc_info=context.error)
        if isinstance(update, Update) and update.effective_chat and update.effective_user:
            words = self._words(update.effective_user)
            sorry = words.say("Something went wrong on our side, sorry. Please try again in a minute.")
            await send(context.bot, update.effective_chat.id, Screen(text=sorry))

    async def _answer(self, context: Context, name: str, text: str) -> Screen:
        say = context.words.say
        if not name:
            return Screen(text=say("I read lines that begin with a slash. /help shows them."))
        if name == "start" and text:
            return await _caught(context, name, self._accept(context, text))
        if name not in COMMANDS:
            return Screen(text=say("I don't know /{name}. /help shows what there is.", name=name))
        return await _caught(context, name, COMMANDS[name](context, text))

    async def _accept(self, context: Context, code: str) -> Screen:
        """Take an invitation for somebody who is known already; any other code is a greeting."""
        claimant = Claimant(
            telegram_id=context.chat_id, first_name=context.person.first_name, last_name="", language="en"
        )
        with suppress(InvalidInvitation):
            await self._engine.write(invitations.accept, code, claimant, context.now)
        person = await self._engine.read(people.by_telegram_id, context.chat_id)
        return await COMMANDS["start"](replace(context, person=person or context.person), "")

    async def _person(self, sender: TelegramUser) -> Person | None:
        return await self._engine.read(people.by_telegram_id, sender.id)

    async def _newcomer(self, sender: TelegramUser, name: str, code: str) -> Person | None:
        """Let the owner in: the person named in the settings, or whoever opens the one-time link first."""
        if name != "start":
            return None
        claimant = Claimant(
            telegram_id=sender.id,
            first_name=sender.first_name,
            last_name=sender.last_name or "",
            language=self._language(sender).code,
        )
        now = self._engine.now()
        try:
            if sender.id == self._owner_telegram_id:
                await self._engine.write(account.claim_as_configured, claimant, now)
            else:
                await self._claim(code, claimant, now)
        except (OwnerExists, InvalidInvitation, InvitationGivesNothing, SeatsTaken):
            return None
        log.info("somebody was let in")
        return await self._person(sender)

    async def _claim(self, code: str, claimant: Claimant, now: datetime) -> None:
        """Take a code as the owner's, else as an invitation's."""
        try:
            await self._engine.write(account.claim_by_code, self._secret_key, code, claimant, now)
        except InvalidInvitation:
            await self._engine.write(invitations.accept, code, claimant, now)

    async def _context(self, sender: TelegramUser, person: Person, chat_id: int) -> Context:
        language, organisation = self._language(sender), await self._engine.read(account.organisation)
        if language.code != person.language:
            await self._engine.write(people.remember_language, person.user_id, language.code)
        return Context(
            engine=self._engine,
            person=person,
            chat_id=chat_id,
            words=Words(language=language, zone=organisation.zone, now=self._engine.now()),
            public_url=self._public_url,
        )

    def _language(self, sender: TelegramUser) -> Language:
        return self._languages.choose([sender.language_code or ""])

    def _words(self, sender: TelegramUser) -> Words:
        """Speak to somebody without asking the database, to whom no moment is shown."""
        return Words(language=self._language(sender), zone=UTC_ZONE, now=self._engine.now())

    async def _offer_commands(self, message: Message, context: Context) -> None:
        """Fill Telegram's menu for this one chat: strangers are not even told what there is."""
        offered = [
            entry for entry in MENU if entry.permission is None or entry.permission in context.person.permissions
        ]
        commands = [BotCommand(entry.name, context.words.say(entry.summary).unescape()) for entry in offered]
        await message.get_bot().set_my_commands(commands, scope=BotCommandScopeChat(message.chat_id))


async def _caught(context: Context, name: str, answer: Awaitable[Screen]) -> Screen:
    """Turn what a handler refuses into words, with the line as it would be right where its form is wrong."""
    try:
        return await answer
    except Misspelt:
        entry = BY_NAME[name]
        what = context.words.say("That line is not complete. This is its form:")
        return Screen(text=lines(what, context.words.say(entry.summary), "", *map(command, entry.examples)))
    except Refusal as refused:
        return Screen(text=refusals.refusal(context.words, refused))


async def _alert(query: CallbackQuery, text: Markup) -> None:
    """Say something that has to be closed by a tap."""
    await _answer_tap(query, text, show_alert=True)


async def _answer_tap(query: CallbackQuery, text: Markup | None, *, show_alert: bool = False) -> None:
    plain = shortened(text.striptags(), LONGEST_TOAST) if text else None
    try:
        await query.answer(plain, show_alert=show_alert)
    except BadRequest:  # tapped too long ago: nobody waits for it any more
        log.info("tap answered too late")
