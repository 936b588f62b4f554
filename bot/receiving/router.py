"""Calls the handler of each line, tap and inline query, and returns the replies."""

from collections.abc import Sequence
from dataclasses import replace

from telegram import CallbackQuery, ChatMemberUpdated, ChosenInlineResult, InlineQuery, Message, Update
from telegram import User as TelegramUser
from telegram.constants import ChatMemberStatus, ChatType

from bot.context import Context, UpdateInHand
from bot.handlers import digest_resuming, home, inline, live_cards, sent
from bot.receiving import edits, forms, groups, learners, no_orders, plain_text, security_events, taps
from bot.receiving.admission import Admission
from bot.receiving.contexts import Contexts, chosen_language
from bot.receiving.corrections import answered
from bot.receiving.incoming import parse, pasted, topic
from bot.receiving.line_refusals import or_refusal
from bot.receiving.routes import BY_NAME
from bot.receiving.usage import unknown_command
from bot.screens import telegram_menu
from bot.screens.screen import Screen, with_way_back
from bot.sending.replies import CommandsMenu, InlineAnswer, NewMessage, Reply, TapAnswer
from bot.wording import phrases, refusals
from core.domain.inbox import Standing
from core.domain.updates import Source, source_of
from core.engine import Engine
from core.errors import InvalidInvitation
from core.language import Languages
from core.services import chats, people
from core.services.ownership import Claimant
from core.services.people import Person

OUTSIDE = frozenset({ChatMemberStatus.BANNED, ChatMemberStatus.LEFT})
GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})


class Router:
    """Returns the replies to an update; the sender's rights are read when it is claimed, and by each use case."""

    def __init__(self, engine: Engine, languages: Languages, *, secret_key: str, owner_telegram_id: int | None) -> None:
        self._engine = engine
        self._contexts = Contexts(engine, languages)
        self._secret_key = secret_key
        self._admission = Admission(engine, secret_key=secret_key, owner_telegram_id=owner_telegram_id)

    async def answer(self, update: Update, in_hand: UpdateInHand) -> Sequence[Reply]:
        """Carry out an update, and return the replies to send."""
        if update.message and update.message.migrate_to_chat_id:
            old, new = update.message.chat_id, update.message.migrate_to_chat_id
            await in_hand.write(chats.moved, old, new, self._engine.now())
        elif update.message and update.message.from_user:
            source = source_of(in_hand.claim.body["message"])
            if source is not Source.OWN:
                return await self._on_foreign_word(update.message, update.message.from_user, source, in_hand)
            return await self._on_message(update.message, update.message.from_user, in_hand)
        elif update.edited_message and update.edited_message.from_user:
            return await self._on_edit(update.edited_message, update.edited_message.from_user, in_hand)
        elif update.inline_query:
            return [await self._on_inline_query(update.inline_query, in_hand)]
        elif update.callback_query:
            return await self._on_tap(update.callback_query, in_hand)
        return await self._on_event(update, in_hand)

    async def _on_event(self, update: Update, in_hand: UpdateInHand) -> Sequence[Reply]:
        """Carry out an update that is no word of a person's to the bot."""
        if update.chosen_inline_result:
            await self._on_shared(update.chosen_inline_result, in_hand)
        elif update.my_chat_member:
            return await self._on_membership(update.my_chat_member, in_hand)
        return []

    def apology(self, update: Update, in_hand: UpdateInHand) -> Sequence[Reply]:
        """Say that something failed on our side, and whether the request was carried out."""
        if update.callback_query:
            words = self._contexts.words(
                update.callback_query.from_user, chosen_language(update.effective_chat, in_hand.claim.sender)
            )
            text = phrases.apology(words, done=in_hand.done)
            return [TapAnswer(query_id=update.callback_query.id, text=text, alert=True)]
        return self.written_apology(update, in_hand)

    def written_apology(self, update: Update, in_hand: UpdateInHand) -> Sequence[Reply]:
        """Say the same in a message, because a tap is already answered."""
        sender, chat = update.effective_user, update.effective_chat
        if sender is None or chat is None:
            return []
        words = self._contexts.words(sender, chosen_language(chat, in_hand.claim.sender))
        screen = Screen(text=phrases.apology(words, done=in_hand.done))
        return [NewMessage(chat_id=chat.id, thread_id=topic(update.effective_message), screen=screen)]

    async def _on_message(self, message: Message, sender: TelegramUser, in_hand: UpdateInHand) -> Sequence[Reply]:
        """Answer a line. People without access get one fixed sentence in private and nothing in groups."""
        name, text = parse(message, in_hand.addresses.bot_name)
        if message.chat.type != ChatType.PRIVATE:
            return await self._in_group(message, sender, name, text, in_hand)
        if name in ("", "start"):
            name, text = pasted(message, in_hand.addresses) or (name, text)
        known = in_hand.claim.sender
        if known is None and (screen := await self._learners_screen(sender, name, text, in_hand)):
            return [NewMessage(chat_id=message.chat_id, screen=screen)]
        person = known or await self._newcomer(sender, name, text, in_hand)
        if person is None:
            return await self._no_access(message.chat_id, sender, in_hand, code=text if name == "start" else "")
        context = await self._contexts.of(sender, person, message, in_hand)
        if not name and not text:
            name = await plain_text.command(context, message)
        if not name and not text and (answer := await plain_text.for_form(context, message)):
            return answer
        await forms.leave_for(context, name, text)
        screen = await self._screen(context, name, text, message) if known else await home.welcome(context)
        reply, *others = forms.replies(context, with_way_back(context.words, screen))
        if name != "start":
            return [reply, *others, *taps.menu_of(context, screen)]
        current = (
            await self._engine.read(people.by_telegram_id, sender.id) or person
        )  # the code may have extended their rights
        return [reply, _menu(replace(context, person=current))]

    async def _on_foreign_word(
        self, message: Message, sender: TelegramUser, source: Source, in_hand: UpdateInHand
    ) -> Sequence[Reply]:
        """Say in private why a message that isn't the sender's own word is no order; in groups say nothing."""
        if message.chat.type != ChatType.PRIVATE or sender.is_bot:
            return []
        person = in_hand.claim.sender
        if person is None:
            return await self._no_access(message.chat_id, sender, in_hand)
        context = await self._contexts.of(sender, person, message, in_hand)
        return _if_any(context, await no_orders.refuse(context, message, source))

    async def _on_edit(self, message: Message, sender: TelegramUser, in_hand: UpdateInHand) -> Sequence[Reply]:
        """Read an edited text anew in private, or say what it did; people without access were answered before."""
        own = source_of(in_hand.claim.body["edited_message"]) is Source.OWN
        person = in_hand.claim.sender if own and message.chat.type == ChatType.PRIVATE else None
        if person is None or not edits.is_other_text(message):
            return []
        context = await self._contexts.of(sender, person, message, in_hand)
        screen, is_read_anew = await edits.answer(context, message)
        return await self._on_message(message, sender, in_hand) if is_read_anew else _if_any(context, screen)

    async def _learners_screen(
        self, sender: TelegramUser, name: str, text: str, in_hand: UpdateInHand
    ) -> Screen | None:
        """Answer a learner whose Telegram is connected, or is now; None to all others."""
        return await learners.answer(self._engine, in_hand, self._contexts.words(sender), sender.id, name, text)

    async def _no_access(
        self, chat_id: int, sender: TelegramUser, in_hand: UpdateInHand, *, code: str = ""
    ) -> Sequence[Reply]:
        """Tell learners what their connection does, and strangers one fixed sentence, unless they were told lately."""
        security_events.report_stranger(self._engine, self._secret_key, sender.id)
        if in_hand.claim.standing is Standing.ANSWERED:
            return []
        words = self._contexts.words(sender)
        screen = await learners.connection(self._engine, in_hand.addresses, words, sender.id, code=code)
        return [NewMessage(chat_id=chat_id, screen=screen or Screen(text=phrases.no_access(words)))]

    async def _in_group(
        self, message: Message, sender: TelegramUser, name: str, text: str, in_hand: UpdateInHand
    ) -> Sequence[Reply]:
        """Answer a group command; for any other command, link to the private chat.

        An alias is answered only if it names the bot: `/new` may be meant for another bot in the group.
        """
        name, text = groups.meant(name, text)
        command = BY_NAME.get(name)
        if command and name != command.name and "@" not in (message.text or "").split()[0]:
            return []
        person = in_hand.claim.sender if command else None
        if command is None or person is None:
            return []
        context = await self._contexts.of(sender, person, message, in_hand)
        if name == "start":
            return groups.replies(context, await groups.greeting(context))
        here = command.in_groups and command.is_for(person.permissions)  # a refusal would tell the group of it
        screen = await self._screen(context, name, text, message) if here else live_cards.elsewhere(context)
        return groups.replies(context, screen)

    async def _on_membership(self, member: ChatMemberUpdated, in_hand: UpdateInHand) -> Sequence[Reply]:
        """Greet a group to which a person with access adds the bot, or who lets it write to them again.

        End what goes to a chat that it has left.
        """
        chat, person = member.chat, in_hand.claim.sender
        if member.new_chat_member.status in OUTSIDE:
            await in_hand.write(chats.lost, chat.id, self._engine.now())
            return []
        if person is None or member.old_chat_member.status not in OUTSIDE:
            return []
        own = await self._contexts.of(member.from_user, person, None, in_hand)
        if chat.type not in GROUPS:
            return _if_any(own, await digest_resuming.offer(own))
        context = groups.within(own, chat, self._contexts.language(member.from_user))
        return groups.replies(context, await groups.greeting(context))

    async def _on_tap(self, query: CallbackQuery, in_hand: UpdateInHand) -> Sequence[Reply]:
        """Answer a tap: with the screen that replaces the tapped one, or with the reason why not."""
        message, person = query.message, in_hand.claim.sender
        words = self._contexts.words(query.from_user, person.chosen_language if person else None)
        if person is None or query.from_user.is_bot:
            security_events.report_stranger(self._engine, self._secret_key, query.from_user.id)
            return [TapAnswer(query_id=query.id, text=phrases.no_access(words), alert=True)]
        if not isinstance(message, Message):  # Bot API: too old to be shown, or not sent by this bot
            return [TapAnswer(query_id=query.id, text=taps.outdated(words), alert=True)]
        if message.chat.type != ChatType.PRIVATE:  # the screen would be shown to everybody there
            return [TapAnswer(query_id=query.id, text=words.say("Buttons work in our private chat only."), alert=True)]
        context = await self._contexts.of(query.from_user, person, message, in_hand)
        return await taps.answer(context, query, message)

    async def _on_inline_query(self, query: InlineQuery, in_hand: UpdateInHand) -> Reply:
        """Answer an inline query. People without access find nothing."""
        person = in_hand.claim.sender
        if person is None:
            return InlineAnswer(query_id=query.id, results=())
        context = await self._contexts.of(query.from_user, person, None, in_hand)
        return InlineAnswer(query_id=query.id, results=await inline.results(context, query.query))

    async def _on_shared(self, chosen: ChosenInlineResult, in_hand: UpdateInHand) -> None:
        """Keep a card that a person shared, to be edited; Telegram tells of it where inline feedback is on."""
        person = in_hand.claim.sender
        if person is not None and chosen.inline_message_id:
            context = await self._contexts.of(chosen.from_user, person, None, in_hand)
            await inline.keep(context, chosen.result_id, chosen.inline_message_id)

    async def _screen(self, context: Context, name: str, text: str, message: Message) -> Screen:
        if not name and text:
            return await self._linked(context, text)
        if not name:
            return await plain_text.answer(context, message)
        command = BY_NAME.get(name)
        if command is None:
            return Screen(text=unknown_command(context, name, text))
        if command is BY_NAME["start"] and text:
            return await or_refusal(context, command, text, self._accept(context, text))
        return await or_refusal(context, command, text, answered(context, command, text))

    async def _linked(self, context: Context, token: str) -> Screen:
        """Answer a pasted sign-up link: with its card, or with the way to its page for those who can't check it."""
        return await or_refusal(context, BY_NAME["check"], token, sent.link(context, token))

    async def _accept(self, context: Context, code: str) -> Screen:
        """Accept an invitation for a person with access; greet them with the reason if the code isn't valid."""
        claimant = Claimant(
            telegram_id=context.telegram_id, first_name=context.person.first_name, last_name="", language="en"
        )
        try:
            await self._admission.redeem(claimant, code, context.in_hand)
        except InvalidInvitation as refused:
            security_events.report_refusal(context, refused, "start")
            return await home.below(context, refusals.refusal(context.words, refused))
        person = await context.read(people.by_telegram_id, context.telegram_id)
        return await home.welcome(replace(context, person=person or context.person))

    async def _newcomer(self, sender: TelegramUser, name: str, code: str, in_hand: UpdateInHand) -> Person | None:
        """Give access to the owner (named in the settings, or by the one-time link) and to invited staff."""
        if name != "start":
            return None
        newcomer = Claimant(
            telegram_id=sender.id,
            first_name=sender.first_name,
            last_name=sender.last_name or "",
            language=self._contexts.language(sender).code,
        )
        if await self._admission.admit(newcomer, code, in_hand):
            return await self._engine.read(people.by_telegram_id, sender.id)
        security_events.report_code(self._engine, self._secret_key, sender.id, code)
        return None


def _if_any(context: Context, screen: Screen | None) -> Sequence[Reply]:
    return [NewMessage(chat_id=context.chat_id, screen=screen)] if screen else []


def _menu(context: Context) -> CommandsMenu:
    """Return Telegram's menu, as far as a person's rights go."""
    commands = telegram_menu.menu(context.words, context.person.permissions)
    return CommandsMenu(chat=context.chat_id, commands=commands)
