"""Log-in sessions of learners on the pages."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.hashes import hash_of
from core.domain.limits import Attempt
from core.errors import AccountInactive
from core.services import limits
from core.storage import people, sessions

LIFETIME = timedelta(days=14)
IDLE = timedelta(days=3)  # a session that isn't used for so long ends
RENEWED_AFTER = timedelta(hours=1)  # so that not every request writes; an idle session may end this much earlier


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """The password hash that a log-in is verified against; None if the user has no password."""

    user_id: int
    password_hash: str | None


@dataclass(frozen=True, kw_only=True)
class Browser:
    """A browser that is logged in: its coarse name, empty if unknown, and the cookie of its present session, if any.

    That session ends when another one starts.
    """

    device: str = ""
    earlier: str | None = None


UNKNOWN_BROWSER = Browser()


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """The user of a session; `renewal_due`: its use has to be recorded by `renew`.

    `department` is the own name of their department, None for the root. `is_learner`: they have no rights in the chat.
    `password_link_at`: when staff made a link to a new password for the user (UTC); None if there is nothing to tell.
    `has_telegram`: their Telegram is connected.
    """

    user_id: int
    first_name: str
    last_name: str
    email: str | None
    is_learner: bool
    department_id: int
    department: str | None
    password_link_at: datetime | None
    has_telegram: bool
    renewal_due: bool


def credentials(session: Session, identifier: str) -> Credentials | None:
    """Find the credentials for an e-mail address or login; None if there is no such user."""
    found = people.password_hash_of(session, identifier)
    return None if found is None else Credentials(user_id=found[0], password_hash=found[1])


def prepare(
    session: Session, identifier: str, attempts_of: Callable[[Credentials | None], Sequence[Attempt]], now: datetime
) -> tuple[Credentials | None, Sequence[Attempt]]:
    """Return the credentials for an e-mail address or login, and what it counts as to try them.

    Raises TooManyAttempts if that would not be counted.
    """
    known = credentials(session, identifier)
    attempts = attempts_of(known)
    limits.check(session, attempts, now)
    return known, attempts


def renew_hash(session: Session, known: Credentials, new_hash: str) -> None:
    """Store a new hash of the same password, unless the password was changed since."""
    people.replace_password_hash(session, known.user_id, old=known.password_hash, new=new_hash)


def start(
    session: Session,
    user_id: int,
    now: datetime,
    *,
    browser: Browser = UNKNOWN_BROWSER,
    attempts: Sequence[Attempt] = (),
) -> str:
    """Start a session of a browser and return the cookie's value.

    The attempts that the log-in took are given back. Raises AccountInactive.
    """
    token = secrets.token_urlsafe(32)
    if not sessions.start(session, user_id, hash_of(token), now, now + LIFETIME, browser.device):
        raise AccountInactive
    limits.give_back(session, attempts)
    if browser.earlier:
        sessions.end(session, hash_of(browser.earlier))
    return token


def find(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Return the user of a session cookie; None if it is unknown, expired or idle, or the user is inactive."""
    row = sessions.find(session, hash_of(token), now, used_after=now - IDLE)
    if row is None:
        return None
    return SignedIn(
        user_id=row.id,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        is_learner=row.role == Role.LEARNER,
        department_id=row.department_id,
        department=row.department or None,
        password_link_at=row.password_link_at,
        has_telegram=row.has_telegram,
        renewal_due=row.used_at <= now - RENEWED_AFTER,
    )


def sweep(session: Session, now: datetime) -> None:
    """Delete the sessions that have expired or were not used for so long that they have ended."""
    sessions.sweep(session, now, used_after=now - IDLE)


def renew(session: Session, token: str, now: datetime) -> None:
    """Record that a session is in use, unless it has ended meanwhile."""
    sessions.renew(session, hash_of(token), now, used_after=now - IDLE)


def end(session: Session, token: str) -> int | None:
    """End the session of a cookie; return the number of its user, None if it is unknown."""
    return sessions.end(session, hash_of(token))
