"""Sends the e-mail messages of the outbox, and records what became of each."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import structlog

from bot.mailing.letter_text import message_of, recipient_of
from bot.mailing.smtp_server import Delivered, Delivery, MailServerAway, MailSettings, SmtpServer
from bot.wording.phrases import Words
from core.domain.mail import LONGEST_PAUSE, retry_after
from core.engine import Engine
from core.errors import DatabaseUnavailable
from core.holders import new_holder
from core.language import Languages
from core.services import letters, mail_outbox
from core.services.letters import Letter

TICK = 1.0  # seconds
FINISH_WITHIN = 6.0  # seconds, so that the whole program ends within ten
SWEPT_EVERY = timedelta(hours=1)

log = structlog.get_logger()


class MailSender:
    """Sends waiting messages, one after another; any number of processes may do so.

    While the mail server can't be reached, the messages wait, and it is tried less and less often.
    """

    def __init__(self, engine: Engine, languages: Languages, settings: MailSettings, public_url: str) -> None:
        self._engine = engine
        self._languages = languages
        self._settings = settings
        self._public_url = public_url
        self._holder = new_holder()
        self._stopping = asyncio.Event()
        self._failures = 0
        self._is_noted = True  # why messages wait, perhaps by a process that ended
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to send; return immediately."""
        self._running = asyncio.create_task(self._run(), name="mail")

    async def stop(self) -> None:
        """Finish the message that is being sent; the others are put back for another process or the next start.

        One that isn't accepted in time is cancelled: it is unknown then whether it was, and a later start repeats it.
        """
        self._stopping.set()
        if self._running:
            _, late = await asyncio.wait([self._running], timeout=FINISH_WITHIN)
            for each in late:
                each.cancel()
            await asyncio.wait([self._running])

    async def send_waiting(self) -> None:
        """Send what can be sent now."""
        while not self._stopping.is_set() and await self._engine.read(mail_outbox.anything_to_do, self._engine.now()):
            claimed = await self._engine.write(mail_outbox.claim, self._holder, self._engine.now())
            if not claimed or not await self._send_all(claimed):
                return

    async def _run(self) -> None:
        swept_at = datetime.min.replace(tzinfo=UTC)
        while not self._stopping.is_set():
            with suppress(DatabaseUnavailable):  # the engine has told the log; the next tick tries again
                await self.send_waiting()
                if self._engine.now() - swept_at >= SWEPT_EVERY:
                    swept_at = self._engine.now()
                    await self._engine.write(mail_outbox.sweep, swept_at)
            await self._pause()

    async def _pause(self) -> None:
        """Wait for the next tick, or longer while the mail server can't be reached; not once the service stops."""
        pause = min(retry_after(self._failures - 1), LONGEST_PAUSE).total_seconds() if self._failures else TICK
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), pause)

    async def _send_all(self, claimed: list[int]) -> bool:
        """Send claimed messages over one connection; return False if the mail server can't be reached."""
        left = list(claimed)
        try:
            async with SmtpServer(self._settings) as server:
                await self._reached()
                while left and not self._stopping.is_set():
                    await self._send(server, left.pop(0))
        except MailServerAway as away:
            self._away(away)
            await self._engine.write(mail_outbox.note_failure, self._engine.now(), away.told)
            return False
        finally:
            if left:
                await self._engine.write(mail_outbox.put_back, left, self._holder)
        return True

    async def _send(self, server: SmtpServer, mail_id: int) -> None:
        """Send a message. Raises MailServerAway, if the server can't be reached any more."""
        now = self._engine.now()
        letter = await self._engine.write(letters.begin, mail_id, self._holder, now)
        if letter is None:
            return
        try:
            result = await server.deliver(self._written(letter, now), recipient_of(letter.address))
        except MailServerAway as away:
            await self._engine.write(mail_outbox.postpone, mail_id, self._holder, self._engine.now(), away.told)
            raise
        except Exception:  # one faulty message must not stop the others
            log.exception("mail failed", kind=letter.kind)
            result = Delivered(delivery=Delivery.REFUSED, reason="a fault of the program")
        await self._record(mail_id, letter, result)

    def _written(self, letter: Letter, now: datetime) -> EmailMessage:
        language = self._languages.choose([letter.language])
        words = Words(language=language, zone=letter.zone, now=now)
        return message_of(letter, words, self._settings, self._public_url)

    async def _record(self, mail_id: int, letter: Letter, result: Delivered) -> None:
        write, now = self._engine.write, self._engine.now()
        if result.delivery is not Delivery.ACCEPTED:
            log.warning("mail not accepted", kind=letter.kind, outcome=result.delivery.name, reason=result.reason)
        match result.delivery:
            case Delivery.ACCEPTED:
                await write(mail_outbox.finish, mail_id, self._holder, now)
            case Delivery.REFUSED | Delivery.ADDRESS_REFUSED:
                for_address = result.delivery is Delivery.ADDRESS_REFUSED
                await write(mail_outbox.refuse, mail_id, self._holder, now, result.reason, for_address=for_address)
            case Delivery.LATER:
                await write(mail_outbox.postpone, mail_id, self._holder, now, result.reason)
            case Delivery.UNKNOWN:
                await write(mail_outbox.mark_unconfirmed, mail_id, self._holder, now)

    async def _reached(self) -> None:
        if self._failures:
            log.warning("the mail server can be reached again")
        self._failures = 0
        if self._is_noted:
            await self._engine.write(mail_outbox.forget_failure, self._engine.now())
            self._is_noted = False

    def _away(self, away: MailServerAway) -> None:
        """Tell the log once that the mail server can't be reached."""
        if not self._failures:
            log.error("the mail server can't be reached", reason=str(away))
        self._failures += 1
        self._is_noted = True
