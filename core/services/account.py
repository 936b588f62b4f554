"""The account: its name, time zone and sign-up switch."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.keywords import refuse_keywords
from core.domain.mail import SIGN_UP_OFF
from core.domain.naming import clean_name
from core.services import audit_log, mail_outbox
from core.services.audit_log import WHOLE_ACCOUNT, Action
from core.services.authorisation import authorise
from core.storage import account, courses, departments, profile_lists
from core.storage.account import PublicRow
from core.storage.links import AccountRow
from core.storage.tables import Account


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """The account's facts that every page and card needs; `name` is None until an administrator sets it.

    `language` (a code) is that of visitors whose browsers ask for none of ours, `contact` whom to ask, `accent` a
    colour such as `#1f5fbf`, `logo` the version of the account's; None if they aren't set.
    """

    name: str | None
    zone: ZoneInfo
    sign_up_enabled: bool
    language: str | None = None
    contact: str | None = None
    accent: str | None = None
    logo: str | None = None


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """What has been set up so far, for the owner's checklist: `departments` counts all but the root."""

    organisation: Organisation
    departments: int
    courses: int
    rules: int
    profiles: int


def organisation(session: Session) -> Organisation:
    """Return the account's name, zone and sign-up switch, which are public: no permission is needed."""
    return organisation_of(account.public(session))


def organisation_of(row: Account | AccountRow | PublicRow) -> Organisation:
    """Return the same, by the account's row or what was read of it."""
    return Organisation(
        name=row.name,
        zone=ZoneInfo(row.zone),
        sign_up_enabled=row.sign_up_enabled,
        language=row.language,
        contact=row.contact,
        accent=row.accent,
        logo=row.logo,
    )


def set_up(session: Session, actor_id: int) -> SetUp:
    """Return what has been set up so far. Needs the permission to manage the account."""
    actor = authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    return SetUp(
        organisation=organisation(session),
        departments=departments.count(session) - 1,  # the root always exists
        courses=courses.count(session),
        rules=courses.count_rules(session),
        profiles=profile_lists.count(session, actor.scope),
    )


def switch_sign_up(session: Session, actor_id: int, now: datetime, *, on: bool) -> None:
    """Turn sign-up on or off for all links. Needs the permission to manage the account."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row = account.lock(session)
    before, row.sign_up_enabled = row.sign_up_enabled, on
    if on:
        mail_outbox.release(session, SIGN_UP_OFF, now)
    changed = ({"on": before}, {"on": on})
    audit_log.record(
        session, actor_id, Action.SIGN_UP_SWITCHED, WHOLE_ACCOUNT, now, before=changed[0], after=changed[1]
    )


def rename(session: Session, actor_id: int, name: str, now: datetime) -> str:
    """Set the organisation's name; return it.

    Needs the permission to manage the account. Raises InvalidName, KeywordInstead.
    """
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row = account.lock(session)
    before, row.name = row.name, refuse_keywords(clean_name(name))
    changed = ({"name": before}, {"name": row.name})
    audit_log.record(session, actor_id, Action.ACCOUNT_NAMED, WHOLE_ACCOUNT, now, before=changed[0], after=changed[1])
    return row.name


def secret_key(session: Session) -> str:
    """Return the installation's own secret key; the first call generates and stores it."""
    return account.keep_secret_key(session, secrets.token_urlsafe(32))
