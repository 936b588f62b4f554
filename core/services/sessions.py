"""Log-ins of learners on the pages."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.errors import AccountInactive
from core.storage import people, sessions
from core.storage.tables import WebSession

LIFETIME = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What a password is checked against."""

    user_id: int
    password_hash: str | None


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """The user whose log-in this is."""

    user_id: int
    first_name: str
    last_name: str
    email: str | None


def credentials(session: Session, identifier: str) -> Credentials | None:
    """Find what to check the password of an e-mail address or login against."""
    user = people.by_identifier(session, identifier)
    return None if user is None else Credentials(user_id=user.id, password_hash=user.password_hash)


def start(session: Session, user_id: int, now: datetime, *, instead_of: str | None = None) -> str:
    """Log a user in and give the cookie's value; the old log-in of that browser ends. Raises AccountInactive."""
    if people.actor(session, user_id) is None:
        raise AccountInactive
    sessions.sweep(session, now)
    if instead_of:
        sessions.end(session, _hash(instead_of))
    token = secrets.token_urlsafe(32)
    session.add(WebSession(token_hash=_hash(token), user_id=user_id, expires_at=now + LIFETIME))
    return token


def find(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Find whose log-in the cookie is; None where it is unknown, expired, or its user inactive."""
    if (row := sessions.find(session, _hash(token), now)) is None:
        return None
    user = row[1]
    return SignedIn(user_id=user.id, first_name=user.first_name, last_name=user.last_name, email=user.email)


def end(session: Session, token: str) -> None:
    """Log out."""
    sessions.end(session, _hash(token))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()  # a cookie may hold bytes that are no text
