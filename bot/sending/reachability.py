"""Whether Telegram can be reached: after a call that failed, it is asked each second until it answers again."""

import asyncio
from contextlib import suppress

from telegram import Bot

from bot.sending.outcomes import Outcome, attempt

ASK_EVERY = 1.0  # seconds
ANSWERS_WITHIN = 5.0  # seconds; questions don't wait for each other, so a lost one delays nothing

IN_DOUBT = frozenset({Outcome.NOT_SENT, Outcome.UNKNOWN})  # what an outage leads to: no connection, 5xx, no answer


class Reachability:
    """Lets the senders hold back during an outage, and go on at its end, however long their pauses have grown.

    The question is `getMe`: it has no effect, and doesn't count against the limits of messages.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._answers = asyncio.Event()
        self._answers.set()
        self._outage_ends = asyncio.Event()
        self._is_outage = False
        self._not_before = 0.0  # by the loop's clock: Telegram said to wait
        self._asking: asyncio.Task[None] | None = None
        self._open_questions: set[asyncio.Task[None]] = set()

    @property
    def is_in_doubt(self) -> bool:
        """Whether a call failed, and none has succeeded since."""
        return not self._answers.is_set()

    def note(self, outcome: Outcome) -> None:
        """Note the outcome of a call: after one that an outage may have caused, ask until there is an answer."""
        if outcome is Outcome.DELIVERED:
            self.confirm()
        elif outcome in IN_DOUBT and not self.is_in_doubt:
            self._answers.clear()
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self._ask_until_answered())

    def confirm(self) -> None:
        """Note that Telegram has just answered."""
        self._answers.set()
        if self._is_outage:
            self._is_outage = False
            self._outage_ends.set()
            self._outage_ends = asyncio.Event()

    def ask(self) -> None:
        """Ask now, if there is a doubt: something suggests that Telegram answers again."""
        if self.is_in_doubt and not self._open_questions and self._wait_left() <= 0:
            self._begin_question()

    async def wait(self, seconds: float) -> bool:
        """Wait until Telegram isn't in doubt; return False if it still is after so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._answers.wait()
        return False

    async def pause(self, seconds: float) -> None:
        """Wait for so many seconds, or until an outage ends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._outage_ends.wait()

    async def close(self) -> None:
        """Ask no more."""
        if self._asking:
            self._asking.cancel()
            await asyncio.wait([self._asking])

    async def _ask_until_answered(self) -> None:
        """Ask each second, also while earlier questions are open."""
        try:
            while self.is_in_doubt:
                self._begin_question()
                if not await self.wait(ASK_EVERY):
                    self._is_outage = True
                    await self.wait(self._wait_left())
        finally:
            for question in self._open_questions:
                question.cancel()
            self.confirm()  # when nobody asks any more, nobody may hold back

    def _begin_question(self) -> None:
        question = asyncio.create_task(self._question())
        self._open_questions.add(question)
        question.add_done_callback(self._open_questions.discard)

    async def _question(self) -> None:
        within = ANSWERS_WITHIN
        asking = self._bot.get_me(read_timeout=within, connect_timeout=within, pool_timeout=within)
        result = await attempt(asking)
        self._not_before = max(self._not_before, asyncio.get_running_loop().time() + result.delay.total_seconds())
        if result.outcome is Outcome.DELIVERED:
            self.confirm()

    def _wait_left(self) -> float:
        return self._not_before - asyncio.get_running_loop().time()
