"""Sign-up policies: who may sign up, and what the sign-up requires."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.form_fields import read_domain
from core.domain.keywords import is_none, refuse_keywords
from core.domain.numbers import count_of_people
from core.errors import InvalidSeats, MailUnavailable
from core.services import audit_log
from core.services.audit_log import WHOLE_ACCOUNT, Action
from core.services.authorisation import authorise
from core.storage import account, people
from core.storage import seats as seat_counter

MOST_SEATS = 1_000_000


class Switch(StrEnum):
    """A policy that is either on or off; the value is the name of its column."""

    STRONG_PASSWORDS = "strong_passwords"
    EMAIL_CONFIRMATION = "email_confirmation"
    APPROVAL = "approval"
    LAST_NAME_REQUIRED = "last_name_required"
    JOINING = "joining"


NEEDING_MAIL = frozenset({Switch.EMAIL_CONFIRMATION})


@dataclass(frozen=True, kw_only=True)
class Policies:
    """The account's policies. No `seats`: no limit; no `email_domains`: any; no `privacy_policy`: no consent required.

    `active` is the number of users who take a seat now, `privacy_version` the newest version of the privacy policy.
    """

    on: frozenset[Switch]
    email_domains: tuple[str, ...]
    seats: int | None
    active: int
    privacy_policy: str | None
    privacy_version: int


@dataclass(frozen=True, kw_only=True)
class PrivacyPolicy:
    """A version of the privacy policy. `published_at` (UTC) is None if it isn't known; `in_force`: asked for now."""

    version: int
    text: str
    published_at: datetime | None
    in_force: bool


def policies(session: Session, actor_id: int) -> Policies:
    """Return the policies. Like the functions that change them, this needs the permission to manage the account."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row, asked = account.load(session), privacy_policy(session)
    return Policies(
        on=frozenset(policy for policy in Switch if getattr(row, policy)),
        email_domains=tuple(row.email_domains),
        seats=row.seats,
        active=people.count_active(session),
        privacy_policy=asked.text if asked else None,
        privacy_version=row.privacy_version,
    )


def privacy_policy(session: Session, version: int | None = None) -> PrivacyPolicy | None:
    """Return a version of the privacy policy, by default the one in force; None if there is none. It is public.

    All versions stay readable, because people agreed to them.
    """
    row = account.load(session)
    current = row.privacy_version if row.consent_asked else None
    wanted = current if version is None else version
    found = None if wanted is None else account.privacy_policy(session, wanted)
    if found is None:
        return None
    return PrivacyPolicy(
        version=found.version, text=found.text, published_at=found.published_at, in_force=found.version == current
    )


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
    """Set the limit of active users, a number or a word for none; active users stay active. Raises InvalidSeats."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    seats, row = _read_seats(text.strip()), account.lock(session)
    before, after = {"seats": row.seats}, {"seats": seats}
    seat_counter.limit(session, row, seats)
    audit_log.record(session, actor_id, Action.POLICY_CHANGED, WHOLE_ACCOUNT, now, before=before, after=after)
    return seats


def publish_privacy_policy(session: Session, actor_id: int, text: str, now: datetime) -> int:
    """Require consent to this policy (empty or a word for none: to none); return its version.

    The version increases with each new text. Raises KeywordInstead.
    """
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row, policy = account.lock(session), "" if is_none(text) else refuse_keywords(text.strip())
    before = {"version": row.privacy_version, "asked": row.consent_asked}
    newest = account.privacy_policy(session, row.privacy_version)
    if policy and (newest is None or policy != newest.text):
        row.privacy_version += 1
        account.add_privacy_policy(session, row.privacy_version, policy, now)
    row.consent_asked = bool(policy)
    after = {"version": row.privacy_version, "asked": row.consent_asked}
    audit_log.record(session, actor_id, Action.POLICY_CHANGED, WHOLE_ACCOUNT, now, before=before, after=after)
    return row.privacy_version


def _change(session: Session, actor_id: int, now: datetime, **policy: bool | list[str]) -> None:
    row = account.lock(session)
    before = {name: getattr(row, name) for name in policy}
    for name, value in policy.items():
        setattr(row, name, value)
    audit_log.record(session, actor_id, Action.POLICY_CHANGED, WHOLE_ACCOUNT, now, before=before, after=policy)


def _read_seats(text: str) -> int | None:
    if is_none(text):
        return None
    if (seats := count_of_people(text, MOST_SEATS)) is None:
        raise InvalidSeats(text, MOST_SEATS)
    return seats
