"""What is due: one look at all that is done by the clock. The schedule is in the database."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from core.services import (
    access_requests,
    alerts,
    approval_notices,
    digests,
    limits,
    live_cards,
    outbox,
    password_requests,
    pending_sign_ups,
    reminder_rounds,
    request_notices,
    telegram_connections,
)


class Work(StrEnum):
    """What is done when it is due, by whichever process looks first."""

    DIGESTS = "queue digests"
    EXPIRED_SIGN_UPS = "release sign-ups that waited for too long"
    EXPIRED_REQUESTS = "end requests for access that waited for too long"
    APPROVALS = "tell of sign-ups that wait"
    PASSWORD_REQUESTS = "tell of requests for a new password"  # noqa: S105 - no password
    ACCESS_REQUESTS = "tell of requests for access"
    COURSES = "tell learners of new courses"
    REMINDERS = "queue reminders"
    ALERTS = "queue alerts"
    MESSAGES = "send messages"
    LIVE_CARDS = "edit live cards"
    ATTEMPTS = "forget counted attempts"


_CHECKS: Mapping[Work, Callable[[Session, datetime], bool]] = {
    Work.DIGESTS: digests.any_due,
    Work.EXPIRED_SIGN_UPS: pending_sign_ups.any_expired,
    Work.EXPIRED_REQUESTS: access_requests.any_expired,
    Work.APPROVALS: approval_notices.any_unannounced,
    Work.PASSWORD_REQUESTS: password_requests.any_to_announce,
    Work.ACCESS_REQUESTS: request_notices.any_to_announce,
    Work.COURSES: telegram_connections.any_new_courses,
    Work.REMINDERS: reminder_rounds.any_due,
    Work.ALERTS: alerts.any_due,
    Work.MESSAGES: outbox.anything_to_do,
    Work.LIVE_CARDS: live_cards.any_due,
    Work.ATTEMPTS: limits.any_expired,
}


def due(session: Session, asked: Collection[Work], now: datetime) -> tuple[Work, ...]:
    """Return which of the works asked about have anything to do, in their order; cheap, without locks."""
    return tuple(work for work in asked if _CHECKS[work](session, now))
