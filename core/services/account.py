"""The account: its owner, name, time zone and sign-up switch."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Permission, Role, UserState
from core.domain.naming import clean_name
from core.errors import InvalidInvitation, OwnerExists, Refusal
from core.services import audit_log
from core.services.audit_log import WHOLE_ACCOUNT, Action
from core.services.authorisation import authorise
from core.storage import account, courses, departments, people, profiles
from core.storage.database import refusing
from core.storage.tables import User


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """What every page and card needs to know of the account; `name` is None until it is given one."""

    name: str | None
    zone: ZoneInfo
    sign_up_enabled: bool


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """How far the account is set up, for the owner's checklist."""

    organisation: Organisation
    departments: int
    courses: int
    rules: int
    profiles: int


@dataclass(frozen=True, kw_only=True)
class Claimant:
    """Somebody in Telegram who is about to become a user."""

    telegram_id: int
    first_name: str
    last_name: str
    language: str


def organisation(session: Session) -> Organisation:
    """Give the account's name, zone and switch. No secret, so nobody is asked for a right."""
    row = account.load(session)
    return Organisation(name=row.name, zone=ZoneInfo(row.zone), sign_up_enabled=row.sign_up_enabled)


def set_up(session: Session, actor_id: int) -> SetUp:
    """Tell how far the account is set up. Needs the permission to manage the account."""
    actor = authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    return SetUp(
        organisation=organisation(session),
        departments=departments.count(session) - 1,  # the root is no step of anybody's
        courses=courses.count(session),
        rules=courses.count_rules(session),
        profiles=profiles.count(session, actor.scope),
    )


def switch_sign_up(session: Session, actor_id: int, now: datetime, *, on: bool) -> None:
    """Let all links work, or none. Needs the permission to manage the account."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row = account.hold(session)
    before, row.sign_up_enabled = row.sign_up_enabled, on
    changed = ({"on": before}, {"on": on})
    audit_log.record(
        session, actor_id, Action.SIGN_UP_SWITCHED, WHOLE_ACCOUNT, now, before=changed[0], after=changed[1]
    )


def rename(session: Session, actor_id: int, name: str, now: datetime) -> str:
    """Name the organisation, as pages show it. Needs the permission to manage the account; raises InvalidName."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row = account.hold(session)
    before, row.name = row.name, clean_name(name)
    changed = ({"name": before}, {"name": row.name})
    audit_log.record(session, actor_id, Action.ACCOUNT_NAMED, WHOLE_ACCOUNT, now, before=changed[0], after=changed[1])
    return row.name


def secret_key(session: Session) -> str:
    """Give the installation's own secret key, generated once and kept."""
    return account.keep_secret_key(session, secrets.token_urlsafe(32))


def owner_code(session: Session, secret: str, *, fresh: bool) -> str:
    """Give the one-time code that makes its opener the owner; `fresh` ends the earlier ones. Raises OwnerExists.

    Derived, not stored: every process prints the same one, and the database alone betrays none.
    """
    if people.owner_id(session) is not None:
        raise OwnerExists
    return _code(secret, account.keep_owner_nonce(session, secrets.token_urlsafe(16), fresh=fresh))


def claim_by_code(session: Session, secret: str, code: str, claimant: Claimant, now: datetime) -> int:
    """Make the opener of the owner's link the owner; give their user number. Raises InvalidInvitation."""
    nonce = account.load(session).owner_nonce
    if nonce is None or people.owner_id(session) is not None or not _is_code(secret, nonce, code):
        raise InvalidInvitation
    return _become_owner(session, claimant, now)


def claim_as_configured(session: Session, claimant: Claimant, now: datetime) -> int:
    """Make the person named in the settings the owner at their first start. Raises OwnerExists.

    The caller has compared the Telegram number with the setting: the operator is who grants this.
    """
    if people.owner_id(session) is not None:
        raise OwnerExists
    return _become_owner(session, claimant, now)


def add_claimant(session: Session, claimant: Claimant, role: Role, now: datetime, *, taken: Refusal) -> User:
    """Add somebody from Telegram to the root department, or raise `taken` if they, or an owner, are there already."""
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
