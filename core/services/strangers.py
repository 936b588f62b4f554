"""Strangers in the chat: which of their updates are stored. Each is answered once an hour, and a flood is left out.

Whoever has no access is a stranger. A valid invitation always comes in, whatever its opener or others sent before.
"""

from datetime import datetime
from enum import Enum, auto

from sqlalchemy.orm import Session

from core.domain.inbox import Standing
from core.domain.limits import ALL_STRANGERS, STRANGERS_ANSWER, STRANGERS_CHAT, STRANGERS_CODE, Attempt
from core.domain.updates import START, ReceivedUpdate, is_migration, kind_of, line_of, start_code
from core.services import invitations
from core.storage import limits, people


class Entry(Enum):
    """Whether `admit` would let an update in."""

    ADMITTED = auto()
    UNANSWERED = auto()  # a stranger's word in a group, or their edit: nothing that the bot answers
    TOO_MANY = auto()


def entry(session: Session, received: ReceivedUpdate, now: datetime) -> Entry:
    """Return whether `admit` would let an update in. Changes nothing."""
    attempts = _attempts(session, received, now)
    if attempts is None:
        return Entry.UNANSWERED
    return Entry.ADMITTED if limits.opening(session, attempts, now) is None else Entry.TOO_MANY


def admit(session: Session, received: ReceivedUpdate, now: datetime) -> Standing | None:
    """Count an update of a stranger, and return its standing; None if it is to be left out."""
    attempts = _attempts(session, received, now)
    if attempts is None or limits.opening(session, attempts, now) is not None:
        return None
    if not attempts:
        return Standing.KNOWN
    if not all(limits.count(session, attempt, now) for attempt in attempts):  # not beyond the first that is used up
        return None
    is_answered = attempts[0].limit is STRANGERS_CODE and not limits.count(session, _answer(received), now)
    return Standing.ANSWERED if is_answered else Standing.STRANGER


def _attempts(session: Session, received: ReceivedUpdate, now: datetime) -> tuple[Attempt, ...] | None:
    """Return what an update counts as: nothing if it isn't a stranger's; None if it is left out in any case."""
    if received.sender_id is not None and people.is_known(session, received.sender_id):
        return ()
    kind, everybody = kind_of(received.body), Attempt(limit=ALL_STRANGERS, subject="")
    if kind in ("my_chat_member", "") or is_migration(received.body):
        return Attempt(limit=STRANGERS_CHAT, subject=str(received.line)), everybody
    if kind == "edited_message" or (received.sender_id != received.line and kind != "callback_query"):  # not answered
        return None
    code = start_code(received.body)
    if code and invitations.is_open(session, code, now):
        return ()
    if code or _may_claim(session, received):
        return Attempt(limit=STRANGERS_CODE, subject=str(received.sender_id)), everybody
    return _answer(received), everybody


def _may_claim(session: Session, received: ReceivedUpdate) -> bool:
    """Return whether a line may make its sender the owner without a code, as the one that the settings name."""
    return line_of(received.body) == START and people.owner_id(session) is None


def _answer(received: ReceivedUpdate) -> Attempt:
    return Attempt(limit=STRANGERS_ANSWER, subject=f"{received.sender_id} {kind_of(received.body)}")
