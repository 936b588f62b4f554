"""What becomes of all that is meant for a chat when Telegram says that the chat is lost, or got another number."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.services import live_cards, outbox


def lost(session: Session, chat_id: int, now: datetime) -> None:
    """End what goes to a chat that removed or blocked the bot."""
    outbox.chat_lost(session, chat_id, now)
    live_cards.chat_lost(session, chat_id, now)


def moved(session: Session, old_id: int, new_id: int, now: datetime) -> None:
    """Redirect what goes to a group to the supergroup that it became; live cards are sent anew there."""
    outbox.chat_moved(session, old_id, new_id)
    live_cards.chat_moved(session, old_id, new_id, now)
