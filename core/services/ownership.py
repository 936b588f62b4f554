"""Ownership: the one-time code that makes its opener the owner, and the creation of users from Telegram accounts."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Role, UserState
from core.domain.outbox import Kind
from core.domain.text import tidy
from core.errors import InvalidInvitation, InvitationGivesNothing, OwnerExists, Refusal
from core.services import audit_log, outbox
from core.services.audit_log import Action
from core.storage import account, departments, people, roles, seats
from core.storage.database import refusing
from core.storage.tables import Account, User

LIFETIME = timedelta(hours=1)

LONGEST_NAME = 100


@dataclass(frozen=True, kw_only=True)
class Claimant:
    """The Telegram account of a person who is about to become a user."""

    telegram_id: int
    first_name: str
    last_name: str
    language: str


def first_code(session: Session, secret: str, now: datetime) -> str | None:
    """Return the one-time code that makes its opener the owner; None if one was made before. Raises OwnerExists.

    So a service that starts again and again prints one code; the operator gets another by `new_code`.
    """
    if people.owner_id(session) is not None:
        raise OwnerExists
    nonce = secrets.token_urlsafe(16)
    made = account.make_owner_code(session, nonce, now + LIFETIME, replaces=None, only_first=True)
    return _code(secret, nonce) if made else None


def new_code(session: Session, secret: str, now: datetime) -> str:
    """Return a new one-time code that makes its opener the owner; earlier ones end. Raises OwnerExists.

    It is derived from `secret` and a stored nonce, so that a copy of the database does not reveal it.
    """
    if people.owner_id(session) is not None:
        raise OwnerExists
    return _new_code(session, secret, now, replaces=None)


def replacement_code(session: Session, secret: str, now: datetime) -> str:
    """Return a new one-time code that makes its opener the owner in place of the present one, if there is one.

    The command line is what authorises this: whoever holds the machine can replace a lost owner.
    """
    owner_id = people.owner_id(session)
    if owner_id is not None:
        subject = audit_log.of_user(session.get_one(User, owner_id))
        audit_log.record(session, None, Action.OWNER_LINK_MADE, subject, now)
    return _new_code(session, secret, now, replaces=owner_id)


def is_open(session: Session, secret: str, code: str, now: datetime) -> bool:
    """Return whether a code is that of the owner's link, and can still be used. Changes nothing."""
    row = account.load(session)
    return _is_valid(row, secret, code, now) and row.owner_code_replaces == people.owner_id(session)


def claim_by_code(session: Session, secret: str, code: str, claimant: Claimant, now: datetime) -> int:
    """Make the opener of the owner's link the owner; return their number.

    Raises InvalidInvitation, OwnerExists, and InvitationGivesNothing if the opener is the owner already.
    """
    if not _is_valid(account.load(session), secret, code, now):  # without a lock: any stranger may send a code
        raise InvalidInvitation
    row, owner_id = account.lock(session), people.owner_id(session)
    if not _is_valid(row, secret, code, now) or row.owner_code_replaces != owner_id:
        raise InvalidInvitation
    new_id = _become_owner(session, claimant, now) if owner_id is None else _replace(session, owner_id, claimant, now)
    row.owner_code_expires_at = None
    return new_id


def claim_as_configured(session: Session, claimant: Claimant, now: datetime) -> int:
    """Make the person named in the settings the owner, at their first /start. Raises OwnerExists.

    The caller must have compared their Telegram number with OWNER_TELEGRAM_ID: that setting is what authorises this.
    """
    if people.owner_id(session) is not None:
        raise OwnerExists
    return _become_owner(session, claimant, now)


def owner_name(session: Session) -> str | None:
    """Return the owner's name, for whoever was the owner before; None while there is no owner."""
    owner_id = people.owner_id(session)
    return None if owner_id is None else session.get_one(User, owner_id).full_name


def add_claimant(session: Session, claimant: Claimant, role: Role, now: datetime, *, taken: Refusal) -> User:
    """Add a user, whose seat is taken, to the root department, by the name in Telegram or else by the number there.

    Raises `taken` if the Telegram account, or an owner, is already there.
    """
    first_name, last_name = (tidy(name)[:LONGEST_NAME] for name in (claimant.first_name, claimant.last_name))
    user = User(
        role=role,
        department_id=departments.root_id(session),
        state=UserState.ACTIVE,
        first_name=first_name if first_name or last_name else str(claimant.telegram_id),
        last_name=last_name,
        telegram_id=claimant.telegram_id,
        language=claimant.language,
        created_at=now,
    )
    with refusing(session, uq_user_account_owner=taken, uq_user_account_telegram_id=taken):
        session.add(user)
    return user


def _become_owner(session: Session, claimant: Claimant, now: datetime) -> int:
    seats.take_beyond(session)  # without an owner nobody could raise the limit
    owner = add_claimant(session, claimant, Role.OWNER, now, taken=OwnerExists())
    audit_log.record(session, owner.id, Action.OWNER_CLAIMED, audit_log.of_user(owner), now)
    return owner.id


def _replace(session: Session, old_id: int, claimant: Claimant, now: datetime) -> int:
    """Make the claimant the owner, and the owner an account administrator, who is told so."""
    known = people.by_telegram_id(session, claimant.telegram_id)
    if known is not None and known.id == old_id:
        raise InvitationGivesNothing
    old = next(user for user in roles.lock_users(session, {old_id, known.id if known else old_id}) if user.id == old_id)
    old.role = Role.ADMINISTRATOR
    session.flush()  # first, because uq_user_account_owner forbids a second owner even within the transaction
    if known is None or known.state != UserState.ACTIVE:
        seats.take_beyond(session)  # as above
    new = known or add_claimant(session, claimant, Role.OWNER, now, taken=InvalidInvitation())
    new.role, new.custom_role_id, new.state = Role.OWNER, None, UserState.ACTIVE
    people.set_managed(session, new.id, ())
    audit_log.record(session, None, Action.OWNER_REPLACED, audit_log.of_user(new), now)
    outbox.notify(session, old.id, Kind.OWNER_REPLACED, new.id, now)
    return new.id


def _new_code(session: Session, secret: str, now: datetime, *, replaces: int | None) -> str:
    nonce = secrets.token_urlsafe(16)
    account.make_owner_code(session, nonce, now + LIFETIME, replaces=replaces, only_first=False)
    return _code(secret, nonce)


def _is_valid(row: Account, secret: str, code: str, now: datetime) -> bool:
    if row.owner_nonce is None or row.owner_code_expires_at is None or row.owner_code_expires_at <= now:
        return False
    return hmac.compare_digest(_code(secret, row.owner_nonce).encode(), code.encode(errors="replace"))


def _code(secret: str, nonce: str) -> str:
    return hmac.new(secret.encode(), f"owner {nonce}".encode(), hashlib.sha256).hexdigest()[:32]
