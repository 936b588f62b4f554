"""Forms that people fill in: one row for a person and a chat, changed by one tap or one typed answer at a time.

A change belongs to a turn, which the tapped button carries. Of the taps of one turn exactly one changes the form, in
whichever process; every later one is refused (OtherTurn), so that a double tap, a repeated update or an old button
changes nothing.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from core.errors import OtherTurn
from core.storage import dialogues
from core.storage.tables import Dialogue as Row

KEPT = timedelta(days=7)

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Dialogue:
    """A form as it is at a turn. `made` is the number of what it made; it is None until then."""

    kind: str
    draft_id: str
    turn: int
    message_id: int | None
    asked: Mapping[str, Any]
    answers: Mapping[str, Any]
    active: bool
    made: int | None


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one tap or one typed text changes: the answers, and the part that is chosen next (empty: the form).

    `during` is a use case of the same transaction, which returns further answers: what is made on the way.
    """

    answers: Mapping[str, Any]
    asked: Mapping[str, Any] = field(default_factory=dict)
    during: Callable[[Session], Mapping[str, Any]] | None = None


@dataclass(frozen=True, kw_only=True)
class ShownForm:
    """Which message of a chat shows a person's form at a turn."""

    user_id: int
    chat_id: int
    turn: int
    message_id: int


def begin(
    session: Session,
    user_id: int,
    chat_id: int,
    kind: str,
    step: Step,
    now: datetime,
    *,
    message_id: int | None = None,
) -> Dialogue:
    """Begin a form in place of an earlier one of the person in the chat."""
    values = {"kind": kind, "draft_id": secrets.token_urlsafe(16), "message_id": message_id, **_changes(session, step)}
    return _dialogue(dialogues.begin(session, user_id, chat_id, now, values))


def unsaved(kind: str, step: Step) -> Dialogue:
    """Return a form that isn't begun yet, with its first answers, to be filled in before it is shown."""
    return Dialogue(
        kind=kind, draft_id="", turn=0, message_id=None, asked=step.asked, answers=step.answers, active=False, made=None
    )


def current(session: Session, user_id: int, chat_id: int, now: datetime) -> Dialogue | None:
    """Return a person's form in a chat; None if there is none, or none that is still kept."""
    row = dialogues.find(session, user_id, chat_id)
    return _dialogue(row) if row and row.kind and row.updated_at > now - KEPT else None


def move(
    session: Session,
    user_id: int,
    chat_id: int,
    turn: int,
    step: Step,
    now: datetime,
    *,
    message_id: int | None,
    active: bool = True,
) -> Dialogue:
    """Take a step of this turn; `active`: what the person types next answers the form. Raises OtherTurn."""
    changes = {"message_id": message_id, "active": active, "updated_at": now, **_changes(session, step)}
    return _moved(session, user_id, chat_id, turn, changes)


def complete(
    session: Session,
    user_id: int,
    chat_id: int,
    turn: int,
    effect: Callable[[Session, Dialogue], T],
    number: Callable[[T], int],
    now: datetime,
) -> T:
    """Run what a form is for, once; `number` numbers what it makes. Raises OtherTurn, and what `effect` raises.

    The form ends in the same transaction.
    """
    dialogue = _moved(session, user_id, chat_id, turn, {"asked": {}, "active": False, "updated_at": now})
    made = effect(session, dialogue)
    dialogues.finish(session, user_id, chat_id, number(made))
    return made


def note_shown(session: Session, shown: ShownForm) -> None:
    """Note which message shows a form, so that it can be taken away when the form moves on; harmless if it has."""
    dialogues.show_in(session, shown.user_id, shown.chat_id, shown.turn, shown.message_id)


def leave(session: Session, user_id: int, chat_id: int) -> None:
    """Leave a form: what the person types no longer answers it, and its buttons still work."""
    dialogues.leave(session, user_id, chat_id)


def sweep(session: Session, now: datetime) -> None:
    """Empty the forms that were last changed longer ago than KEPT."""
    dialogues.sweep(session, now - KEPT)


def _moved(session: Session, user_id: int, chat_id: int, turn: int, changes: Mapping[str, Any]) -> Dialogue:
    row = dialogues.move(session, user_id, chat_id, turn, changes)
    if row is None:
        raise OtherTurn
    return _dialogue(row)


def _changes(session: Session, step: Step) -> dict[str, Any]:
    further = step.during(session) if step.during else {}
    return {"answers": {**step.answers, **further}, "asked": dict(step.asked)}


def _dialogue(row: Row) -> Dialogue:
    return Dialogue(
        kind=row.kind,
        draft_id=row.draft_id,
        turn=row.turn,
        message_id=row.message_id,
        asked=row.asked,
        answers=row.answers,
        active=row.active,
        made=row.made,
    )
