"""The outbox's channel for e-mail: messages to one address each, stored until they are sent, each once.

A message stores what it is about; `letters` collects its content when it is sent. SMTP has no idempotency key, so a
message of which we can't tell whether it was accepted is repeated with a note, under the same Message-ID.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.mail import LONGEST_REASON, REPEATED_AFTER, SENDING, USEFUL_FOR, USELESS, MailKind, retry_after
from core.domain.outbox import AT_ONCE, MessageState
from core.storage import mail_days, reminders
from core.storage import mail_outbox as stored
from core.storage.shared_clock import shared_now
from core.storage.tables import OutgoingMail

LEASE = timedelta(minutes=5)  # after this, the claim of an ended process is taken over
BATCH = 20
KEPT = timedelta(days=30)  # after this, ended messages are deleted


@dataclass(frozen=True, kw_only=True)
class Refused:
    """That the last message to a person's address was refused: when (UTC), and the mail server's reason."""

    at: datetime
    reason: str


def queue(session: Session, user_id: int | None, address: str, kind: MailKind, language: str, now: datetime) -> None:
    """Queue a message; `user_id` None: whose it is is looked up when it is sent."""
    session.add(
        OutgoingMail(
            kind=kind,
            user_id=user_id,
            address=address,
            language=language,
            reference=secrets.token_hex(16),
            state=MessageState.WAITING,
            not_before=AT_ONCE,
            useless_from=now + USEFUL_FOR[kind],
            created_at=now,
        )
    )


def link_mail(number: int, address: str, language: str, now: datetime) -> dict[str, object]:
    """Return the row of a message that brings a recipient a profile's link; it is sent after what people wait for."""
    return {
        "kind": MailKind.SIGN_UP_LINK,
        "recipient_id": number,
        "address": address,
        "language": language,
        "reference": secrets.token_hex(16),
        "state": MessageState.WAITING,
        "not_before": now,
        "useless_from": now + USEFUL_FOR[MailKind.SIGN_UP_LINK],
        "created_at": now,
    }


def reminder(
    number: int, user_id: int | None, address: str, language: str, at: datetime, useless_from: datetime
) -> dict[str, object]:
    """Return the row of a message that brings a reminder, to be sent within a part of a day."""
    return {
        "kind": MailKind.REMINDER,
        "user_id": user_id,
        "reminder_id": number,
        "address": address,
        "language": language,
        "reference": secrets.token_hex(16),
        "state": MessageState.WAITING,
        "not_before": at,
        "useless_from": useless_from,
        "created_at": at,
    }


def anything_to_do(session: Session, now: datetime) -> bool:
    """Return whether `claim` has anything to do; cheap, without locks."""
    return stored.anything_to_do(session, now)


def claim(session: Session, holder: str, now: datetime, *, at_most: int = BATCH) -> list[int]:
    """Claim messages to send, those of ended processes included; return their numbers.

    What an ended process was sending is repeated with a note. What became useless ends.
    """
    now = shared_now(session, now)
    for lost in stored.stranded(session, now, at_most=BATCH):
        _repeat(session, lost, now)
        _end(lost, MessageState.UNKNOWN, now)
    session.flush()
    claimed = []
    for mail in stored.claimable(session, now, LEASE, at_most=at_most):
        if mail.useless_from <= now and mail.reminder_id:
            drop_reminder(session, mail)
        elif mail.useless_from <= now:
            _end(mail, MessageState.FAILED, now, USELESS)
        else:
            mail.state, mail.holder, mail.not_before = MessageState.CLAIMED, holder, now + LEASE
            claimed.append(mail.id)
    return claimed


def begin(session: Session, mail_id: int, holder: str, now: datetime) -> OutgoingMail | None:
    """Record that sending begins; None if another process took the claim over: then don't send."""
    mail = stored.lock(session, mail_id, holder, state=MessageState.CLAIMED)
    if mail is not None:
        mail.state, mail.not_before = MessageState.SENDING, shared_now(session, now) + SENDING
        mail.reason = None  # of an earlier attempt
    return mail


def drop(session: Session, mail: OutgoingMail) -> None:
    """Delete a message that has become pointless, instead of sending it."""
    session.delete(mail)


def drop_reminder(session: Session, mail: OutgoingMail) -> None:
    """Delete a message with the reminder that it should bring, as if there had been none.

    It doesn't count on its day either, unless it is a repetition: then it may have been sent.
    """
    day = reminders.remove(session, mail.reminder_id or 0)
    if day is not None and not mail.repetition:
        mail_days.give_back(session, day, 1)


def hold(mail: OutgoingMail, reason: str, now: datetime) -> None:
    """Put back a message in hand that isn't to be sent for the moment: it is tried again as long as it is useful."""
    _put_off(mail, reason, now)


def release(session: Session, reason: str, now: datetime, *, profile_id: int | None = None) -> None:
    """Send at once what is held for a reason: messages with the links of one profile, or of all."""
    stored.release(session, reason, now, profile_id=profile_id)


def end_unsent(mail: OutgoingMail, reason: str, now: datetime) -> None:
    """Record that a message in hand is not sent, and why."""
    _end(mail, MessageState.FAILED, now, reason)


def finish(session: Session, mail_id: int, holder: str, now: datetime) -> None:
    """Record that the mail server accepted the message."""
    if mail := stored.lock(session, mail_id, holder, state=MessageState.SENDING):
        _end(mail, MessageState.SENT, now)
        if mail.reminder_id is not None:
            reminders.take_again(session, mail.reminder_id)


def refuse(session: Session, mail_id: int, holder: str, now: datetime, reason: str, *, for_address: bool) -> None:
    """Record that the mail server refused the message for good, and its reason; `for_address`: it refuses all to it."""
    if mail := stored.lock(session, mail_id, holder, state=MessageState.SENDING):
        _end(mail, MessageState.FAILED, now, reason)
        if for_address and mail.reminder_id is not None:
            reminders.refuse(session, mail.reminder_id)


def postpone(session: Session, mail_id: int, holder: str, now: datetime, reason: str) -> None:
    """Put back a message that was not accepted for the moment: it is tried again later, less and less often."""
    if mail := stored.lock(session, mail_id, holder, state=MessageState.SENDING):
        _put_off(mail, reason, now)


def mark_unconfirmed(session: Session, mail_id: int, holder: str, now: datetime) -> None:
    """Record that it is unknown whether the message was accepted, and queue its repetition with a note."""
    if mail := stored.lock(session, mail_id, holder, state=MessageState.SENDING):
        _repeat(session, mail, now)
        _end(mail, MessageState.UNKNOWN, now)


def put_back(session: Session, mail_ids: list[int], holder: str) -> None:
    """Release claimed messages, because this holder stops, or because the mail server can't be reached."""
    for mail_id in mail_ids:
        if mail := stored.lock(session, mail_id, holder, state=MessageState.CLAIMED):
            mail.state, mail.not_before = MessageState.WAITING, AT_ONCE


def note_failure(session: Session, now: datetime, reason: str) -> None:
    """Record why what is due isn't sent: the mail server can't be used at all."""
    stored.note_failure(session, now, reason)


def forget_failure(session: Session, now: datetime) -> None:
    """Record that what is due is no longer held up: the mail server can be used again."""
    stored.forget_failure(session, now)


def hasten(session: Session, now: datetime) -> None:
    """Send at once what waits for a later moment, because the clock was set back."""
    stored.hasten(session, now, AT_ONCE)


def refused_of(session: Session, user_id: int, address: str) -> Refused | None:
    """Return why the last message to a user's address was refused; None if it wasn't."""
    failed = stored.newest_failure(session, user_id, address)
    if failed is None or failed.reason is None or failed.ended_at is None or failed.reason == USELESS:
        return None
    return Refused(at=failed.ended_at, reason=failed.reason)


def sweep(session: Session, now: datetime) -> None:
    """Delete the messages that ended longer ago than KEPT, and those that were never sent; not those with links."""
    stored.sweep(session, now - KEPT, now - timedelta(days=1))


def counts(session: Session) -> dict[str, int]:
    """Count the messages in each state, for the metrics."""
    return stored.count_by_state(session)


def _end(mail: OutgoingMail, state: MessageState, now: datetime, reason: str | None = None) -> None:
    mail.state, mail.ended_at = state, now
    mail.reason = reason[:LONGEST_REASON] if reason else None
    if mail.user_id is None:  # nothing would erase it together with its user
        mail.address = ""


def _put_off(mail: OutgoingMail, reason: str, now: datetime) -> None:
    mail.state, mail.reason = MessageState.WAITING, reason[:LONGEST_REASON]
    mail.not_before, mail.tries = now + retry_after(mail.tries), mail.tries + 1


def _repeat(session: Session, mail: OutgoingMail, now: datetime) -> None:
    """Queue a message again after a delay, if it is still useful then; after the last one it stays unconfirmed."""
    if mail.repetition >= len(REPEATED_AFTER) or now + REPEATED_AFTER[mail.repetition] >= mail.useless_from:
        return
    session.add(
        OutgoingMail(
            kind=mail.kind,
            user_id=mail.user_id,
            recipient_id=mail.recipient_id,
            reminder_id=mail.reminder_id,
            address=mail.address,
            language=mail.language,
            reference=mail.reference,
            state=MessageState.WAITING,
            not_before=now + REPEATED_AFTER[mail.repetition],
            useless_from=mail.useless_from,
            repetition=mail.repetition + 1,
            created_at=now,
        )
    )
