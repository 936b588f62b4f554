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


def newest_open(session: Session, user_id: int, about: str, since: datetime) -> tuple[int, dict[str, Any]] | None:
    """Return the number and the body of a user's newest question about something that was asked after `since`.

    None if that one is answered, or if there is none.
    """
    query = select(Question).where(Question.user_id == user_id, Question.about == about, Question.asked_at > since)
    found = session.scalars(query.order_by(Question.id.desc()).limit(1)).one_or_none()
    return None if found is None or found.answered_at is not None else (found.id, found.body)


def open_since(session: Session, user_id: int, about: str, since: datetime) -> list[tuple[int, dict[str, Any]]]:
    """List the numbers and bodies of a user's open questions about something asked after `since`, newest first."""
    asked = Question.user_id == user_id, Question.about == about, Question.asked_at > since
    query = select(Question).where(*asked, Question.answered_at.is_(None)).order_by(Question.id.desc())
    return [(found.id, found.body) for found in session.scalars(query)]


def last_open(session: Session, user_id: int, about: str, since: datetime) -> dict[str, Any] | None:
    """Return the body of a user's last question about something, unless it was answered or asked before `since`."""
    asked = Question.user_id == user_id, Question.about == about, Question.asked_at > since
    query = select(Question.body).where(*asked, Question.answered_at.is_(None))
    return session.scalars(query.order_by(Question.id.desc()).limit(1)).one_or_none()


def close(session: Session, question_id: int, now: datetime) -> dict[str, Any] | None:
    """Mark a question as answered, and return its body, as it is now; None if it already was."""
    closing = update(Question).where(Question.id == question_id, Question.answered_at.is_(None))
    return session.scalars(closing.values(answered_at=now).returning(Question.body)).one_or_none()


def move_chat(session: Session, about: str, old_id: int, new_id: int) -> None:
    """Let the unanswered questions about something, which name a chat (`chat_id`), name another one instead.

    In Python, because the two databases read JSON differently; a chat has few of them, and they live for a day.
    """
    unanswered = select(Question).where(Question.about == about, Question.answered_at.is_(None)).order_by(Question.id)
    for question in session.scalars(unanswered.with_for_update().execution_options(populate_existing=True)):
        if question.body["chat_id"] == old_id:
            question.body = {**question.body, "chat_id": new_id}


def forget(session: Session, user_id: int) -> None:
    """Delete a user's questions."""
    session.execute(delete(Question).where(Question.user_id == user_id))


def sweep(session: Session, before: datetime) -> None:
    """Delete the questions that were asked before a moment."""
    session.execute(delete(Question).where(Question.asked_at < before))
