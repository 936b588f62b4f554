"""The audit log: who did what and when, append-only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.security_log import SecurityEvent, note
from core.services.authorisation import authorise
from core.storage import account, audit_log
from core.storage.tables import AuditLogEntry, User

PAGE = 10
LONGEST_SUBJECT = 500


class Action(StrEnum):
    """The kinds of audit-log entries; the values are stored."""

    ACCOUNT_NAMED = "account named"
    ZONE_CHANGED = "zone changed"
    SIGN_UP_SWITCHED = "sign-up switched"
    POLICY_CHANGED = "policy changed"
    RETENTION_CHANGED = "retention changed"
    DATABASE_ADOPTED = "database adopted"
    OWNER_CLAIMED = "owner claimed"
    OWNER_LINK_MADE = "owner link made"
    OWNER_REPLACED = "owner replaced"
    OWNERSHIP_TRANSFERRED = "ownership transferred"
    ROLE_ADDED = "role added"
    ROLE_CHANGED = "role changed"
    ROLE_REMOVED = "role removed"
    ROLE_ASSIGNED = "role assigned"
    INVITATION_MADE = "invitation made"
    INVITATION_ACCEPTED = "invitation accepted"
    INVITATION_WITHDRAWN = "invitation withdrawn"
    PERSON_INVITED = "person invited"
    PERSON_ENTERED = "person entered"
    DEPARTMENT_ADDED = "department added"
    DEPARTMENT_RENAMED = "department renamed"
    DEPARTMENT_MOVED = "department moved"
    DEPARTMENT_REMOVED = "department removed"
    USER_ADDED = "user added"
    USER_TRANSFERRED = "user transferred"
    USER_ACTIVATED = "user activated"
    USER_DEACTIVATED = "user deactivated"
    USER_DELETED = "user deleted"
    USER_ERASED = "user erased"
    PERSON_EXPORTED = "person exported"
    PASSWORD_LINK_MADE = "password link made"  # noqa: S105 - an action
    PASSWORD_SET = "password set"  # noqa: S105 - an action
    DETAILS_CHANGED = "details changed"
    PERSON_CORRECTED = "person corrected"
    PROFILE_CREATED = "profile created"
    PROFILE_EDITED = "profile edited"
    PROFILE_PAUSED = "profile paused"
    PROFILE_RESUMED = "profile resumed"
    PROFILE_REMOVED = "profile removed"
    PROFILE_RESTORED = "profile restored"
    LINK_ADDED = "link added"
    LINK_REPLACED = "link replaced"
    LINK_RENAMED = "link renamed"
    CARD_POSTED = "card posted"
    CARD_TAKEN_OUT = "card taken out"
    ACTIVATION_RETURNED = "activation returned"
    SIGN_UP_APPROVED = "sign-up approved"
    SIGN_UP_DECLINED = "sign-up declined"
    REQUEST_GRANTED = "request granted"
    REQUEST_DECLINED = "request declined"
    COURSE_ADDED = "course added"
    COURSE_CHANGED = "course changed"
    COURSE_ARCHIVED = "course archived"
    COURSE_RESTORED = "course restored"
    RULE_ADDED = "rule added"
    RULE_REMOVED = "rule removed"
    RULE_APPLIED = "rule applied"
    RULE_APPLICATION_UNDONE = "rule application undone"
    COURSE_GIVEN = "course given"
    COURSE_TAKEN_BACK = "course taken back"
    FIELD_ADDED = "field added"
    FIELD_CHANGED = "field changed"
    FIELD_REMOVED = "field removed"
    GROUP_CONNECTED = "group connected"
    GROUP_DISCONNECTED = "group disconnected"
    DIGEST_SENT_TO_GROUP = "digest sent to group"
    DIGEST_EXPORTED = "digest exported"
    HISTORY_EXPORTED = "history exported"
    ROSTER_KEPT = "roster kept"
    ROSTER_REMOVED = "roster removed"
    ROSTER_SWITCHED = "roster switched"
    ROSTER_EXPORTED = "roster exported"
    PROGRESS_EXPORTED = "progress exported"
    REPORT_EXPORTED = "report exported"
    LINK_SENT = "link sent"
    LINK_RESENT = "link resent"
    LINK_WITHDRAWN = "link withdrawn"
    PEOPLE_REMINDED = "people reminded"
    REMINDERS_TAKEN_BACK = "reminders taken back"
    ALERT_SWITCHED = "alert switched"
    REMINDERS_CHANGED = "reminders changed"
    EXPECTED_REMOVED = "expected person removed"
    DEPARTMENT_ROSTER_KEPT = "department roster kept"
    DEPARTMENT_ROSTER_REMOVED = "department roster removed"
    DEPARTMENT_ROSTER_SWITCHED = "department roster switched"
    DEPARTMENT_ROSTER_EXPORTED = "department roster exported"
    DEPARTMENT_EXPECTED_REMOVED = "person of department roster removed"
    RUSH_TAKEN_BACK = "rush taken back"
    RUSH_BROUGHT_BACK = "rush brought back"
    RUSH_DECLINED = "rush declined"
    RUSH_WAITS_AGAIN = "rush waits again"
    DECLINED_TOGETHER = "declined together"
    WAIT_AGAIN_TOGETHER = "wait again together"


SECURITY: Mapping[Action, SecurityEvent] = {  # what the security log has, too
    Action.OWNER_CLAIMED: SecurityEvent.OWNER_CLAIMED,
    Action.OWNER_LINK_MADE: SecurityEvent.CODE_MADE,
    Action.OWNER_REPLACED: SecurityEvent.OWNER_REPLACED,
    Action.OWNERSHIP_TRANSFERRED: SecurityEvent.OWNERSHIP_TRANSFERRED,
    Action.ROLE_ADDED: SecurityEvent.ROLE_ADDED,
    Action.ROLE_CHANGED: SecurityEvent.ROLE_CHANGED,
    Action.ROLE_REMOVED: SecurityEvent.ROLE_REMOVED,
    Action.ROLE_ASSIGNED: SecurityEvent.ROLE_GIVEN,
    Action.INVITATION_MADE: SecurityEvent.CODE_MADE,
    Action.PERSON_INVITED: SecurityEvent.CODE_MADE,
    Action.INVITATION_ACCEPTED: SecurityEvent.CODE_USED,
    Action.PERSON_ENTERED: SecurityEvent.CODE_USED,
    Action.INVITATION_WITHDRAWN: SecurityEvent.CODE_WITHDRAWN,
    Action.PASSWORD_LINK_MADE: SecurityEvent.CODE_MADE,
    Action.PASSWORD_SET: SecurityEvent.PASSWORD_CHANGED,
    Action.POLICY_CHANGED: SecurityEvent.POLICY_CHANGED,
    Action.RETENTION_CHANGED: SecurityEvent.POLICY_CHANGED,
    Action.GROUP_CONNECTED: SecurityEvent.GROUP_CONNECTED,
    Action.GROUP_DISCONNECTED: SecurityEvent.GROUP_DISCONNECTED,
    Action.DIGEST_SENT_TO_GROUP: SecurityEvent.DATA_EXPORTED,
    Action.DIGEST_EXPORTED: SecurityEvent.DATA_EXPORTED,
    Action.HISTORY_EXPORTED: SecurityEvent.DATA_EXPORTED,
    Action.ROSTER_EXPORTED: SecurityEvent.DATA_EXPORTED,
    Action.DEPARTMENT_ROSTER_EXPORTED: SecurityEvent.DATA_EXPORTED,
    Action.PROGRESS_EXPORTED: SecurityEvent.DATA_EXPORTED,
    Action.REPORT_EXPORTED: SecurityEvent.DATA_EXPORTED,
    Action.PERSON_EXPORTED: SecurityEvent.DATA_EXPORTED,
    Action.DATABASE_ADOPTED: SecurityEvent.DATABASE_ADOPTED,
}


ABOUT_USERS = frozenset(  # whose subject is a user: entries that an erasure takes the name out of
    {
        Action.OWNER_CLAIMED,
        Action.OWNER_LINK_MADE,
        Action.OWNER_REPLACED,
        Action.OWNERSHIP_TRANSFERRED,
        Action.ROLE_ASSIGNED,
        Action.PERSON_INVITED,
        Action.PERSON_ENTERED,
        Action.USER_ADDED,
        Action.USER_TRANSFERRED,
        Action.USER_ACTIVATED,
        Action.USER_DEACTIVATED,
        Action.USER_DELETED,
        Action.USER_ERASED,
        Action.PERSON_EXPORTED,
        Action.PASSWORD_LINK_MADE,
        Action.DETAILS_CHANGED,
        Action.PERSON_CORRECTED,
        Action.PASSWORD_SET,
        Action.SIGN_UP_APPROVED,
        Action.SIGN_UP_DECLINED,
        Action.COURSE_GIVEN,
        Action.COURSE_TAKEN_BACK,
    }
)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What an action was applied to: its number (None: the account), its name at that time, and its department."""

    number: int | None
    name: str
    department_id: int | None = None


def of_user(user: User) -> Subject:
    """Return the subject of an entry about a user."""
    return Subject(number=user.id, name=user.full_name, department_id=user.department_id)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One audit-log entry; `actor` None is the service itself. `before` and `after` hold what changed, by name."""

    number: int
    at: datetime
    actor: str | None
    action: Action
    subject: str
    subject_id: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the audit log, newest first; `older_than` is the next page's `before`, None on the last page.

    `whole_account`: the viewer sees the entries of all departments, and may see unconfirmed messages.
    """

    zone: ZoneInfo
    entries: tuple[Entry, ...]
    older_than: int | None
    whole_account: bool


WHOLE_ACCOUNT = Subject(number=None, name="")


def record(
    session: Session,
    by_id: int | None,
    action: Action,
    subject: Subject,
    now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry, in the transaction that makes the change; `by_id` None is the service itself.

    Nothing is added if `before` equals `after`. The values must not contain secrets.
    """
    if before is not None and before == after:
        return
    values = _values(session, by_id, action, subject, now)
    audit_log.add(session, AuditLogEntry(**values, before=_plain(before or {}), after=_plain(after or {})))


def record_each(session: Session, by_id: int, action: Action, subjects: Sequence[Subject], now: datetime) -> None:
    """Add an entry for each subject of an action that adds them, all by one statement."""
    audit_log.add_each(
        session, [_values(session, by_id, action, each, now) | {"before": {}, "after": {}} for each in subjects]
    )


def _values(session: Session, by_id: int | None, action: Action, subject: Subject, now: datetime) -> dict[str, Any]:
    """Return the values of an entry but for what changed, and note it for the security log if that has the action."""
    if (event := SECURITY.get(action)) is not None:
        note(session.info, event, user=by_id, subject=subject.number)
    return {
        "at": now,
        "actor_id": by_id,
        "action": action,
        "subject_id": subject.number,
        "subject": subject.name[:LONGEST_SUBJECT],
        "department_id": subject.department_id,
    }


def page(session: Session, actor_id: int, *, before: int | None = None) -> Page:
    """Return a page of the entries within the acting user's scope. Needs the permission to read the audit log."""
    actor = authorise(session, actor_id, Permission.READ_LOG)
    found = audit_log.page(session, actor.scope, before=before, size=PAGE + 1)
    entries = tuple(entry_of(entry, user) for entry, user in found[:PAGE])
    return Page(
        zone=account.zone(session),
        entries=entries,
        older_than=entries[-1].number if len(found) > PAGE else None,
        whole_account=actor.scope.everywhere,
    )


def entry_of(entry: AuditLogEntry, user: User | None) -> Entry:
    """Return an entry with its actor, as it is shown."""
    return Entry(
        number=entry.id,
        at=entry.at,
        actor=user.full_name if user else None,
        action=Action(entry.action),
        subject=entry.subject,
        subject_id=entry.subject_id,
        before=entry.before,
        after=entry.after,
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Convert moments to text (ISO 8601, UTC), because JSON has no type for them."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
