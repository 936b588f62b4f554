"""Replies: what goes back for an update, as data that knows how to be sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup
from telegram import Bot, BotCommand, BotCommandScopeChat, InlineQueryResult, Message

from bot.screens.screen import Screen
from bot.sending.telegram import send, show_instead
from bot.wording.text import shortened

LONGEST_TOAST = 200
PATIENT = 7  # about a minute, with the pause doubled each time
BRIEF = 3  # Telegram drops what answers a tap or an inline query too late


class Reply(Protocol):
    """Something to send. `chat_id` None: it is no message, and no limit of messages counts it.

    `tries`: how often it is worth trying, with growing pauses in between.
    """

    @property
    def tries(self) -> int:
        """How often to try while Telegram surely did not take it."""

    @property
    def chat_id(self) -> int | None:
        """The chat whose limits it counts for."""

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice is the same as sending it once."""

    @property
    def otherwise(self) -> "Reply | None":
        """What to send instead where Telegram finds fault with it."""

    async def send(self, bot: Bot) -> None:
        """Send it. Raises TelegramError."""


@dataclass(frozen=True, kw_only=True)
class NewMessage:
    """A screen as a new message, in a topic of a group where one is named."""

    chat_id: int
    screen: Screen
    thread_id: int | None = None
    repeatable: bool = False
    tries: int = PATIENT
    otherwise: None = None

    async def send(self, bot: Bot) -> None:
        """Send the screen."""
        await send(bot, self.chat_id, self.screen, thread_id=self.thread_id)


@dataclass(frozen=True, kw_only=True)
class ScreenChange:
    """A screen in place of the one whose button was tapped."""

    message: Message
    screen: Screen
    tries: int = PATIENT

    @property
    def chat_id(self) -> int:
        """The chat of the screen."""
        return self.message.chat_id

    @property
    def repeatable(self) -> bool:
        """Tell that a change made twice is one change; a file would be sent twice."""
        return self.screen.attachment is None

    @property
    def otherwise(self) -> NewMessage:
        """The screen as a new message: the old one may be gone."""
        return NewMessage(chat_id=self.chat_id, screen=self.screen, thread_id=self.message.message_thread_id)

    async def send(self, bot: Bot) -> None:  # noqa: ARG002 - the message knows its bot
        """Show the screen."""
        await show_instead(self.message, self.screen)


@dataclass(frozen=True, kw_only=True)
class TapAnswer:
    """What ends a tapped button's waiting mark: nothing, a word in passing, or one that has to be closed by a tap."""

    query_id: str
    word: Markup | None = None
    alert: bool = False
    chat_id: None = None
    repeatable: bool = True
    tries: int = BRIEF
    otherwise: None = None

    async def send(self, bot: Bot) -> None:
        """Answer the tap."""
        plain = shortened(self.word.striptags(), LONGEST_TOAST) if self.word else None
        await bot.answer_callback_query(self.query_id, plain, show_alert=self.alert)


@dataclass(frozen=True, kw_only=True)
class InlineAnswer:
    """The results of an inline query, for this one person and this moment."""

    query_id: str
    results: Sequence[InlineQueryResult]
    chat_id: None = None
    repeatable: bool = True
    tries: int = BRIEF
    otherwise: None = None

    async def send(self, bot: Bot) -> None:
        """Show the results."""
        await bot.answer_inline_query(self.query_id, self.results, cache_time=0, is_personal=True)


@dataclass(frozen=True, kw_only=True)
class CommandsMenu:
    """Telegram's menu of commands, for one chat: strangers are not even told what there is."""

    chat: int
    commands: Sequence[BotCommand]
    chat_id: None = None
    repeatable: bool = True
    tries: int = PATIENT
    otherwise: None = None

    async def send(self, bot: Bot) -> None:
        """Fill the menu."""
        await bot.set_my_commands(self.commands, scope=BotCommandScopeChat(self.chat))
