"""Queries on how expected people were written to: the link that was sent to them, and their reminders."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.domain.hashes import hash_of
from core.domain.link_mails import Reached, Waiting
from core.domain.outbox import OPEN, MessageState
from core.domain.reminders import due_on
from core.domain.rosters import RosterOf
from core.storage import account, link_mails, link_reach
from core.storage.roster_profiles import leading_to
from core.storage.tables import OutgoingMail, Profile, Reminder, ReminderStop, table_of

_Past = tuple[date, datetime, str | None, str | None]  # the day, the moment, the state and the reason of a message
NOT_DELIVERED = frozenset({*OPEN, MessageState.FAILED})


@dataclass(frozen=True, kw_only=True)
class SentLink:
    """What became of a link that was sent: how far it came, when its last message ended (UTC).

    Why that was refused or not sent, or why it waits.
    """

    reached: Reached
    at: datetime | None
    reason: str | None
    waiting: Waiting | None = None


@dataclass(frozen=True, kw_only=True)
class Reminded:
    """How often a person was reminded, and on which day last; `refused`: the last message came back, and why.

    `next_at`: when another one is queued for (UTC); `paused`: its link is, so that it isn't sent then.
    Days are those of the account's zone.
    """

    times: int
    last_on: date | None
    next_at: datetime | None
    refused: str | None
    paused: bool = False


def links(session: Session, of: RosterOf, emails: Collection[str]) -> dict[str, SentLink]:
    """Return what became of the link that leads to a roster, by those of the addresses to which it was sent.

    If those of several profiles were sent to an address, that of the newest profile.
    """
    return {
        email: SentLink(
            reached=Reached(reached),
            at=at,
            reason=reason if reached in {Reached.REFUSED, Reached.UNSENT} else None,
            waiting=link_reach.waiting(reached, since, reason, until),
        )
        for email, reached, at, reason, since, until in link_mails.reached_by(session, leading_to(of), emails)
    }


def reminders(session: Session, of: RosterOf, emails: Collection[str]) -> dict[str, Reminded]:
    """Return how often those of the addresses were reminded to come to a roster that were, or are about to be."""
    by_key: Mapping[str, str] = {hash_of(email): email for email in emails}
    mail = table_of(OutgoingMail).alias()
    newest = select(func.max(mail.c.id)).where(mail.c.reminder_id == Reminder.id).correlate(Reminder).scalar_subquery()
    query = (
        select(Reminder.person_key, Reminder.day, Reminder.at, Profile.paused, OutgoingMail.state, OutgoingMail.reason)
        .join(Profile, Profile.id == Reminder.profile_id)
        .outerjoin(OutgoingMail, OutgoingMail.id == newest)
        .where(
            Reminder.profile_id.in_(leading_to(of)),
            Reminder.user_id.is_(None),
            Reminder.person_key.in_(list(by_key)),
        )
    )
    zone = account.zone(session)
    found, held = dict[str, list[_Past]](), set[str]()
    for key, day, at, paused, state, reason in session.execute(query.order_by(Reminder.day)):
        found.setdefault(by_key[key], []).append((day, due_on(day, at, zone), state, reason))
        held |= {by_key[key]} if paused and state in OPEN else set()
    return {email: replace(_reminded(each), paused=email in held) for email, each in found.items()}


def without_reminders(session: Session, emails: Collection[str]) -> set[str]:
    """Return those of the addresses whose people want no reminders."""
    by_key = {hash_of(email): email for email in emails}
    keys = session.scalars(select(ReminderStop.person_key).where(ReminderStop.person_key.in_(list(by_key))))
    return {by_key[key] for key in keys}


def _reminded(found: list[_Past]) -> Reminded:
    """Sum up the reminders of one person, the oldest first; of those whose message is long forgotten, it was sent."""
    sent = [day for day, _, state, _ in found if state not in NOT_DELIVERED]
    ended = [(state, reason) for _, _, state, reason in found if state not in OPEN]
    state, reason = ended[-1] if ended else (None, None)
    return Reminded(
        times=len(sent),
        last_on=sent[-1] if sent else None,
        next_at=next((due for _, due, state, _ in found if state in OPEN), None),
        refused=(reason or "") if state == MessageState.FAILED else None,
    )
