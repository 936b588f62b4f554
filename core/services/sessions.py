"""Log-in sessions of learners on the pages."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.limits import Attempt
from core.errors import AccountInactive
from core.services import limits, pending_sign_ups
from core.storage import people, sessions
from core.storage.tables import PendingSignUp, WebSession

LIFETIME = timedelta(days=14)
IDLE = timedelta(days=3)  # a session that isn't used for so long ends
RENEWED_AFTER = timedelta(hours=1)  # so that not every request writes; an idle session may end this much earlier


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """The password hash that a log-in is verified against; None if the user has no password."""

    user_id: int
    password_hash: str | None


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """The user of a session; `renewal_due`: its use has to be recorded by `renew`."""

    user_id: int
    first_name: str
    last_name: str
    email: str | None
    renewal_due: bool


def credentials(session: Session, identifier: str) -> Credentials | None:
    """Find the credentials for an e-mail address or login; None if there is no such user."""
    user = people.by_identifier(session, identifier)
    return None if user is None else Credentials(user_id=user.id, password_hash=user.password_hash)


def renew_hash(session: Session, known: Credentials, new_hash: str) -> None:
    """Store a new hash of the same password, unless the password was changed since."""
    people.replace_password_hash(session, known.user_id, old=known.password_hash, new=new_hash)


def start(
    session: Session, user_id: int, now: datetime, *, instead_of: str | None = None, attempts: Sequence[Attempt] = ()
) -> str:
    """Start a session and return the cookie's value; `instead_of`, the old cookie, ends.

    The attempts that the log-in took are given back. Raises AccountInactive.
    """
    if people.actor(session, user_id) is None:
        raise AccountInactive(_awaited(session, user_id))
    sessions.sweep(session, now, used_after=now - IDLE)
    limits.give_back(session, attempts)
    if instead_of:
        sessions.end(session, _hash(instead_of))
    token = secrets.token_urlsafe(32)
    session.add(WebSession(token_hash=_hash(token), user_id=user_id, expires_at=now + LIFETIME, used_at=now))
    return token


def find(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Return the user of a session cookie; None if it is unknown, expired or idle, or the user is inactive."""
    row = sessions.find(session, _hash(token), now, used_after=now - IDLE)
    if row is None:
        return None
    log_in, user = row[0], row[1]
    return SignedIn(
        user_id=user.id,
        first_name=user.first_name,
        last_name=user.last_name,
        email=user.email,
        renewal_due=log_in.used_at <= now - RENEWED_AFTER,
    )


def renew(session: Session, token: str, now: datetime) -> None:
    """Record that a session is in use, unless it has ended meanwhile."""
    sessions.renew(session, _hash(token), now, used_after=now - IDLE)


def end(session: Session, token: str) -> int | None:
    """End the session of a cookie; return the number of its user, None if it is unknown."""
    return sessions.end(session, _hash(token))


def _awaited(session: Session, user_id: int) -> str | None:
    """Return what a user's sign-up waits for; None if it is complete."""
    kept = session.get(PendingSignUp, user_id)
    return None if kept is None else pending_sign_ups.awaits(kept)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()  # cookies may contain surrogate escapes
