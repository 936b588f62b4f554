"""Makes the context in which a person's line, tap or inline query is answered: their language, zone and chat."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from telegram import Chat, Message
from telegram import User as TelegramUser
from telegram.constants import ChatType

from bot.context import Context, UpdateInHand
from bot.receiving.incoming import file_of, group_of, photo_of, topic
from bot.receiving.routes import COMMANDS
from bot.wording.phrases import Words
from core.engine import Engine
from core.language import Language, Languages
from core.services import chat_languages
from core.services.people import Person

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True)
class Contexts:
    """Makes contexts, and phrases for those who have none."""

    engine: Engine
    languages: Languages

    async def of(self, sender: TelegramUser, person: Person, message: Message | None, in_hand: UpdateInHand) -> Context:
        """Return the context of a person with access; what Telegram says of their language is kept."""
        language = self.language(sender)
        if language.code != person.language:
            await self.engine.write(chat_languages.remember_language, person.user_id, language.code)
        chosen = chosen_language(message.chat if message else None, person)
        return Context(
            in_hand=in_hand,
            person=replace(person, language=language.code),
            telegram_id=sender.id,
            chat_id=message.chat_id if message else sender.id,
            message_id=message.message_id if message and in_hand.is_tap else None,
            thread_id=topic(message),
            group=group_of(message),
            file=file_of(message),
            photo=photo_of(message),
            words=replace(self.words(sender, chosen), zone=person.zone),
            languages=self.languages,
            commands=COMMANDS,
        )

    def language(self, sender: TelegramUser, chosen: str | None = None) -> Language:
        """Return the language that was chosen, or else the nearest to that of the sender's Telegram."""
        return self.languages.choose([chosen or sender.language_code or ""])

    def words(self, sender: TelegramUser, chosen: str | None = None) -> Words:
        """Return phrases for a sender without reading the database: no moment is shown to them."""
        return Words(language=self.language(sender, chosen), zone=UTC_ZONE, now=self.engine.now())


def chosen_language(chat: Chat | None, person: Person | None) -> str | None:
    """Return the language that a person chose, but not in groups, where others read, too; `chat` None: in no chat."""
    here = chat is None or chat.type == ChatType.PRIVATE
    return person.chosen_language if person and here else None
