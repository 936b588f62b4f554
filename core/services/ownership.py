"""Ownership: the one-time code that makes its opener the owner, and the creation of users from Telegram accounts."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Role, UserState
from core.errors import InvalidInvitation, OwnerExists, Refusal
from core.services import audit_log
from core.services.audit_log import Action
from core.storage import account, departments, people
from core.storage.database import refusing
from core.storage.tables import User


@dataclass(frozen=True, kw_only=True)
class Claimant:
    """The Telegram account of a person who is about to become a user."""

    telegram_id: int
    first_name: str
    last_name: str
    language: str


def owner_code(session: Session, secret: str, *, fresh: bool) -> str:
    """Return the one-time code that makes its opener the owner; `fresh` invalidates earlier ones. Raises OwnerExists.

    It is derived from `secret` and a stored nonce: all processes print the same code, and a copy of the database does
    not reveal it.
    """
    if people.owner_id(session) is not None:
        raise OwnerExists
    return _code(secret, account.keep_owner_nonce(session, secrets.token_urlsafe(16), fresh=fresh))


def claim_by_code(session: Session, secret: str, code: str, claimant: Claimant, now: datetime) -> int:
    """Make the opener of the owner's link the owner; return their number. Raises InvalidInvitation, OwnerExists."""
    nonce = account.load(session).owner_nonce
    if nonce is None or people.owner_id(session) is not None or not _is_code(secret, nonce, code):
        raise InvalidInvitation
    return _become_owner(session, claimant, now)


def claim_as_configured(session: Session, claimant: Claimant, now: datetime) -> int:
    """Make the person named in the settings the owner, at their first /start. Raises OwnerExists.

    The caller must have compared their Telegram number with OWNER_TELEGRAM_ID: that setting is what authorises this.
    """
    if people.owner_id(session) is not None:
        raise OwnerExists
    return _become_owner(session, claimant, now)


def add_claimant(session: Session, claimant: Claimant, role: Role, now: datetime, *, taken: Refusal) -> User:
    """Add a user to the root department; raise `taken` if the Telegram account, or an owner, is already there."""
    user = User(
        role=role,
        department_id=departments.root_id(session),
        state=UserState.ACTIVE,
        first_name=claimant.first_name[:100],
        last_name=claimant.last_name[:100],
        telegram_id=claimant.telegram_id,
        language=claimant.language,
        created_at=now,
    )
    with refusing(session, uq_user_account_owner=taken, uq_user_account_telegram_id=taken):
        session.add(user)
    return user


def _become_owner(session: Session, claimant: Claimant, now: datetime) -> int:
    owner = add_claimant(session, claimant, Role.OWNER, now, taken=OwnerExists())
    audit_log.record(session, owner.id, Action.OWNER_CLAIMED, audit_log.of_user(owner), now)
    return owner.id


def _is_code(secret: str, nonce: str, code: str) -> bool:
    return hmac.compare_digest(_code(secret, nonce).encode(), code.encode(errors="replace"))


def _code(secret: str, nonce: str) -> str:
    return hmac.new(secret.encode(), f"owner {nonce}".encode(), hashlib.sha256).hexdigest()[:32]
