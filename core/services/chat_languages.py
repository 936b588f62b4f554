"""The language of a person's private chat, and of messages to them."""

from sqlalchemy.orm import Session

from core.errors import NotAllowed
from core.storage import actors, people


def remember_language(session: Session, user_id: int, language: str) -> None:
    """Store the language of a person's Telegram app, for notices sent later."""
    people.set_language(session, user_id, language)


def choose_language(session: Session, user_id: int, language: str | None) -> None:
    """Store the language of a user's private chat and of messages to them; None: that of their Telegram app.

    Raises NotAllowed.
    """
    if actors.find(session, user_id) is None:
        raise NotAllowed
    people.choose_language(session, user_id, language)
