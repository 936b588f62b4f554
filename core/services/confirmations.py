"""Confirmation of e-mail addresses: a sign-up waits until its person proves that they read what is sent there.

Nothing here tells whether an address has an account: that is looked up when the message is sent, and said in it.
"""

import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.domain.form_fields import login_from
from core.domain.hashes import hash_of
from core.domain.limits import (
    CONFIRMATION_AGAIN,
    CONFIRMATION_BY_ADDRESS,
    CONFIRMATION_ELSEWHERE,
    CONFIRMATION_PAUSE,
    Attempt,
    Rate,
)
from core.domain.mail import MailKind
from core.errors import Conflict, EmailTaken, SignUpNotPending, WrongCode
from core.services import (
    approval_notices,
    limits,
    mail_outbox,
    pending_sign_ups,
    seats,
    sessions,
    status_pages,
)
from core.services.account import Organisation, organisation
from core.services.pending_sign_ups import APPROVAL_TIME, Awaits
from core.services.sessions import UNKNOWN_BROWSER, Browser, Credentials
from core.storage import pending_sign_ups as stored
from core.storage import people
from core.storage import seats as seat_counter
from core.storage.database import refusing
from core.storage.tables import Link, PendingSignUp, Profile, User

DIGITS = 6
CONFIRMATION_TIME = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Unconfirmed:
    """A sign-up whose address can be confirmed, for the page behind the mailed link: who filled its form in, and how.

    Its name isn't told: a stranger may have typed it. `token` is that of the link, `form_key` that of the form.
    """

    organisation: Organisation
    email: str
    token: str
    form_key: str
    credentials: Credentials


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """A sign-up whose address is confirmed: what it waits for now, and the cookie's value of the session that began.

    `session_token` is None if the user isn't active.
    """

    user_id: int
    awaits: Awaits | None
    session_token: str | None = None


@dataclass(frozen=True, kw_only=True)
class Mailed:
    """What a message brings: the code of its link and the digits to type, valid until `expires_at` (UTC)."""

    code: str
    digits: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """Where a message goes: its language, and what stands for the address in limits (a pseudonym)."""

    language: str
    pseudonym: str


def unknown_code() -> str:
    """Return the hash of a code that nobody has: what stands there until the first message is sent."""
    return hash_of(secrets.token_urlsafe(32))


def first_attempts(user_id: int, to: Addressee) -> list[Attempt]:
    """Return what the first message of a sign-up counts as, so that the next one has to wait."""
    return [_attempt(CONFIRMATION_PAUSE, user_id), Attempt(limit=CONFIRMATION_BY_ADDRESS, subject=to.pseudonym)]


def count_again(session: Session, user_id: int, to: Addressee, now: datetime) -> None:
    """Count a further message to the same address. Raises TooManyAttempts."""
    limits.count(session, [*first_attempts(user_id, to), _attempt(CONFIRMATION_AGAIN, user_id)], now)


def count_elsewhere(session: Session, user_id: int, to: Addressee, now: datetime) -> None:
    """Count a message to another address, which needn't wait for the one before: that was mistyped.

    Raises TooManyAttempts.
    """
    limits.try_count(session, _attempt(CONFIRMATION_PAUSE, user_id), now)  # to send it again has to wait
    by_address = Attempt(limit=CONFIRMATION_BY_ADDRESS, subject=to.pseudonym)
    by_user = [_attempt(limit, user_id) for limit in (CONFIRMATION_ELSEWHERE, CONFIRMATION_AGAIN)]
    limits.count(session, [by_address, *by_user], now)


def queue(session: Session, user_id: int, email: str, to: Addressee, now: datetime) -> None:
    """Queue the message to the address of a sign-up."""
    mail_outbox.queue(session, user_id, email, MailKind.CONFIRMATION, to.language, now)


def send_again(session: Session, page_code: str, to: Addressee, now: datetime) -> None:
    """Queue a further message for the sign-up of a status page; once it is sent, the earlier ones are void.

    Raises StatusPageGone, SignUpNotPending, TooManyAttempts.
    """
    user_id, _ = of_page(session, page_code, now)
    count_again(session, user_id, to, now)
    kept = lock_unconfirmed(session, user_id, now)
    queue(session, user_id, kept.email or "", to, now)


def restart(session: Session, kept: PendingSignUp, email: str, to: Addressee, now: datetime) -> None:
    """Let a locked sign-up wait for the confirmation of an address, to which a message is queued; others are void."""
    kept.email, kept.code_hash, kept.digits_hash = email, unknown_code(), None
    queue(session, kept.user_id, email, to, now)


def mailed(session: Session, user_id: int | None, address: str, now: datetime) -> Mailed | None:
    """Make the code and the digits of a message to an address; those of earlier messages are void.

    None if nobody waits for it any more: the sign-up has ended, is confirmed, or has another address now.
    """
    kept = stored.lock(session, user_id) if user_id else None
    if kept is None or kept.code_hash is None or kept.email != address or kept.expires_at <= now:
        return None
    code, digits = secrets.token_urlsafe(32), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    kept.code_hash, kept.digits_hash = hash_of(code), _digits_hash(kept.user_id, digits)
    return Mailed(code=code, digits=digits, expires_at=kept.expires_at)


def is_taken(session: Session, address: str) -> bool:
    """Return whether a user has an address."""
    return people.taken(session, address, "")[0]


def find(session: Session, code: str, now: datetime) -> Unconfirmed:
    """Return the sign-up that a mailed link confirms. Changes nothing: scanners open links. Raises SignUpNotPending."""
    kept = stored.by_code(session, hash_of(code))
    if kept is None or kept.expires_at <= now:
        raise SignUpNotPending
    user = session.get_one(User, kept.user_id)
    return Unconfirmed(
        organisation=organisation(session),
        email=kept.email or "",
        token=session.get_one(Link, kept.link_id).token,
        form_key=kept.form_key,
        credentials=Credentials(user_id=user.id, password_hash=user.password_hash),
    )


def credentials(session: Session, page_code: str, now: datetime) -> Credentials:
    """Return the credentials of the sign-up of a status page. Raises StatusPageGone, SignUpNotPending."""
    user = session.get_one(User, of_page(session, page_code, now)[0])
    return Credentials(user_id=user.id, password_hash=user.password_hash)


def confirm(session: Session, code: str, now: datetime, *, browser: Browser = UNKNOWN_BROWSER) -> Confirmed:
    """Confirm an address by the code of a mailed link, and log in who is active, in their browser.

    Runs when the page behind the link is submitted, not when it is opened. The edge makes sure first that the form was
    filled in by the same person, by their browser or the password. Raises SignUpNotPending, EmailTaken.
    """
    found = stored.by_code(session, hash_of(code))
    if found is None:
        raise SignUpNotPending
    profile, kept = _lock(session, found.user_id, now)
    if kept.code_hash != hash_of(code):
        raise SignUpNotPending
    return _confirm(session, profile, kept, now, browser)


def confirm_by_digits(
    session: Session, page_code: str, typed: str, now: datetime, *, browser: Browser = UNKNOWN_BROWSER
) -> Confirmed:
    """Confirm an address by the digits of the newest message, typed on the status page, as `confirm` does.

    The edge counts the attempt first, and makes sure as for `confirm` who filled the form in. Raises StatusPageGone,
    SignUpNotPending, EmailTaken, WrongCode.
    """
    user_id, _ = of_page(session, page_code, now)
    profile, kept = _lock(session, user_id, now)
    digits = "".join(each for each in unicodedata.normalize("NFKC", typed[:100]) if each.isdecimal())
    if not hmac.compare_digest(_digits_hash(user_id, digits), kept.digits_hash or unknown_code()):
        raise WrongCode
    return _confirm(session, profile, kept, now, browser)


def lock_unconfirmed(session: Session, user_id: int, now: datetime) -> PendingSignUp:
    """Lock a sign-up that waits for a confirmation, without its profile. Raises SignUpNotPending."""
    kept = stored.lock(session, user_id)
    if kept is None or kept.code_hash is None or kept.expires_at <= now:
        raise SignUpNotPending
    return kept


def of_page(session: Session, page_code: str, now: datetime) -> tuple[int, str]:
    """Return whose status page it is, and the address there.

    Raises StatusPageGone; SignUpNotPending: it is that of a request for access.
    """
    page = status_pages.find(session, page_code, now)
    if page.user_id is None:
        raise SignUpNotPending
    return page.user_id, page.email


def _confirm(session: Session, profile: Profile, kept: PendingSignUp, now: datetime, browser: Browser) -> Confirmed:
    user_id = kept.user_id
    state = None if kept.needs_approval else seats.state_of_newcomer(session)  # before the user's row is locked
    _give_address(session, kept)
    if state is None:
        kept.code_hash = kept.digits_hash = kept.email = None
        longest = kept.created_at + CONFIRMATION_TIME + APPROVAL_TIME  # however often the address is changed
        kept.expires_at = min(now + APPROVAL_TIME, longest)
        kept.announced = approval_notices.ask(session, profile, user_id, now)
        return Confirmed(user_id=user_id, awaits=Awaits.APPROVAL)
    user = pending_sign_ups.admit(session, profile, kept, state, now, by=None)
    if user.state != UserState.ACTIVE:
        return Confirmed(user_id=user_id, awaits=None)
    token = sessions.start(session, user_id, now, browser=browser)
    return Confirmed(user_id=user_id, awaits=None, session_token=token)


def _give_address(session: Session, kept: PendingSignUp) -> None:
    """Give the user the confirmed address, and a login made from it unless they chose one. Raises EmailTaken, Conflict.

    Another person can have confirmed the same address since, or was added with it.
    """
    user, email = session.get_one(User, kept.user_id, with_for_update=True), kept.email or ""
    if user.email != email and is_taken(session, email):
        raise EmailTaken(email)
    with refusing(session, uq_user_account_email=Conflict(), uq_user_account_login=Conflict()):
        user.email, user.login = email, user.login or people.free_login(session, login_from(email))


def _lock(session: Session, user_id: int, now: datetime) -> tuple[Profile, PendingSignUp]:
    """Lock the profile and a sign-up that waits for a confirmation. Raises SignUpNotPending."""
    seat_counter.lock(session)  # its lock comes before the profile's
    profile, kept = pending_sign_ups.lock_pending(session, user_id, now)
    if kept.code_hash is None:
        raise SignUpNotPending
    return profile, kept


def _attempt(limit: Rate, user_id: int) -> Attempt:
    return Attempt(limit=limit, subject=str(user_id))


def _digits_hash(user_id: int, digits: str) -> str:
    """Return what is stored of digits. All of them could be tried on it, but they help only who has the page's code."""
    return hash_of(f"{user_id} {digits}")
