"""The desk without a Telegram: updates as Telegram posts them, kept and claimed as the inbox does, and what is said."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from telegram import InlineKeyboardMarkup, Update

from bot.context import BotAddresses, UpdateInHand
from bot.receiving.router import Router
from bot.screens.screen import Screen
from bot.sending.replies import CommandsMenu, InlineAnswer, NewMessage, Reply, ScreenChange, TapAnswer
from bot.service import LOCALES
from core.domain.inbox import Standing
from core.domain.updates import read_update
from core.engine import Engine
from core.language import Languages
from core.services import inbox
from core.services.inbox import Capacity
from core.storage import inbox as stored
from tests.support.site import SECRET

BOT_NAME = "gangway_bot"
ADDRESSES = BotAddresses(bot_name=BOT_NAME, public_url="https://signup.example.org", public=True, mails_a_day=100)
BOT = {"id": 1, "is_bot": True, "first_name": "Gangway", "username": BOT_NAME}
LANGUAGES = Languages(LOCALES)
NUMBERS = count(1)  # of updates: no two are the same one, whichever database they are kept in
ONE = Capacity(holder="a test", at_most=1, strangers_at_most=1)
GROUP = {"id": -5005, "type": "supergroup", "title": "Everybody"}


class Counter:
    """Hands updates in at the desk, and gives all that is said back."""

    def __init__(self, engine: Engine, *, addresses: BotAddresses = ADDRESSES) -> None:
        self.engine, self._addresses = engine, addresses
        self._router = Router(engine, LANGUAGES, secret_key=SECRET, owner_telegram_id=None)
        self._in_hand: UpdateInHand | None = None  # the last update

    async def line(self, telegram_id: int, text: str, *, chat: Mapping[str, object] | None = None) -> str:
        """Type a line, in one's own chat if not in a group."""
        return _heard(await self.typed(telegram_id, text, chat=chat))

    async def typed(
        self, telegram_id: int, text: str, *, chat: Mapping[str, object] | None = None, language: str = "en"
    ) -> Sequence[Reply]:
        """Type a line, and give the replies as they are sent."""
        sender = _person(telegram_id) | {"language_code": language}
        return await self._replies({"message": _message(telegram_id, chat, text=text, sender=sender)})

    async def message(self, telegram_id: int, text: str, fields: Mapping[str, object], *, edited: bool = False) -> str:
        """Deliver a line with fields of Telegram's that say whose word it is, and perhaps in which chat."""
        changed = {"edit_date": 1_700_000_001} if edited else {}
        message = _message(telegram_id, None, text=text, sender=_person(telegram_id)) | changed | dict(fields)
        return _heard(await self._replies({"edited_message" if edited else "message": message}))

    async def tap(self, telegram_id: int, data: str, *, chat: Mapping[str, object] | None = None) -> str:
        """Tap a button that carries the data."""
        return _heard(await self.tapped(telegram_id, data, chat=chat))

    async def tapped(
        self,
        telegram_id: int,
        data: str,
        *,
        chat: Mapping[str, object] | None = None,
        message_id: int = 1,
        language: str = "en",
    ) -> Sequence[Reply]:
        """Tap a button that carries the data, on a message, and give the replies as they are sent."""
        screen = _message(telegram_id, chat, text="An earlier screen", sender=BOT) | {"message_id": message_id}
        sender = _person(telegram_id) | {"language_code": language}
        query = {"id": "1", "from": sender, "chat_instance": "1", "message": screen, "data": data}
        return await self._replies({"callback_query": query})

    async def seen(self) -> None:
        """Note which forms the last replies show: known once they are sent, and noted with the mark of the update."""
        assert self._in_hand
        await self.engine.write(inbox.finish, [], self._in_hand.shown)

    async def query(self, telegram_id: int, words: str) -> str:
        """Type words after the bot's name in some chat."""
        query = {"id": "1", "from": _person(telegram_id), "query": words, "offset": ""}
        return _heard(await self._replies({"inline_query": query}))

    async def _replies(self, content: Mapping[str, object]) -> Sequence[Reply]:
        received = read_update({"update_id": next(NUMBERS), **content})
        await self.engine.write(stored.add, [(received, Standing.STRANGER)], self.engine.now())  # however often it came
        [claim] = await self.engine.write(inbox.claim, ONE, self.engine.now())
        update = Update.de_json(dict(claim.body), None)
        in_hand = UpdateInHand(engine=self.engine, claim=claim, addresses=self._addresses)
        replies = await self._router.answer(update, in_hand)
        await self.engine.write(inbox.finish, [claim])
        self._in_hand = in_hand
        return replies


def _heard(replies: Sequence[Reply]) -> str:
    return "\n".join(part for reply in replies for part in _said(reply))


def _person(telegram_id: int) -> dict[str, object]:
    return {"id": telegram_id, "is_bot": False, "first_name": f"Person {telegram_id}", "language_code": "en"}


def _message(
    telegram_id: int, chat: Mapping[str, object] | None, *, text: str, sender: Mapping[str, object]
) -> dict[str, object]:
    own = {"id": telegram_id, "type": "private", "first_name": f"Person {telegram_id}"}
    return {"message_id": 1, "date": 1_700_000_000, "chat": chat or own, "from": sender, "text": text}


def _said(reply: Reply) -> Iterator[str]:
    """Give all that a reply tells whoever gets it: texts, labels, what buttons carry, files."""
    match reply:
        case NewMessage(screen=screen) | ScreenChange(screen=screen):
            yield from _shown(screen)
        case TapAnswer(text=word):
            yield word.unescape() if word else ""
        case InlineAnswer(results=results):
            yield from (str(result.to_dict()) for result in results)
        case CommandsMenu(commands=commands):
            yield from (str(command.to_dict()) for command in commands)


def _shown(screen: Screen) -> Iterator[str]:
    yield screen.text.unescape()
    yield from map(str, _buttons(screen.markup))
    if screen.attachment:
        yield screen.attachment.name
        yield screen.attachment.contents.decode(errors="ignore")


def _buttons(markup: InlineKeyboardMarkup | None) -> list[dict[str, Any]]:
    return [button.to_dict() for row in markup.inline_keyboard for button in row] if markup else []
