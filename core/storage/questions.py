"""Queries on questions to people."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.storage.tables import Question


def find_open(session: Session, user_id: int, question_id: int, about: str, since: datetime) -> dict[str, Any] | None:
    """Return the body of a user's question about something, unless it was answered or asked before `since`."""
    query = select(Question.body).where(
        Question.id == question_id,
        Question.user_id == user_id,
        Question.about == about,
        Question.asked_at > since,
        Question.answered_at.is_(None),
    )
    return session.scalars(query).one_or_none()


def close(session: Session, question_id: int, now: datetime) -> bool:
    """Mark a question as answered; return False if it already was."""
    closing = update(Question).where(Question.id == question_id, Question.answered_at.is_(None))
    return session.scalars(closing.values(answered_at=now).returning(Question.id)).one_or_none() is not None


def forget(session: Session, user_id: int) -> None:
    """Delete a user's questions."""
    session.execute(delete(Question).where(Question.user_id == user_id))


def sweep(session: Session, before: datetime) -> None:
    """Delete the questions that were asked before a moment."""
    session.execute(delete(Question).where(Question.asked_at < before))
