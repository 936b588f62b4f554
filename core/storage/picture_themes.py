"""Queries on whether users' pictures are light or dark."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.storage.tables import User


def is_dark(session: Session, user_id: int) -> bool:
    """Return whether a user's pictures are dark."""
    return session.scalars(select(User.dark_pictures).where(User.id == user_id)).one()


def choose(session: Session, user_id: int, *, dark: bool) -> None:
    """Set whether a user's pictures are dark."""
    session.execute(update(User).where(User.id == user_id).values(dark_pictures=dark))
