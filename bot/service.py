"""The bot half of the service: starts when Telegram can be reached, stops when running work is finished."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog
from telegram import Bot

from bot.context import BotAddresses
from bot.receiving.connection import Retries
from bot.receiving.leadership import LeaderTask
from bot.receiving.polling import Poller
from bot.receiving.router import Router
from bot.receiving.webhook import Webhook
from bot.receiving.worker import UpdateWorker
from bot.schedule import TICK, Schedule
from bot.screens.notices import NoticeRenderer
from bot.screens.telegram_menu import DESCRIPTION, SHORT_DESCRIPTION
from bot.sending.card_editor import CardEditor
from bot.sending.http_client import HttpClient, http_client
from bot.sending.introduction import introduce
from bot.sending.outbox_sender import OutboxSender
from bot.sending.rate_limiter import Limits, RateLimiter
from bot.sending.reachability import Reachability
from bot.sending.reply_sender import ReplySender
from core.engine import Engine
from core.errors import OwnerExists
from core.language import Languages
from core.services import ownership, telegram_connections
from core.services.leases import LeaderRole
from core.services.strangers import OwnerClaim

FINISH_WITHIN = 7.0  # seconds, so that the whole program ends within ten
CONNECTIONS = 64
LOCALES = Path(__file__).parent / "locales"

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class BotSettings:
    """The bot's settings. `webhook_url` None: it polls; Telegram sends the secret with each request.

    `mails_a_day` is how many links can be sent by e-mail in a day, None: there is no mail server.
    `mail_lacks` are the settings that are missing for that.
    `mini_app` is the Mini App's address; None if Telegram doesn't open it, because it isn't public or not https.
    `limits` are Telegram's; each `tick` asks what is due.
    """

    token: str = field(repr=False)
    api_url: str
    public_url: str
    public: bool
    secret_key: str = field(repr=False)
    owner_telegram_id: int | None
    mini_app: str | None = None
    webhook_url: str | None = None
    mails_a_day: int | None = None
    mail_lacks: tuple[str, ...] = ()
    webhook_secret: str = field(default="", repr=False)
    limits: Limits = field(default_factory=Limits)
    tick: timedelta = TICK


class BotService:
    """Receives updates, answers chats and runs the schedule. An outage at the start only delays it."""

    def __init__(self, engine: Engine, settings: BotSettings, *, announce: Callable[[str], None]) -> None:
        self._engine = engine
        self._settings = settings
        self._announce = announce
        self._calls = http_client(connections=CONNECTIONS, pool_timeout=10.0, read_timeout=10.0)
        self._polls = http_client()
        self._bot = _bot(settings, self._calls, self._polls)
        self._languages, limiter = Languages(LOCALES), RateLimiter(settings.limits)
        secret_key, owner_id = settings.secret_key, settings.owner_telegram_id
        router = Router(engine, self._languages, secret_key=secret_key, owner_telegram_id=owner_id)
        self._reachability = Reachability(self._bot)
        replies = ReplySender(self._bot, engine, limiter, self._reachability)
        self._worker = UpdateWorker(engine, self._bot, router, replies, self._addresses)
        self._receiving = LeaderTask(engine, LeaderRole.RECEIVING, self._receiver().run)
        renderer = NoticeRenderer(engine, self._languages, public_url=settings.public_url, mini_app=settings.mini_app)
        sender = OutboxSender(self._bot, engine, renderer, limiter, self._reachability)
        editor = CardEditor(
            self._bot,
            engine,
            self._languages,
            limiter,
            self._reachability,
            public_url=settings.public_url,
            public=settings.public,
        )
        self._schedule = Schedule(engine, sender, editor, mails_a_day=settings.mails_a_day, tick=settings.tick)
        self._starting: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to start; return immediately."""
        self._starting = asyncio.create_task(self._start_when_reachable(), name="telegram")
        self._starting.add_done_callback(_log_failure)

    async def stop(self) -> None:
        """Take no more updates, finish the running ones and the messages being sent, and close.

        What Telegram doesn't answer in time is cancelled, and recorded as unconfirmed.
        """
        if self._starting:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        try:
            async with asyncio.timeout(FINISH_WITHIN):
                await self._receiving.stop()
                await asyncio.gather(self._worker.stop(), self._schedule.stop())
        except TimeoutError:
            log.warning("not every answer could be sent in time; their senders are told at the next start")
        finally:
            self._worker.cancel_running()
            await self._reachability.close()
            # Not the bot's own shutdown, which leaves the clients open if the bot wasn't fully initialised.
            await asyncio.gather(self._calls.shutdown(), self._polls.shutdown())

    def _receiver(self) -> Poller | Webhook:
        if self._settings.webhook_url is None:
            claim = OwnerClaim(secret_key=self._settings.secret_key, telegram_id=self._settings.owner_telegram_id)
            store, reachability = self._worker.record, self._reachability
            return Poller(self._engine, self._bot, self._polls, claim, store=store, reachability=reachability)
        url, secret = self._settings.webhook_url, self._settings.webhook_secret
        return Webhook(self._engine, self._bot, self._calls, url=url, secret=secret)

    def _addresses(self) -> BotAddresses:
        return BotAddresses(
            bot_name=self._bot.username,
            public_url=self._settings.public_url,
            public=self._settings.public,
            mails_a_day=self._settings.mails_a_day,
            mail_lacks=self._settings.mail_lacks,
            mini_app=self._settings.mini_app,
        )

    async def _start_when_reachable(self) -> None:
        """Start as soon as Telegram answers."""
        await Retries(self._engine, "start").until_done(self._begin)

    async def _begin(self) -> None:
        await self._bot.initialize()
        await self._engine.write(telegram_connections.remember_bot, self._bot.username)
        await self._announce_owner_link()
        self._worker.start()
        self._receiving.start()
        self._schedule.start()
        log.info("bot is up", username=self._bot.username)
        await introduce(self._bot, self._languages, DESCRIPTION, SHORT_DESCRIPTION)

    async def _announce_owner_link(self) -> None:
        """Tell the operator how to become the owner, while there is none. A link is told once, because logs keep it."""
        with contextlib.suppress(OwnerExists):
            code = await self._engine.write(ownership.first_code, self._settings.secret_key, self._engine.now())
            bot = f"https://t.me/{self._bot.username}"
            if self._settings.owner_telegram_id is not None:
                self._announce(f"open {bot} and press Start")
            elif code is not None:
                self._announce(f"open {bot}?start={code} within an hour")
            else:
                self._announce("run `gangway owner`, which prints a new one-time link")


def _bot(settings: BotSettings, calls: HttpClient, polls: HttpClient) -> Bot:
    return Bot(
        settings.token,
        base_url=f"{settings.api_url}/bot",
        base_file_url=f"{settings.api_url}/file/bot",
        request=calls,
        get_updates_request=polls,
    )


def _log_failure(starting: asyncio.Task[None]) -> None:
    if not starting.cancelled() and (error := starting.exception()):
        log.error("the bot can't start", exc_info=error)
