"""Digests as notices: the text, and the files that follow it as messages of their own."""

from collections.abc import Iterable
from dataclasses import replace

from bot.screens.digest_files import DigestFiles
from bot.screens.digest_reader import DigestReader
from bot.screens.digest_screen import digest_screen
from bot.screens.screen import Screen
from bot.wording.phrases import Words
from core.domain.outbox import Kind
from core.engine import Engine
from core.services.outbox import Message


class DigestNotices:
    """Renders the messages of digests. Texts that were claimed together are read together."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = DigestReader(engine)

    def expect(self, messages: Iterable[Message]) -> None:
        """Begin to read the digests among messages that were claimed together; `discard` each after its claim."""
        self._reader.expect(messages)

    def discard(self, message: Message) -> None:
        """Forget what was read for a message's claim."""
        self._reader.discard(message)

    async def render(self, message: Message, words: Words) -> Screen | None:
        """Render a message; None if there is nothing to tell. Raises NotAllowed, DigestGone."""
        return await (self._digest(message, words) if message.kind is Kind.DIGEST else self._file(message, words))

    async def _digest(self, message: Message, words: Words) -> Screen | None:
        """Render a digest; None if nobody joined and its recipient wants none then. One that may have come, comes."""
        summary, again = await self._reader.read(message), message.again
        if summary.silent and not again:
            return None
        return digest_screen(words, summary, message.subject_id, again=again, private=message.chat_id > 0)

    async def _file(self, message: Message, words: Words) -> Screen | None:
        """Compose what follows a digest, without a sound of its own; None if nobody joined."""
        files = DigestFiles(
            use_cases=self._engine,
            words=words,
            recipient_id=message.user_id,
            run_id=message.subject_id,
            chat_id=message.chat_id,
        )
        screen = await (files.picture() if message.kind is Kind.DIGEST_PICTURE else files.spreadsheet())
        return screen and replace(screen, silent=True)
