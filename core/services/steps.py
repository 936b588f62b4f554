"""How far people are in their courses, in one line: the same on a profile's card, in /progress and in a report."""

from datetime import datetime

from sqlalchemy import Select
from sqlalchemy.orm import Session

from core.storage import progress
from core.storage.progress import Steps

__all__ = ["Steps"]

FEW = 5000  # counting more would hold a card up: /progress has them


def of(session: Session, people: Select[int], now: datetime) -> Steps | None:
    """Count how far people are; None if nobody has a course. Rights are not checked here."""
    found = progress.steps(session, people, now)
    return found if found.people else None


def of_few(session: Session, people: Select[int], number: int, now: datetime) -> Steps | None:
    """Count how far at most `number` people are; None if that is nobody, if they are many, or if none has a course."""
    return of(session, people, now) if 0 < number <= FEW else None
