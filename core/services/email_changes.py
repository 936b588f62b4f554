"""New e-mail addresses of users: one holds once the link that was sent there is opened; the old one is told.

Whether another account has the new address is looked up when the message is sent, and said in it alone.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.domain.hashes import hash_of
from core.domain.mail import MailKind
from core.errors import EmailLinkGone, EmailTaken
from core.services import confirmations, mail_outbox, own_details
from core.services.account import Organisation, organisation
from core.services.confirmations import Addressee
from core.storage import email_changes as stored
from core.storage.password_links import lock_user
from core.storage.tables import EmailChange, User

LIFETIME = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Unconfirmed:
    """A change that can be confirmed, as the page behind the mailed link names it."""

    organisation: Organisation
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Mailed:
    """The code of a message's link, which works until `expires_at` (UTC)."""

    code: str
    expires_at: datetime


def ask(session: Session, user_id: int, typed: str, to: Addressee, now: datetime) -> None:
    """Store the user's new address, and queue a message to it; an earlier one that isn't confirmed is given up.

    Raises NotAllowed, InvalidForm, TooManyAttempts.
    """
    user = own_details.own(session, user_id)
    email = own_details.read_new_email(session, user, typed)
    earlier = stored.of_user(session, user.id, now)
    is_other = earlier is not None and earlier.email != email
    count = confirmations.count_elsewhere if is_other else confirmations.count_again
    count(session, user.id, to, now)
    stored.put(session, user.id, email, confirmations.unknown_code(), now + LIFETIME)
    mail_outbox.queue(session, user.id, email, MailKind.NEW_ADDRESS, to.language, now)


def give_up(session: Session, user_id: int) -> None:
    """Keep the old address: the link that was sent to the new one is void."""
    stored.forget(session, user_id)


def mailed(session: Session, user_id: int | None, address: str, now: datetime) -> Mailed | None:
    """Make the code of a message to a new address; that of an earlier message is void.

    None if the user has given it up, confirmed it or entered another one since.
    """
    change = stored.lock(session, user_id, now) if user_id else None
    if change is None or change.email != address:
        return None
    code = secrets.token_urlsafe(32)
    change.code_hash = hash_of(code)
    return Mailed(code=code, expires_at=change.expires_at)


def find(session: Session, code: str, now: datetime) -> Unconfirmed:
    """Return the change that a mailed link confirms. Changes nothing: scanners open links. Raises EmailLinkGone."""
    change, user = _usable(session, code, now)
    return Unconfirmed(organisation=organisation(session), name=user.full_name, email=change.email)


def confirm(session: Session, code: str, now: datetime, *, mail_in: str | None = None) -> None:
    """Give the user the new address, and tell the old one in the language `mail_in`, unless it is None.

    Raises EmailLinkGone, EmailTaken.
    """
    change, found = _usable(session, code, now)
    user, old, new = lock_user(session, found.id), found.email, change.email
    if not stored.take(session, hash_of(code), now) or user.state != UserState.ACTIVE:
        raise EmailLinkGone
    if user.email != new and confirmations.is_taken(session, new):
        raise EmailTaken(new)
    own_details.set_email(session, user, new, now)
    own_details.record_email(session, user, now)
    if mail_in and old and old != new:
        mail_outbox.queue(session, user.id, old, MailKind.ADDRESS_CHANGED, mail_in, now)


def sweep(session: Session, now: datetime) -> None:
    """Delete the changes that have expired."""
    stored.sweep(session, now)


def _usable(session: Session, code: str, now: datetime) -> tuple[EmailChange, User]:
    change = stored.by_code(session, hash_of(code), now)
    user = session.get(User, change.user_id) if change else None
    if change is None or user is None or user.state != UserState.ACTIVE:
        raise EmailLinkGone
    return change, user
