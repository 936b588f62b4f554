"""Sign-up policies: who may sign up, and what the sign-up requires."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.form_fields import read_domain
from core.domain.numbers import whole_number
from core.errors import InvalidSeats, MailUnavailable
from core.services import audit_log
from core.services.audit_log import WHOLE_ACCOUNT, Action
from core.services.authorisation import authorise
from core.storage import account, people

MOST_SEATS = 1_000_000


class Switch(StrEnum):
    """A policy that is either on or off; the value is the name of its column."""

    STRONG_PASSWORDS = "strong_passwords"
    EMAIL_CONFIRMATION = "email_confirmation"
    APPROVAL = "approval"
    LAST_NAME_REQUIRED = "last_name_required"


NEEDING_MAIL = frozenset({Switch.EMAIL_CONFIRMATION})


@dataclass(frozen=True, kw_only=True)
class Policies:
    """The account's policies. No `seats`: no limit; no `email_domains`: any; no `privacy_policy`: no consent required.

    `active` is the number of users who take a seat now.
    """

    on: frozenset[Switch]
    email_domains: tuple[str, ...]
    seats: int | None
    active: int
    privacy_policy: str | None
    privacy_version: int


def policies(session: Session, actor_id: int) -> Policies:
    """Return the policies. Like the functions that change them, this needs the permission to manage the account."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row = account.load(session)
    return Policies(
        on=frozenset(policy for policy in Switch if getattr(row, policy)),
        email_domains=tuple(row.email_domains),
        seats=row.seats,
        active=people.count_active(session),
        privacy_policy=row.privacy_policy,
        privacy_version=row.privacy_version,
    )


def privacy_policy(session: Session) -> str | None:
    """Return the privacy policy's text, None if there is none. It is public: no permission is needed."""
    return account.load(session).privacy_policy


def switch(session: Session, actor_id: int, policy: Switch, now: datetime, *, on: bool, can_mail: bool = False) -> None:
    """Turn a policy on or off for newcomers. Raises MailUnavailable if it needs mail and none can be sent."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    if on and policy in NEEDING_MAIL and not can_mail:
        raise MailUnavailable
    _change(session, actor_id, now, **{policy.value: on})


def allow_domains(session: Session, actor_id: int, domains: Sequence[str], now: datetime) -> tuple[str, ...]:
    """Restrict sign-up to these e-mail domains (none: all); return them normalised. Raises InvalidDomain."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    allowed = list(dict.fromkeys(read_domain(domain) for domain in domains))
    _change(session, actor_id, now, email_domains=allowed)
    return tuple(allowed)


def limit_seats(session: Session, actor_id: int, text: str, now: datetime) -> int | None:
    """Set the limit of active users, a number or `unlimited`; active users stay active. Raises InvalidSeats."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    seats = _read_seats(text.strip())
    _change(session, actor_id, now, seats=seats)
    return seats


def publish_privacy_policy(session: Session, actor_id: int, text: str, now: datetime) -> int:
    """Require consent to this policy (empty: none); return its version, which increases with each new text."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row, policy = account.lock(session), text.strip() or None
    if policy is not None and policy != row.privacy_policy:
        row.privacy_version += 1
    before, row.privacy_policy = row.privacy_policy, policy
    after = {"version": row.privacy_version, "asked": policy is not None}
    audit_log.record(
        session, actor_id, Action.POLICY_CHANGED, WHOLE_ACCOUNT, now, before={"asked": before is not None}, after=after
    )
    return row.privacy_version


def _change(session: Session, actor_id: int, now: datetime, **policy: bool | int | list[str] | None) -> None:
    row = account.lock(session)
    before = {name: getattr(row, name) for name in policy}
    for name, value in policy.items():
        setattr(row, name, value)
    audit_log.record(session, actor_id, Action.POLICY_CHANGED, WHOLE_ACCOUNT, now, before=before, after=policy)


def _read_seats(text: str) -> int | None:
    if text.casefold() == "unlimited":
        return None
    if (seats := whole_number(text, MOST_SEATS)) is None:
        raise InvalidSeats(text, MOST_SEATS)
    return seats
