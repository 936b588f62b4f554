"""Delivery: sends what the outbox holds, within Telegram's limits, and records what became of it."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from uuid import uuid4

import httpx
import structlog
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.digest_text import digest
from bot.keyboards import Screen, rows, tap
from bot.messages import Words
from bot.sending import send
from core.engine import Engine
from core.errors import NotAllowed, NotSubscribed, ProfileNotFound, SignUpNotPending, UserNotFound
from core.language import Languages
from core.services import account, admission, digests, outbox, people, profiles
from core.services.outbox import Kind, Message

BETWEEN_MESSAGES = 1 / 20  # seconds; Telegram takes 30 a second in all: the rest is for replies, which are not paced
BETWEEN_MESSAGES_OF_A_CHAT = 1.0
SOON = timedelta(seconds=30)
NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

log = structlog.get_logger()


class Delivery:
    """Sends waiting messages one after another; any number of processes may do so at once."""

    def __init__(self, bot: Bot, engine: Engine, languages: Languages) -> None:
        self._bot = bot
        self._engine = engine
        self._languages = languages
        self._holder = str(uuid4())
        self._free_at: dict[int, float] = {}
        self._stopping = False

    async def send_waiting(self) -> None:
        """Send what may be sent now; returns when there is nothing more."""
        while await self._engine.read(outbox.anything_to_do, self._engine.now()):
            claimed = await self._engine.write(outbox.claim, self._holder, self._engine.now())
            for message in claimed:
                await (self._record(outbox.put_back, message) if self._stopping else self._send(message))
            if not claimed or self._stopping:
                return

    def stop_soon(self) -> None:
        """Send nothing more after the message in hand: the rest is put back for others, or for the next start."""
        self._stopping = True

    async def _send(self, message: Message) -> None:
        try:
            screen = await self._compose(message)
        except (NotAllowed, ProfileNotFound, SignUpNotPending, UserNotFound):  # lost the right, or it is over
            screen = None
            await self._end_digest(message)
        if screen is None:
            await self._record(outbox.drop, message)
            return
        await self._pace(message.chat_id)
        if await self._engine.write(outbox.start, message.message_id, self._holder, self._engine.now()):
            await self._post(message, screen)

    async def _post(self, message: Message, screen: Screen) -> None:
        """Send, and record what became of it by Telegram's answer, or its lack."""
        try:
            await send(self._bot, message.chat_id, screen)
        except RetryAfter as error:
            await self._postpone(message, _delay(error))
        except (Forbidden, BadRequest) as error:
            log.warning("message can't be delivered", kind=message.kind, reason=error.message)
            await self._record(outbox.fail if _is_gone(error) else outbox.drop, message)
        except (TimedOut, NetworkError) as error:
            if isinstance(error.__cause__, NEVER_ARRIVED):
                await self._postpone(message, SOON)
            else:
                log.warning("nobody can tell whether a message arrived", kind=message.kind, reason=error.message)
                await self._record(outbox.doubt, message)
        except TelegramError as error:  # a revoked token, a conflict: surely not delivered
            log.warning("message refused", kind=message.kind, reason=error.message)
            await self._postpone(message, SOON)
        else:
            await self._record(outbox.finish, message)

    async def _record(self, use_case: Callable[..., None], message: Message) -> None:
        await self._engine.write(use_case, message.message_id, self._holder, self._engine.now())

    async def _postpone(self, message: Message, delay: timedelta) -> None:
        not_before: datetime = self._engine.now() + delay
        await self._engine.write(outbox.postpone, message.message_id, self._holder, not_before)

    async def _pace(self, chat_id: int) -> None:
        """Wait until Telegram's limits allow a message to this chat."""
        now = monotonic()
        free_at = max(self._free_at.get(chat_id, now), self._free_at.get(0, now))
        await asyncio.sleep(max(0.0, free_at - now))
        sent_at = monotonic()
        self._free_at = {chat: at for chat, at in self._free_at.items() if at > sent_at}
        self._free_at |= {0: sent_at + BETWEEN_MESSAGES, chat_id: sent_at + BETWEEN_MESSAGES_OF_A_CHAT}

    async def _end_digest(self, message: Message) -> None:
        if message.kind is Kind.DIGEST:
            try:
                await self._engine.write(digests.stop, message.user_id)
            except NotSubscribed:
                return

    async def _compose(self, message: Message) -> Screen | None:
        """Write the message by the recipient's rights and language of this moment; None: there is nothing to say."""
        organisation = await self._engine.read(account.organisation)
        language = self._languages.choose([message.language])
        words = Words(language=language, zone=organisation.zone, now=self._engine.now())
        match message.kind:
            case Kind.DIGEST:
                summary = await self._engine.read(digests.summary, message.user_id, message.subject_id)
                return Screen(text=digest(words, summary, again=message.again))
            case Kind.FIRST_LEARNER | Kind.PROFILE_FULL:
                return await self._notice(message, words)
            case Kind.UNREACHABLE:
                return await self._unreachable(message, words)
            case Kind.NO_SEAT_LEFT:
                return await self._no_seat_left(message, words)
            case Kind.APPROVAL_WANTED:
                return await self._approval_wanted(message, words)

    async def _notice(self, message: Message, words: Words) -> Screen:
        card = await self._engine.read(profiles.card, message.user_id, message.subject_id, words.now)
        text = (
            words.say("The first learner signed up through “{name}”. The link works.", name=card.name)
            if message.kind is Kind.FIRST_LEARNER
            else words.say("“{name}” is full: {used} of {limit}.", name=card.name, used=card.used, limit=card.limit)
        )
        return Screen(text=text, rows=rows([tap(words.say("Show the profile"), "profile", card.profile_id)]))

    async def _no_seat_left(self, message: Message, words: Words) -> Screen:
        newcomer = await self._engine.read(people.card, message.user_id, message.subject_id)
        return Screen(
            text=words.say(
                "{name} signed up, but no seat is left, so the account is not active. Free a seat and activate it.",
                name=newcomer.name,
            )
        )

    async def _approval_wanted(self, message: Message, words: Words) -> Screen:
        waiting = await self._engine.read(admission.waiting, message.user_id, message.subject_id, words.now)
        text = words.say(
            "{name} ({email}) wants to come aboard through “{profile}”. The place is kept until {until}.",
            name=waiting.name,
            email=waiting.email,
            profile=waiting.profile_name,
            until=words.moment(waiting.expires_at),
        )
        say, number = words.say, waiting.user_id
        return Screen(
            text=text, rows=rows([tap(say("Let in"), "approve", number), tap(say("Decline"), "decline", number)])
        )

    async def _unreachable(self, message: Message, words: Words) -> Screen | None:
        name = await self._engine.read(outbox.unreachable_name, message.user_id, message.subject_id)
        if name is None:
            return None
        return Screen(
            text=words.say(
                "{name} can't be reached in Telegram any more, so their digest has stopped. "
                "They get it again with /digest after they have pressed Start.",
                name=name,
            )
        )


def _is_gone(error: TelegramError) -> bool:
    """Tell whether nobody can be reached there any more; else Telegram finds fault with the message itself."""
    return isinstance(error, Forbidden) or "chat not found" in error.message.lower()


def _delay(error: RetryAfter) -> timedelta:
    after = error.retry_after  # a timedelta by our opt-in in bot/__init__.py; typed for both
    return after if isinstance(after, timedelta) else timedelta(seconds=after)
