"""What handlers and cards are given, where a test needs no running bot."""

from typing import TYPE_CHECKING, cast

from bot.context import BotAddresses, Context, UpdateInHand
from bot.receiving.routes import COMMANDS
from bot.service import LOCALES
from bot.wording.phrases import Words
from core.domain.inbox import Standing
from core.language import Languages
from core.services.inbox import Claim
from core.services.people import Person

if TYPE_CHECKING:
    from core.engine import Engine

LANGUAGES = Languages(LOCALES)
A_CLAIM = Claim(update_id=1, holder="a test", turn=1, standing=Standing.KNOWN, body={}, sender=None)


def spoken_to(words: Words, person: Person, engine: object = None, *, url: str = "https://example.org") -> Context:
    """A line of a person in their own chat; without an engine nothing can be read."""
    return Context(
        in_hand=UpdateInHand(
            engine=cast("Engine", engine),
            claim=A_CLAIM,
            addresses=BotAddresses(bot_name="gangway_bot", public_url=url, public=True),
        ),
        person=person,
        telegram_id=1,
        chat_id=1,
        words=words,
        languages=LANGUAGES,
        commands=COMMANDS,
    )
