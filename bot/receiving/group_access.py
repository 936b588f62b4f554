"""Whether the bot can write to a group, as Telegram says."""

from telegram import Bot
from telegram.constants import ChatAction

from bot.context import TelegramSilent
from bot.sending.outcomes import Outcome, attempt

NOT_WRITABLE = frozenset({Outcome.UNREACHABLE, Outcome.CHAT_UNKNOWN, Outcome.REJECTED})


class TelegramGroups:
    """The groups of a bot. To show there for a moment that it types needs the same rights as to write."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def writable(self, chat_id: int, thread_id: int | None) -> int | None:
        """Return the number by which the bot can write to a group, or a topic of it, now; None if it can't.

        Raises TelegramSilent.
        """
        result = await attempt(self._bot.send_chat_action(chat_id, ChatAction.TYPING, message_thread_id=thread_id))
        if result.outcome is Outcome.DELIVERED:
            return chat_id
        if result.outcome is Outcome.CHAT_MIGRATED:
            return await self.writable(result.chat_id, thread_id)
        if result.outcome in NOT_WRITABLE:
            return None
        raise TelegramSilent
