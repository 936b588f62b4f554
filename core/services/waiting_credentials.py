"""What a person who signed up and waits logs in with later, changed by themselves: the e-mail address, the password.

Their place and the rest of the form stay. No right is checked here: the code of a status page is all that it takes, and
the edge makes sure first that the form was filled in by the same person, by their browser or the password.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.form_fields import Newcomer, read_email
from core.errors import Conflict, InvalidForm, Problem, SignUpNotPending
from core.services import audit_log, confirmations, erasure, roster_doors
from core.services.audit_log import Action
from core.services.confirmations import CONFIRMATION_TIME, Addressee
from core.services.pending_sign_ups import Awaits, waits_for
from core.services.sessions import Credentials
from core.storage import account, form_fields
from core.storage import pending_sign_ups as stored
from core.storage.database import refusing
from core.storage.tables import PendingSignUp, User


@dataclass(frozen=True, kw_only=True)
class Changeable:
    """The credentials of a person who waits for an approval, and what a new password is judged by."""

    credentials: Credentials
    person: Newcomer


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a person entered: the address that they want, maybe that which they have; a new password's hash, if any.

    `to` says how e-mail reaches the address; None if none can be sent.
    """

    email: str
    password_hash: str | None
    to: Addressee | None


def find(session: Session, page_code: str, now: datetime) -> Changeable:
    """Return what the person of a status page can change. Raises StatusPageGone, SignUpNotPending."""
    user_id, email = confirmations.of_page(session, page_code, now)
    _require_changeable(session.get(PendingSignUp, user_id), now)
    user = session.get_one(User, user_id)
    credentials = Credentials(user_id=user_id, password_hash=user.password_hash)
    return Changeable(credentials=credentials, person=_person(session, user, email))


def change(session: Session, page_code: str, wanted: Change, now: datetime) -> bool:
    """Change the address and the password of a person who waits for an approval; return whether a message was queued.

    If newcomers confirm their address, the sign-up waits for that first, and whether another account has the address
    isn't looked up. Else the edge counts it first. Raises StatusPageGone, SignUpNotPending, InvalidForm, NotExpected,
    TooManyAttempts.
    """
    row = account.load(session)
    user_id, current = confirmations.of_page(session, page_code, now)
    email = current if wanted.email == current else read_email(wanted.email, tuple(row.email_domains))
    to = wanted.to if row.email_confirmation and email != current else None
    if to is not None:
        confirmations.count_elsewhere(session, user_id, to, now)
    kept = _lock(session, user_id, now)
    user = session.get_one(User, user_id, with_for_update=True)
    if email != current:
        roster_doors.refuse_turned_away(session, kept.profile_id, _person(session, user, email))
    if to is not None:
        _confirm_first(session, user, kept, email, to, now)
    elif email != current:
        _give(session, user, email, now)
        kept.announced = False  # who approves has read of another address
    if wanted.password_hash is not None:
        user.password_hash = wanted.password_hash
        _record(session, user, Action.PASSWORD_SET, now)
    return to is not None


def change_address(session: Session, page_code: str, typed: str, to: Addressee, now: datetime) -> None:
    """Replace the address that has yet to be confirmed, and queue a message; the place and the password stay.

    The earlier messages are void at once. Raises StatusPageGone, SignUpNotPending, InvalidForm, NotExpected,
    TooManyAttempts.
    """
    email = read_email(typed, tuple(account.load(session).email_domains))
    user_id, current = confirmations.of_page(session, page_code, now)
    count = confirmations.count_again if email == current else confirmations.count_elsewhere
    count(session, user_id, to, now)
    kept = confirmations.lock_unconfirmed(session, user_id, now)
    person = _person(session, session.get_one(User, user_id), email)
    roster_doors.refuse_turned_away(session, kept.profile_id, person)
    confirmations.restart(session, kept, email, to, now)


def _confirm_first(session: Session, user: User, kept: PendingSignUp, email: str, to: Addressee, now: datetime) -> None:
    """Let a locked sign-up wait for the confirmation of an address; until then its user has none, as after a form."""
    user.email = None
    kept.expires_at = min(kept.expires_at, now + CONFIRMATION_TIME)
    confirmations.restart(session, kept, email, to, now)


def _give(session: Session, user: User, email: str, now: datetime) -> None:
    """Give a locked user an address. Raises InvalidForm if another person has it; Conflict."""
    if confirmations.is_taken(session, email):
        raise InvalidForm({"email": Problem.TAKEN})
    with refusing(session, uq_user_account_email=Conflict()):
        user.email = email
    _record(session, user, Action.DETAILS_CHANGED, now)


def _lock(session: Session, user_id: int, now: datetime) -> PendingSignUp:
    """Lock a sign-up that waits for an approval. Raises SignUpNotPending."""
    return _require_changeable(stored.lock(session, user_id), now)


def _require_changeable(kept: PendingSignUp | None, now: datetime) -> PendingSignUp:
    """Return a sign-up that waits for an approval. Raises SignUpNotPending, also if it was declined.

    The letter about that goes to the address of then.
    """
    if kept is None or not waits_for(kept, Awaits.APPROVAL, now):
        raise SignUpNotPending
    return kept


def _record(session: Session, user: User, action: Action, now: datetime) -> None:
    """Record a change without a name: the log would keep it if the person doesn't become a learner."""
    subject = replace(audit_log.of_user(user), name=erasure.nameless(user))
    after = {"details": ["email"]} if action is Action.DETAILS_CHANGED else None
    audit_log.record(session, user.id, action, subject, now, after=after)


def _person(session: Session, user: User, email: str) -> Newcomer:
    """Return what a person entered, with another address."""
    return Newcomer(
        first_name=user.first_name,
        last_name=user.last_name,
        email=email,
        login=user.login or "",
        phone=user.phone,
        job_title=user.job_title,
        custom=form_fields.values_of(session, [user.id]).get(user.id, {}),
    )
