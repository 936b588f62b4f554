"""Edits live cards to what is true, each at most once a minute; sends them anew where their group has moved."""

from contextlib import suppress
from datetime import timedelta

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.screens.live_card import live_card, taken_out
from bot.screens.screen import Screen
from bot.sending.outcomes import Outcome, SendResult, attempt
from bot.sending.rate_limiter import RateLimiter
from bot.sending.reachability import Reachability
from bot.sending.telegram import edit, send
from bot.wording.phrases import Words
from core.engine import Engine
from core.errors import DatabaseUnavailable
from core.language import Languages
from core.services import account, chats, live_cards
from core.services.live_cards import Claimed

AGAIN_AFTER = timedelta(seconds=5)  # there was no connection

log = structlog.get_logger()


class CardEditor:
    """Claims the cards that show something outdated, and edits them one after the other."""

    def __init__(
        self,
        bot: Bot,
        engine: Engine,
        languages: Languages,
        limiter: RateLimiter,
        reachability: Reachability,
        *,
        public_url: str,
        public: bool,
    ) -> None:
        self._bot = bot
        self._engine = engine
        self._languages = languages
        self._limiter = limiter
        self._reachability = reachability
        self._public_url, self._public = public_url, public
        self._stopping = False

    async def edit_due(self) -> None:
        """Edit what can be edited now. What isn't edited before the service stops is left to another process."""
        if self._reachability.is_in_doubt or not await self._engine.read(live_cards.any_due, self._engine.now()):
            return
        for card in await self._engine.write(live_cards.claim, self._engine.now()):
            if self._stopping or self._reachability.is_in_doubt:
                await self._engine.write(live_cards.postpone, card.card_id, self._engine.now())
            elif card.inline_message_id is None and card.message_id is None:
                await self._send_anew(card)
            else:
                await self._edit(card)

    def stop(self) -> None:
        """Stop after the card being edited."""
        self._stopping = True

    async def _edit(self, card: Claimed) -> None:
        screen = await self._screen(card)
        if card.chat_id is None:
            place: dict[str, int | str | None] = {"inline_message_id": card.inline_message_id}
        else:
            place = {"chat_id": card.chat_id, "message_id": card.message_id}
        with await self._limiter.edit(card.chat_id):
            result = await attempt(edit(self._bot, screen, **place))
        self._reachability.note(result.outcome)
        await self._record(card, result)
        if card.face is None and card.chat_id is not None and result.outcome is Outcome.DELIVERED:
            with suppress(TelegramError):  # the bot may not pin there, or the message isn't pinned
                await self._bot.unpin_chat_message(card.chat_id, card.message_id)

    async def _send_anew(self, card: Claimed) -> None:
        """Send a card to the supergroup that its group became, at most once, and pin it if the bot may."""
        chat_id, screen = card.chat_id or 0, await self._screen(card)
        with await self._limiter.notice(chat_id):
            if not await self._engine.write(live_cards.begin_sending, card):
                return
            result = await attempt(send(self._bot, chat_id, screen))
        self._reachability.note(result.outcome)
        await self._record_sending(card, result)
        if result.message_id is not None:
            with suppress(TelegramError):  # the bot may not pin there
                await self._bot.pin_chat_message(chat_id, result.message_id, disable_notification=True)

    async def _record_sending(self, card: Claimed, result: SendResult) -> None:
        """Record the outcome of a card that was sent anew. If that is unknown, the card ends: it may be there twice."""
        now = self._engine.now()
        with suppress(DatabaseUnavailable):  # then nothing edits the card until it is put there again
            match result.outcome:
                case Outcome.DELIVERED if result.message_id is not None:
                    await self._engine.write(live_cards.sent, card.card_id, result.message_id)
                case Outcome.RATE_LIMITED:
                    await self._engine.write(live_cards.send_later, card.card_id, now + result.delay)
                case Outcome.NOT_SENT:
                    await self._engine.write(live_cards.send_later, card.card_id, now + AGAIN_AFTER)
                case Outcome.CHAT_MIGRATED if card.chat_id is not None:
                    await self._engine.write(chats.moved, card.chat_id, result.chat_id, now)
                case _:
                    log.info("live card ended", reason=result.reason)
                    await self._engine.write(live_cards.lose, card.card_id, now)

    async def _screen(self, card: Claimed) -> Screen:
        organisation = await self._engine.read(account.organisation)
        language = self._languages.choose([card.language])
        words = Words(language=language, zone=organisation.zone, now=self._engine.now())
        if card.face is None:
            return taken_out(words, card.name)
        return live_card(words, card.face, f"{self._public_url}/s/{card.face.token}", public=self._public)

    async def _record(self, card: Claimed, result: SendResult) -> None:
        """Record the outcome. If it is unknown, nothing is: the card is edited again when its claim has expired."""
        now = self._engine.now()
        with suppress(DatabaseUnavailable):  # as above
            match result.outcome:
                case Outcome.DELIVERED:
                    await self._engine.write(live_cards.edited, card.card_id, card.wanted, now)
                case Outcome.RATE_LIMITED:
                    await self._engine.write(live_cards.postpone, card.card_id, now + result.delay)
                case Outcome.NOT_SENT:
                    await self._engine.write(live_cards.postpone, card.card_id, now + AGAIN_AFTER)
                case Outcome.CHAT_MIGRATED if card.chat_id is not None:
                    await self._engine.write(chats.moved, card.chat_id, result.chat_id, now)
                case Outcome.UNREACHABLE | Outcome.CHAT_UNKNOWN | Outcome.REJECTED:
                    log.info("live card ended", reason=result.reason)
                    await self._engine.write(live_cards.lose, card.card_id, now)
