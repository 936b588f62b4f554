"""Reads the digests that were claimed together: in one transaction, because they share their counts."""

import asyncio
from collections.abc import Iterable, Mapping

from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import NotAllowed
from core.services import digest_summaries, digests
from core.services.digest_summaries import Asked, Summary
from core.services.outbox import Message

Reading = asyncio.Task[Mapping[Asked, Summary]]


class DigestReader:
    """Gives each digest its content, as its recipient's rights were a moment after it was claimed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._readings: dict[int, Reading] = {}  # by the messages' numbers

    def expect(self, messages: Iterable[Message]) -> None:
        """Begin to read the digests among messages that were claimed together, if there are several.

        `discard` each of them when its claim has ended.
        """
        together = [message for message in messages if message.kind is Kind.DIGEST]
        if len(together) > 1:
            reading = asyncio.create_task(self._read([_asked(message) for message in together]))
            reading.add_done_callback(_look_at)
            self._readings |= {message.message_id: reading for message in together}

    def discard(self, message: Message) -> None:
        """Forget what was read for a claim: by the next one, the recipient's rights may have changed."""
        self._readings.pop(message.message_id, None)

    async def read(self, message: Message) -> Summary:
        """Return the content of a digest. Raises NotAllowed, DatabaseUnavailable."""
        if (reading := self._readings.pop(message.message_id, None)) is None:
            return await self._alone(message)
        await asyncio.wait([reading])
        if reading.exception():  # one of them may be at fault: the others are read
            return await self._alone(message)
        found = reading.result().get(_asked(message))
        if found is None:
            raise NotAllowed
        return found

    async def _alone(self, message: Message) -> Summary:
        about = message.user_id, message.subject_id
        return await self._engine.read(digests.summary, *about, chat_id=message.chat_id)

    async def _read(self, asked: list[Asked]) -> Mapping[Asked, Summary]:
        return await self._engine.read(digest_summaries.summaries, asked)


def _look_at(reading: Reading) -> None:
    """Take note of an error, which asyncio logs otherwise if nobody needs the reading any more."""
    if not reading.cancelled():
        reading.exception()


def _asked(message: Message) -> Asked:
    return Asked(recipient_id=message.user_id, run_id=message.subject_id, chat_id=message.chat_id)
