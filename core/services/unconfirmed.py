"""Unconfirmed answers and messages: it is unknown whether they arrived, or they were lost in an interruption."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.inbox import UpdateState
from core.domain.outbox import Kind
from core.domain.updates import line_of
from core.errors import NotAllowed
from core.services.authorisation import authorise
from core.services.inbox import KEPT
from core.storage import account, inbox, people, undelivered

SHOWN = 15


@dataclass(frozen=True, kw_only=True)
class Unconfirmed:
    """An answer or message that may not have arrived: when (UTC) and for whom (None: a stranger).

    An answer has the `line` that it replies to (empty: a button) and whether that was `carried_out`; a message has its
    `kind`, and the reason for which Telegram refused it, if it did.
    """

    at: datetime
    recipient: str | None
    line: str = ""
    carried_out: bool = False
    kind: Kind | None = None
    refusal: str | None = None
    state: UpdateState = UpdateState.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class UnconfirmedList:
    """The newest unconfirmed answers and messages of the last days, at most SHOWN."""

    zone: ZoneInfo
    newest: tuple[Unconfirmed, ...]


def listing(session: Session, actor_id: int, now: datetime) -> UnconfirmedList:
    """List the newest of all users. Needs the permission to read the audit log, and an account-wide scope."""
    actor = authorise(session, actor_id, Permission.READ_LOG)
    if not actor.scope.everywhere:
        raise NotAllowed
    found = [*_answers(session, now - KEPT), *_messages(session, now - KEPT)]
    newest = sorted(found, key=lambda each: each.at, reverse=True)[:SHOWN]
    return UnconfirmedList(zone=account.zone(session), newest=tuple(newest))


def _answers(session: Session, since: datetime) -> list[Unconfirmed]:
    return [
        Unconfirmed(
            at=update.received_at,
            recipient=people.name_by_telegram_id(session, update.sender_id),
            line=line_of(update.body),
            carried_out=update.effected,
            state=UpdateState(update.state),
        )
        for update in inbox.unconfirmed(session, since, at_most=SHOWN)
    ]


def _messages(session: Session, since: datetime) -> list[Unconfirmed]:
    return [
        Unconfirmed(
            at=message.ended_at or message.created_at,
            recipient=user.full_name,
            kind=Kind(message.kind),
            refusal=message.refusal,
        )
        for message, user in undelivered.unconfirmed(session, since, at_most=SHOWN)
    ]
