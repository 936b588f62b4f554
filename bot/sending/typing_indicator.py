"""Shows "typing" in a chat while an answer takes long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.constants import ChatAction

from bot.sending.outcomes import attempt

AT_FIRST_AFTER = 1.0  # seconds; most answers are ready by then
AGAIN_AFTER = 4.0  # Bot API, sendChatAction: it is shown for 5 seconds or less


@asynccontextmanager
async def shown(
    bot: Bot, chat_id: int | None, *, at_first_after: float = AT_FIRST_AFTER, again_after: float = AGAIN_AFTER
) -> AsyncIterator[None]:
    """Show "typing" in the chat, if there is one, from `at_first_after` seconds on until the block ends.

    Failures of the call are ignored.
    """
    showing = asyncio.create_task(_show(bot, chat_id, at_first_after, again_after)) if chat_id is not None else None
    try:
        yield
    finally:
        if showing:
            showing.cancel()
            await asyncio.wait([showing])


async def _show(bot: Bot, chat_id: int, at_first_after: float, again_after: float) -> None:
    await asyncio.sleep(at_first_after)
    while True:
        await attempt(bot.send_chat_action(chat_id, ChatAction.TYPING))
        await asyncio.sleep(again_after)
