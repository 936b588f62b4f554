"""Queries on outgoing e-mail messages."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from core.domain.mail import OUTAGES, SENDING
from core.domain.outbox import OPEN, UNSENT, MessageState
from core.storage.shared_clock import TOLERANCE
from core.storage.tables import LinkRecipient, OutgoingMail


def anything_to_do(session: Session, now: datetime) -> bool:
    """Return whether `claimable` or `stranded` may find a message, without locking it."""
    due = OutgoingMail.state.in_(OPEN), OutgoingMail.not_before <= now
    in_hand = OutgoingMail.state.in_([MessageState.CLAIMED, MessageState.SENDING])
    far_ahead = in_hand, OutgoingMail.not_before > now + SENDING + TOLERANCE  # the clock was set back since
    return any(
        session.scalars(select(OutgoingMail.id).where(*found).limit(1)).first() is not None
        for found in (due, far_ahead)
    )


def claimable(session: Session, now: datetime, lease: timedelta, *, at_most: int) -> list[OutgoingMail]:
    """Lock messages that may be sent now or whose claim has expired, skipping those locked by other processes."""
    far_ahead = (OutgoingMail.state == MessageState.CLAIMED) & (OutgoingMail.not_before > now + lease + TOLERANCE)
    query = (
        select(OutgoingMail)
        .where(OutgoingMail.state.in_(UNSENT), or_(OutgoingMail.not_before <= now, far_ahead))
        .order_by(OutgoingMail.not_before, OutgoingMail.id)
        .limit(at_most)
    )
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def stranded(session: Session, now: datetime, *, at_most: int) -> list[OutgoingMail]:
    """Lock messages whose sender died while sending, so that it is unknown whether they arrived."""
    ended = or_(OutgoingMail.not_before <= now, OutgoingMail.not_before > now + SENDING + TOLERANCE)
    query = select(OutgoingMail).where(OutgoingMail.state == MessageState.SENDING, ended)
    query = query.order_by(OutgoingMail.id).limit(at_most)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def lock(session: Session, mail_id: int, holder: str, *, state: MessageState) -> OutgoingMail | None:
    """Lock a message that a holder has in a state; None if another process took it over."""
    held = OutgoingMail.id == mail_id, OutgoingMail.holder == holder, OutgoingMail.state == state
    query = select(OutgoingMail).where(*held).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def newest_failure(session: Session, user_id: int, address: str) -> OutgoingMail | None:
    """Find the last message to a user's address if it failed; None if it didn't."""
    ended = OutgoingMail.user_id == user_id, OutgoingMail.address == address, OutgoingMail.ended_at.is_not(None)
    query = select(OutgoingMail).where(*ended).order_by(OutgoingMail.id.desc()).limit(1)
    newest = session.scalars(query).one_or_none()
    return newest if newest is not None and newest.state == MessageState.FAILED and newest.reason else None


def note_failure(session: Session, now: datetime, reason: str) -> None:
    """Write down why the messages that are due can't be sent; not of those that are put off, which have a reason."""
    other = or_(OutgoingMail.reason.is_(None), OutgoingMail.reason != reason)
    noting = update(OutgoingMail).where(_is_due(now), other).values(reason=reason)
    session.execute(noting.execution_options(synchronize_session=False))


def forget_failure(session: Session, now: datetime) -> None:
    """Forget what `note_failure` wrote down of the messages that are due."""
    forgetting = update(OutgoingMail).where(_is_due(now), OutgoingMail.reason.in_(OUTAGES)).values(reason=None)
    session.execute(forgetting.execution_options(synchronize_session=False))


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        OutgoingMail.state == MessageState.CLAIMED,
        (OutgoingMail.state == MessageState.WAITING) & (OutgoingMail.not_before <= now),
    )


def hasten(session: Session, now: datetime, at_once: datetime) -> None:
    """Let the messages that wait for a later moment be sent at once, but for reminders, which wait for their hours."""
    of_hours = OutgoingMail.reminder_id.is_not(None)
    waiting = OutgoingMail.state == MessageState.WAITING, OutgoingMail.not_before > now, ~of_hours
    session.execute(update(OutgoingMail).where(*waiting).values(not_before=at_once))


def release(session: Session, reason: str, now: datetime, *, profile_id: int | None) -> None:
    """Let messages that wait for a reason be sent now: those to the recipients of a profile's link, or all."""
    recipients = select(LinkRecipient.id).where(LinkRecipient.profile_id == profile_id)
    of_profile = () if profile_id is None else (OutgoingMail.recipient_id.in_(recipients),)
    held = OutgoingMail.state == MessageState.WAITING, OutgoingMail.reason == reason, *of_profile
    releasing = update(OutgoingMail).where(*held).values(not_before=now, reason=None, tries=0)
    session.execute(releasing.execution_options(synchronize_session=False))


def forget(session: Session, user_id: int) -> None:
    """Delete a user's messages."""
    session.execute(delete(OutgoingMail).where(OutgoingMail.user_id == user_id))


def forget_address(session: Session, email: str) -> None:
    """Delete the messages to an address that are no user's, such as the answer to a request for access."""
    session.execute(delete(OutgoingMail).where(OutgoingMail.user_id.is_(None), OutgoingMail.address == email))


def sweep(session: Session, ended_before: datetime, useless_before: datetime) -> None:
    """Delete messages that ended before a moment, and those that weren't sent though they became useless.

    Those with links are deleted with their recipients.
    """
    useless = OutgoingMail.ended_at.is_(None) & (OutgoingMail.useless_from < useless_before)
    over = or_(OutgoingMail.ended_at < ended_before, useless)
    session.execute(delete(OutgoingMail).where(OutgoingMail.recipient_id.is_(None), over))


def count_by_state(session: Session) -> dict[str, int]:
    """Count the messages in each state."""
    counts = select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state)
    return dict(session.execute(counts).all())
