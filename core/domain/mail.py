"""E-mail messages: what they are about, and how long their sending may take and be retried."""

from datetime import timedelta
from enum import StrEnum

SENDING = timedelta(minutes=2)  # longer than one message may take
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
REPEATED_AFTER = (timedelta(minutes=1), timedelta(minutes=10))  # what may or may not have arrived
LONGEST_REASON = 200  # characters
USELESS = "not sent in time"
CLOSED = "the link doesn't work"
NOT_LISTED = "not on the list"  # that lets in only its people
NEVER_SENT = (USELESS, CLOSED, NOT_LISTED)  # why messages ended before any mail server could refuse them
PAUSED = "the profile is paused"  # so that the message with its link waits
SIGN_UP_OFF = "sign-up is off"
UNREACHABLE = "the mail server can't be reached"
LOGIN_REFUSED = "the mail server refuses the login"
UNSAFE = "the mail server has no valid certificate"
OUTAGES = (UNREACHABLE, LOGIN_REFUSED, UNSAFE)  # why no message at all can be sent
LONGEST_PAUSE = timedelta(minutes=5)  # until the next attempt, while the mail server can't be reached


class MailKind(StrEnum):
    """What a message is about."""

    PASSWORD_RESET = "password reset"  # noqa: S105 - a kind of message
    PASSWORD_CHANGED = "password changed"  # noqa: S105 - a kind of message
    LET_IN = "let in"
    DECLINED = "declined"
    SEAT_FREE = "seat free"
    SIGN_UP_LINK = "sign-up link"
    ACCESS_GRANTED = "access granted"
    REMINDER = "reminder"
    CONFIRMATION = "confirmation"
    HAS_ACCOUNT = "has account"  # instead of a confirmation, if the address has an account
    NEW_ADDRESS = "new address"
    ADDRESS_IN_USE = "address in use"  # instead, if another account has the new address
    ADDRESS_CHANGED = "address changed"  # to the old one
    ADDRESS_CORRECTED = "address corrected"  # to the new one, which staff entered


USEFUL_FOR = {  # for how long a message is worth sending
    MailKind.PASSWORD_RESET: timedelta(hours=1),
    MailKind.PASSWORD_CHANGED: timedelta(days=2),
    MailKind.LET_IN: timedelta(days=7),
    MailKind.DECLINED: timedelta(days=2),
    MailKind.SEAT_FREE: timedelta(days=7),
    MailKind.SIGN_UP_LINK: timedelta(days=3),
    MailKind.ACCESS_GRANTED: timedelta(days=2),
    MailKind.REMINDER: timedelta(hours=12),  # at most: no longer than the day on which it may be sent
    MailKind.CONFIRMATION: timedelta(days=1),
    MailKind.HAS_ACCOUNT: timedelta(days=1),
    MailKind.NEW_ADDRESS: timedelta(days=1),
    MailKind.ADDRESS_IN_USE: timedelta(days=1),
    MailKind.ADDRESS_CHANGED: timedelta(days=2),
    MailKind.ADDRESS_CORRECTED: timedelta(days=2),
}


def retry_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries that failed for the moment: twice as long each time."""
    factor: int = 2 ** min(tries, 16)
    return min(FIRST_RETRY * factor, LONGEST_RETRY)
