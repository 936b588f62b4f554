"""Replies to an update: data, and how to send it."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup
from telegram import Bot, BotCommand, BotCommandScopeChat, InlineQueryResult, Message
from telegram.error import TelegramError

from bot.screens.screen import Screen
from bot.sending.telegram import send, show_instead, take_away
from bot.wording.text import shortened

LONGEST_TOAST = 200
MESSAGE_TRIES = 7  # about a minute, with the pause doubled each time
QUERY_TRIES = 4  # Telegram drops late answers to a tap or an inline query
MESSAGE_PATIENCE = 60.0  # seconds
QUERY_PATIENCE = 10.0


class Reply(Protocol):
    """Something to send. `chat_id` None: it isn't a message, and the limits of messages don't apply.

    `tries`: how often to try at most, with growing pauses. `patience`: how many seconds an outage may last before.
    """

    @property
    def tries(self) -> int:
        """How often to try while Telegram certainly did not accept it."""

    @property
    def patience(self) -> float:
        """How many seconds to wait for the end of an outage before the first try."""

    @property
    def chat_id(self) -> int | None:
        """The chat whose limits apply."""

    @property
    def changes(self) -> tuple[int, int] | None:
        """The chat and the message that it changes; None if it changes none."""

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice is the same as sending it once."""

    @property
    def fallback(self) -> "Reply | None":
        """What to send instead if Telegram rejects it."""

    async def send(self, bot: Bot) -> None:
        """Send it. Raises TelegramError."""


@dataclass(frozen=True, kw_only=True)
class NewMessage:
    """A screen as a new message, in a topic of a group if one is given; `sent` is told the message's number."""

    chat_id: int
    screen: Screen
    thread_id: int | None = None
    sent: Callable[[int], Awaitable[None]] | None = None
    changes: None = None
    repeatable: bool = False
    tries: int = MESSAGE_TRIES
    patience: float = MESSAGE_PATIENCE
    fallback: None = None

    async def send(self, bot: Bot) -> None:
        """Send the screen."""
        message_id = await send(bot, self.chat_id, self.screen, thread_id=self.thread_id)
        if self.sent:
            await self.sent(message_id)


@dataclass(frozen=True, kw_only=True)
class GroupCard(NewMessage):
    """A live card as a new message in a group, pinned if the bot may pin there."""

    async def send(self, bot: Bot) -> None:
        """Send the card, and pin it without a sound."""
        message_id = await send(bot, self.chat_id, self.screen, thread_id=self.thread_id)
        if self.sent:
            await self.sent(message_id)
        with suppress(TelegramError):  # it was sent: not to be sent again because it can't be pinned
            await bot.pin_chat_message(self.chat_id, message_id, disable_notification=True)


@dataclass(frozen=True, kw_only=True)
class Removal:
    """Takes one of our own screens away, because a newer one is below it."""

    chat_id: int
    message_id: int
    changes: None = None
    repeatable: bool = True
    tries: int = QUERY_TRIES
    patience: float = QUERY_PATIENCE
    fallback: None = None

    async def send(self, bot: Bot) -> None:
        """Delete the message, or its buttons if it is too old for that."""
        await take_away(bot, self.chat_id, self.message_id)


@dataclass(frozen=True, kw_only=True)
class ScreenChange:
    """A screen in place of the one whose button was tapped."""

    message: Message
    screen: Screen
    tries: int = MESSAGE_TRIES
    patience: float = MESSAGE_PATIENCE

    @property
    def chat_id(self) -> int:
        """The chat of the screen."""
        return self.message.chat_id

    @property
    def changes(self) -> tuple[int, int] | None:
        """The message; a file is sent as a new one."""
        return None if self.screen.attachment else (self.message.chat_id, self.message.message_id)

    @property
    def repeatable(self) -> bool:
        """Whether a repetition changes nothing: true for an edit, but a file would be sent twice."""
        return self.screen.attachment is None

    @property
    def fallback(self) -> NewMessage:
        """The screen as a new message: the old one may be gone."""
        return NewMessage(chat_id=self.chat_id, screen=self.screen, thread_id=self.message.message_thread_id)

    async def send(self, bot: Bot) -> None:  # noqa: ARG002 - the message has its bot
        """Show the screen."""
        await show_instead(self.message, self.screen)


@dataclass(frozen=True, kw_only=True)
class TapAnswer:
    """Ends a tapped button's progress mark: with nothing, a passing toast, or an alert to close."""

    query_id: str
    text: Markup | None = None
    alert: bool = False
    chat_id: None = None
    changes: None = None
    repeatable: bool = True
    tries: int = QUERY_TRIES
    patience: float = QUERY_PATIENCE
    fallback: None = None

    async def send(self, bot: Bot) -> None:
        """Answer the tap."""
        plain = shortened(self.text.striptags(), LONGEST_TOAST) if self.text else None
        await bot.answer_callback_query(self.query_id, plain, show_alert=self.alert)


@dataclass(frozen=True, kw_only=True)
class InlineAnswer:
    """The results of an inline query, for this one person and this moment."""

    query_id: str
    results: Sequence[InlineQueryResult]
    chat_id: None = None
    changes: None = None
    repeatable: bool = True
    tries: int = QUERY_TRIES
    patience: float = QUERY_PATIENCE
    fallback: None = None

    async def send(self, bot: Bot) -> None:
        """Show the results."""
        await bot.answer_inline_query(self.query_id, self.results, cache_time=0, is_personal=True)


@dataclass(frozen=True, kw_only=True)
class CommandsMenu:
    """Telegram's menu of commands, for one chat: people without access don't see any commands."""

    chat: int
    commands: Sequence[BotCommand]
    chat_id: None = None
    changes: None = None
    repeatable: bool = True
    tries: int = MESSAGE_TRIES
    patience: float = MESSAGE_PATIENCE
    fallback: None = None

    async def send(self, bot: Bot) -> None:
        """Set the menu."""
        await bot.set_my_commands(self.commands, scope=BotCommandScopeChat(self.chat))
