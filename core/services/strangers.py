"""Strangers in the chat: which of their updates are stored; of each kind one an hour, and of a flood none.

Whoever has no access is a stranger. A valid invitation, the owner's link, the owner whom the settings name, a link that
connects a learner's Telegram and the /stop of one who is connected always come in, whatever their sender or others sent
before; only their own repetitions are limited.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from sqlalchemy.orm import Session

from core.domain.inbox import Standing
from core.domain.limits import (
    ALL_STRANGERS,
    STRANGERS_ANSWER,
    STRANGERS_CHAT,
    STRANGERS_CODE,
    STRANGERS_INVITATION,
    Attempt,
)
from core.domain.updates import START, STOP, ReceivedUpdate, is_migration, kind_of, line_of, possible_codes, start_code
from core.services import invitations, limits, ownership, telegram_connections
from core.storage import people


@dataclass(frozen=True, kw_only=True)
class OwnerClaim:
    """How an owner is known who has no access yet: by the code of their link, or as whom the settings name.

    The code is derived with the secret key; `telegram_id` is the number of OWNER_TELEGRAM_ID, None if nobody is named.
    """

    secret_key: str = field(repr=False)
    telegram_id: int | None


class Entry(Enum):
    """Whether `admit` would let an update in."""

    ADMITTED = auto()
    UNANSWERED = auto()  # a stranger's word in a group, or their edit: nothing that the bot answers
    TOO_MANY = auto()


def entry(session: Session, received: ReceivedUpdate, claim: OwnerClaim, now: datetime) -> Entry:
    """Return whether `admit` would let a stranger's update in. Changes nothing."""
    attempts = _attempts(session, received, claim, now)
    if attempts is None:
        return Entry.UNANSWERED
    return Entry.ADMITTED if limits.can_count(session, attempts, now) else Entry.TOO_MANY


def admit(session: Session, received: ReceivedUpdate, claim: OwnerClaim, now: datetime) -> Standing | None:
    """Count an update of a stranger, and return its standing; None if it is to be left out.

    The standing is that of the known if it lets its sender in.
    """
    attempts = _attempts(session, received, claim, now)
    if attempts is None or not limits.can_count(session, attempts, now):
        return None
    if not all(limits.try_count(session, attempt, now) for attempt in attempts):  # not beyond the first that is used up
        return None
    if attempts[0].limit is STRANGERS_INVITATION:
        return Standing.KNOWN
    is_answered = attempts[0].limit is STRANGERS_CODE and not limits.try_count(session, _answer(received), now)
    return Standing.ANSWERED if is_answered else Standing.STRANGER


def _attempts(
    session: Session, received: ReceivedUpdate, claim: OwnerClaim, now: datetime
) -> tuple[Attempt, ...] | None:
    """Return what an update counts as; None if it is left out in any case."""
    kind, everybody = kind_of(received.body), Attempt(limit=ALL_STRANGERS, subject="")
    if kind in ("my_chat_member", "") or is_migration(received.body):
        return Attempt(limit=STRANGERS_CHAT, subject=str(received.line)), everybody
    if kind == "edited_message" or (received.sender_id != received.line and kind != "callback_query"):  # not answered
        return None
    if (way_in := _way_in(session, received, claim, now)) is not None:
        return (Attempt(limit=STRANGERS_INVITATION, subject=f"{received.sender_id} {way_in}"),)
    if start_code(received.body) or _may_claim(session, received):
        return Attempt(limit=STRANGERS_CODE, subject=str(received.sender_id)), everybody
    return _answer(received), everybody


def _way_in(session: Session, received: ReceivedUpdate, claim: OwnerClaim, now: datetime) -> str | None:
    """Return what gives a message's sender access: a valid code, or the line of the owner whom the settings name."""
    if received.sender_id == claim.telegram_id and _may_claim(session, received):
        return START
    if line_of(received.body).casefold() == STOP and telegram_connections.is_connected(session, received.sender_id):
        return STOP
    valid = (
        code
        for code in possible_codes(received.body)
        if invitations.is_open(session, code, now)
        or ownership.is_open(session, claim.secret_key, code, now)
        or telegram_connections.is_open(session, code, now)
    )
    return next(valid, None)


def _may_claim(session: Session, received: ReceivedUpdate) -> bool:
    """Return whether a line may make its sender the owner without a code, as the one that the settings name."""
    return line_of(received.body) == START and people.owner_id(session) is None


def _answer(received: ReceivedUpdate) -> Attempt:
    return Attempt(limit=STRANGERS_ANSWER, subject=f"{received.sender_id} {kind_of(received.body)}")
