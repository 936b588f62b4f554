"""Fetches files that people sent, through the Bot API server that the settings name."""

from telegram import Bot
from telegram.error import TelegramError

from bot.context import FileUnavailable


class TelegramFiles:
    """The files of a bot: getFile says where one is, below the server's root for files (Bot API, `File`)."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def fetch(self, file_id: str) -> bytes:
        """Return a file's contents; the sender's limits were checked by its size before. Raises FileUnavailable."""
        try:
            file = await self._bot.get_file(file_id)
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise FileUnavailable from error
