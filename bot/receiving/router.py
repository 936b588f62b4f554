"""The desk: each line and each tap goes from here to its handler, and the answer back to its chat."""

import re
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import replace
from zoneinfo import ZoneInfo

import structlog
from markupsafe import Markup
from telegram import BotCommand, CallbackQuery, InlineQuery, Message, Update
from telegram import User as TelegramUser
from telegram.constants import ChatMemberStatus, ChatType

from bot.context import Context, UpdateInHand
from bot.handlers import inline
from bot.input.arguments import StaleButton, UsageError
from bot.menu.profiles import BY_NAME, MENU
from bot.receiving.routes import COMMANDS, handle_button
from bot.receiving.usage import misspelt
from bot.screens.screen import Screen
from bot.sending.replies import CommandsMenu, InlineAnswer, NewMessage, Reply, ScreenChange, TapAnswer
from bot.wording import phrases, refusals
from bot.wording.phrases import Words, suggestions
from bot.wording.text import lines
from core.domain.naming import nearest
from core.engine import Engine
from core.errors import InvalidInvitation, InvitationGivesNothing, OwnerExists, Refusal, SeatsTaken
from core.language import Language, Languages
from core.services import account, invitations, outbox, ownership, people
from core.services.ownership import Claimant
from core.services.people import Person

LINE = re.compile(r"/(?P<name>[A-Za-z0-9_]+)(?:@(?P<bot>\w+))?(?:\s+(?P<text>.*))?", re.DOTALL)
FOR_GROUPS = frozenset({"digest"})
PLAIN = ("start", "menu", "cancel")  # what is for everybody and needs no entry in the menu
OUTSIDE = frozenset({ChatMemberStatus.BANNED, ChatMemberStatus.LEFT})
UTC_ZONE = ZoneInfo("UTC")

log = structlog.get_logger()


class Router:
    """Says what to reply to an update; what it knows of a sender is read anew each time."""

    def __init__(self, engine: Engine, languages: Languages, *, secret_key: str, owner_telegram_id: int | None) -> None:
        self._engine = engine
        self._languages = languages
        self._secret_key = secret_key
        self._owner_telegram_id = owner_telegram_id

    async def answer(self, update: Update, in_hand: UpdateInHand) -> Sequence[Reply]:
        """Do what an update asks for, and give the replies to send."""
        if update.message and update.message.migrate_to_chat_id:
            await in_hand.write(outbox.chat_moved, update.message.chat_id, update.message.migrate_to_chat_id)
        elif update.message and update.message.from_user:
            return await self._on_message(update.message, update.message.from_user, in_hand)
        elif update.inline_query:
            return [await self._on_inline_query(update.inline_query, in_hand)]
        elif update.callback_query:
            return await self._on_tap(update.callback_query, in_hand)
        elif update.my_chat_member and update.my_chat_member.new_chat_member.status in OUTSIDE:
            await in_hand.write(outbox.chat_lost, update.my_chat_member.chat.id, self._engine.now())
        return []

    def apology(self, update: Update, *, done: bool) -> Sequence[Reply]:
        """Tell a person that it was not their mistake, and whether what they asked for was done all the same."""
        sender, chat = update.effective_user, update.effective_chat
        if sender is None or chat is None:
            return []
        say = self._words(sender).say
        sorry = (
            say("It was done, but something went wrong on our side before we could show it. Sorry.")
            if done
            else say("Something went wrong on our side, sorry. Please try again in a minute.")
        )
        if update.callback_query:
            return [TapAnswer(query_id=update.callback_query.id, word=sorry, alert=True)]
        return [NewMessage(chat_id=chat.id, thread_id=_topic(update.effective_message), screen=Screen(text=sorry))]

    async def _on_message(self, message: Message, sender: TelegramUser, in_hand: UpdateInHand) -> Sequence[Reply]:
        """Answer a line; whoever nobody let in gets one and the same sentence, whatever it is, and none in groups."""
        name, text = _parse(message, in_hand.addresses.bot_name)
        if message.chat.type != ChatType.PRIVATE:
            return await self._in_group(message, sender, name, text, in_hand)
        known = await self._person(sender)
        person = known or await self._newcomer(sender, name, text, in_hand)
        if person is None:
            return [NewMessage(chat_id=message.chat_id, screen=Screen(text=phrases.stranger(self._words(sender))))]
        context = await self._context(sender, person, message, in_hand)
        screen = await self._screen(context, name, text if known else "")  # a newcomer's code has let them in
        reply = NewMessage(chat_id=message.chat_id, screen=screen)
        if name != "start":
            return [reply]
        as_it_is = await self._person(sender) or person  # the code may have given them more
        return [reply, _menu(replace(context, person=as_it_is))]

    async def _in_group(
        self, message: Message, sender: TelegramUser, name: str, text: str, in_hand: UpdateInHand
    ) -> Sequence[Reply]:
        """Answer in a group what is for groups; where else the answer would be, for the rest."""
        person = await self._person(sender) if name in COMMANDS else None
        if person is None:
            return []
        context = await self._context(sender, person, message, in_hand)
        elsewhere = context.words.say(
            "Ask me this in our private chat: {link}", link=f"https://t.me/{in_hand.addresses.bot_name}"
        )
        screen = await self._screen(context, name, text) if name in FOR_GROUPS else Screen(text=elsewhere)
        return [NewMessage(chat_id=message.chat_id, thread_id=context.thread_id, screen=screen)]

    async def _on_tap(self, query: CallbackQuery, in_hand: UpdateInHand) -> Sequence[Reply]:
        """Answer a tapped button: with the screen to show in place of its own, or with why not."""
        message, person = query.message, await self._person(query.from_user)
        if person is None or not isinstance(message, Message):
            return [TapAnswer(query_id=query.id, word=phrases.stranger(self._words(query.from_user)), alert=True)]
        context = await self._context(query.from_user, person, message, in_hand)
        try:
            screen = await handle_button(context, query.data or "")
        except (StaleButton, UsageError):
            old = context.words.say("This button is from an older version. /help shows what works now.")
            return [TapAnswer(query_id=query.id, word=old, alert=True)]
        except Refusal as refused:
            return [TapAnswer(query_id=query.id, word=refusals.refusal(context.words, refused), alert=True)]
        return [ScreenChange(message=message, screen=screen), TapAnswer(query_id=query.id, word=screen.toast)]

    async def _on_inline_query(self, query: InlineQuery, in_hand: UpdateInHand) -> Reply:
        """Answer what was typed after the bot's name in any chat. Strangers find nothing."""
        person = await self._person(query.from_user)
        if person is None:
            return InlineAnswer(query_id=query.id, results=())
        context = await self._context(query.from_user, person, None, in_hand)
        return InlineAnswer(query_id=query.id, results=await inline.results(context, query.query))

    async def _screen(self, context: Context, name: str, text: str) -> Screen:
        say = context.words.say
        if not name:
            return Screen(text=say("I understand lines that start with a slash. /help lists them."))
        if name == "start" and text:
            return await _caught(context, name, text, self._accept(context, text))
        if name not in COMMANDS:
            return Screen(text=_unknown(context, name, text))
        return await _caught(context, name, text, COMMANDS[name](context, text))

    async def _accept(self, context: Context, code: str) -> Screen:
        """Take an invitation for somebody who is known already; any other code is a greeting that says so."""
        claimant = Claimant(
            telegram_id=context.telegram_id, first_name=context.person.first_name, last_name="", language="en"
        )
        try:
            await context.write(invitations.accept, code, claimant, context.now)
        except InvalidInvitation as refused:
            greeting = await COMMANDS["start"](context, "")
            return replace(greeting, text=lines(refusals.refusal(context.words, refused), "", greeting.text))
        person = await context.read(people.by_telegram_id, context.telegram_id)
        return await COMMANDS["start"](replace(context, person=person or context.person), "")

    async def _person(self, sender: TelegramUser) -> Person | None:
        return await self._engine.read(people.by_telegram_id, sender.id)

    async def _newcomer(self, sender: TelegramUser, name: str, code: str, in_hand: UpdateInHand) -> Person | None:
        """Let the owner in: the person named in the settings, or whoever opens the one-time link first; and staff."""
        if name != "start":
            return None
        claimant = Claimant(
            telegram_id=sender.id,
            first_name=sender.first_name,
            last_name=sender.last_name or "",
            language=self._language(sender).code,
        )
        try:
            await self._let_in(claimant, code, in_hand)
        except (OwnerExists, InvalidInvitation, InvitationGivesNothing, SeatsTaken):
            return None
        log.info("somebody was let in")
        return await self._person(sender)

    async def _let_in(self, claimant: Claimant, code: str, in_hand: UpdateInHand) -> None:
        """Take a code as the owner's, else as an invitation's; the person named in the settings needs none."""
        now = self._engine.now()
        if claimant.telegram_id == self._owner_telegram_id:
            with suppress(OwnerExists):
                await in_hand.write(ownership.claim_as_configured, claimant, now)
                return
        try:
            await in_hand.write(ownership.claim_by_code, self._secret_key, code, claimant, now)
        except InvalidInvitation:
            await in_hand.write(invitations.accept, code, claimant, now)

    async def _context(
        self, sender: TelegramUser, person: Person, message: Message | None, in_hand: UpdateInHand
    ) -> Context:
        language, organisation = self._language(sender), await self._engine.read(account.organisation)
        if language.code != person.language:
            await self._engine.write(people.remember_language, person.user_id, language.code)
        return Context(
            in_hand=in_hand,
            person=person,
            telegram_id=sender.id,
            chat_id=message.chat_id if message else sender.id,
            thread_id=_topic(message),
            words=Words(language=language, zone=organisation.zone, now=self._engine.now()),
        )

    def _language(self, sender: TelegramUser) -> Language:
        return self._languages.choose([sender.language_code or ""])

    def _words(self, sender: TelegramUser) -> Words:
        """Speak to somebody without asking the database, to whom no moment is shown."""
        return Words(language=self._language(sender), zone=UTC_ZONE, now=self._engine.now())


def _topic(message: Message | None) -> int | None:
    """Give the topic of a group that a message is in, if it is in one."""
    return message.message_thread_id if message and message.is_topic_message else None


def _parse(message: Message, bot_name: str) -> tuple[str, str]:
    """Read a line's command and what follows; no command where it is another bot's."""
    line = LINE.fullmatch((message.text or "").strip())
    if line is None or (line["bot"] or bot_name).casefold() != bot_name.casefold():
        return "", ""
    return line["name"].lower(), (line["text"] or "").strip()


def _unknown(context: Context, name: str, text: str) -> Markup:
    """Say that there is no such command, with the line as it was probably meant."""
    offered = [entry.name for entry in MENU if entry.is_for(context.person.permissions)]
    meant = tuple(f"/{each} {text}".rstrip() for each in nearest(name, (*offered, *PLAIN))[:1])
    known = context.words.say("I don't know /{name}. /help lists the commands.", name=name)
    return lines(known, suggestions(context.words, meant))


def _menu(context: Context) -> CommandsMenu:
    """Offer the commands that a person may use."""
    offered = [entry for entry in MENU if entry.is_for(context.person.permissions)]
    commands = [BotCommand(entry.name, context.words.say(entry.summary).unescape()) for entry in offered]
    return CommandsMenu(chat=context.chat_id, commands=commands)


async def _caught(context: Context, name: str, text: str, answer: Awaitable[Screen]) -> Screen:
    """Turn what a handler refuses into words, with the line as it would be right where its form is wrong."""
    try:
        return await answer
    except UsageError as wrong:
        return Screen(text=misspelt(context.words, BY_NAME[name], text, wrong))
    except Refusal as refused:
        return Screen(text=refusals.refusal(context.words, refused))
