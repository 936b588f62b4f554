"""What learners can do in the chat without access to it: connect their Telegram by a link, and stop its messages.

Whatever else they write, they are told that this is all.
"""

from bot.context import BotAddresses, UpdateInHand
from bot.screens import learner_notices
from bot.screens.screen import Screen
from bot.wording import refusals
from bot.wording.phrases import Words
from core.engine import Engine
from core.errors import InvalidInvitation, TelegramTaken
from core.services import telegram_connections


async def answer(
    engine: Engine, in_hand: UpdateInHand, words: Words, telegram_id: int, name: str, text: str
) -> Screen | None:
    """Carry out a learner's line; None if it isn't one of theirs, and a stranger's."""
    if name == "stop" and await engine.read(telegram_connections.is_connected, telegram_id):
        await in_hand.write(telegram_connections.stop, telegram_id)
        return learner_notices.stopped(words)
    if name != "start" or not text or not await engine.read(telegram_connections.is_open, text, words.now):
        return None
    try:
        code, now = words.language.code, words.now
        connected = await in_hand.write(telegram_connections.accept, text, telegram_id, code, now)
    except InvalidInvitation:  # it was used meanwhile
        return None
    except TelegramTaken as taken:
        return Screen(text=refusals.refusal(words, taken))
    return learner_notices.connected(words, connected)


async def connection(
    engine: Engine, addresses: BotAddresses, words: Words, telegram_id: int, *, code: str
) -> Screen | None:
    """Tell a learner what their connection does; None to strangers. `code`: of the link that they opened, or empty."""
    found = await engine.read(telegram_connections.find, telegram_id)
    if found is None:
        return None
    say_so = learner_notices.connected_already if code else learner_notices.connection
    return say_so(words, found, addresses.mini_app, f"{addresses.public_url}/courses")
