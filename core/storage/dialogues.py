"""Queries on the forms that people fill in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from core.storage.database import upsert
from core.storage.tables import Dialogue

FIRST_TURN = 1


def find(session: Session, user_id: int, chat_id: int) -> Dialogue | None:
    """Find the form of a person in a chat, as it is now."""
    query = select(Dialogue).where(*_of(user_id, chat_id)).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def begin(session: Session, user_id: int, chat_id: int, now: datetime, values: Mapping[str, Any]) -> Dialogue:
    """Begin a form in place of an earlier one, with the turn after the earlier one's."""
    fresh = {"message_id": None, "asked": {}, "active": True, "made": None, "updated_at": now, **values}
    begun = upsert(session, Dialogue).values(user_id=user_id, chat_id=chat_id, turn=FIRST_TURN, **fresh)
    renewed = begun.on_conflict_do_update(
        index_elements=[Dialogue.user_id, Dialogue.chat_id], set_={**fresh, "turn": Dialogue.turn + 1}
    )
    query = renewed.returning(Dialogue).execution_options(populate_existing=True)
    found: Dialogue = session.scalars(query).one()
    return found


def move(session: Session, user_id: int, chat_id: int, turn: int, values: Mapping[str, Any]) -> Dialogue | None:
    """Change a form and add one to its turn, if the turn is this one; return it as it is then, else None.

    A single conditional UPDATE: of concurrent changes of one turn exactly one happens.
    """
    moved = update(Dialogue).where(*_of(user_id, chat_id), Dialogue.turn == turn)
    query = moved.values(turn=turn + 1, **values).returning(Dialogue).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def show_in(session: Session, user_id: int, chat_id: int, turn: int, message_id: int) -> None:
    """Note which message shows a form, if the turn is still this one."""
    shown = update(Dialogue).where(*_of(user_id, chat_id), Dialogue.turn == turn)
    session.execute(shown.values(message_id=message_id))


def finish(session: Session, user_id: int, chat_id: int, made: int) -> None:
    """Note the number of what a form made; its answers, which may be a person's data, are no longer needed."""
    session.execute(update(Dialogue).where(*_of(user_id, chat_id)).values(made=made, answers={}))


def leave(session: Session, user_id: int, chat_id: int) -> None:
    """Let what the person types answer the form no longer; its buttons still work."""
    session.execute(update(Dialogue).where(*_of(user_id, chat_id)).values(active=False))


def forget(session: Session, user_id: int) -> None:
    """Delete a user's forms."""
    session.execute(delete(Dialogue).where(Dialogue.user_id == user_id))


def sweep(session: Session, before: datetime) -> None:
    """Empty the forms that were last changed before a moment; the rows stay, because turns never fall."""
    old = update(Dialogue).where(Dialogue.updated_at < before, Dialogue.kind != "")
    session.execute(old.values(kind="", answers={}, asked={}, message_id=None, active=False, made=None))


def _of(user_id: int, chat_id: int) -> tuple[ColumnElement[bool], ...]:
    return Dialogue.user_id == user_id, Dialogue.chat_id == chat_id
