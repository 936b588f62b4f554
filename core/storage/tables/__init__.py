"""All tables. Every rule that must hold under concurrency is a named constraint in one of these modules."""

from core.storage.tables.access_requests import AccessRequest, RequestPage
from core.storage.tables.alerts import RaisedAlert, SilencedAlert
from core.storage.tables.base import Base, Moment, table_of
from core.storage.tables.email_changes import EmailChange
from core.storage.tables.learning import Course, Enrolment, EnrolmentRule
from core.storage.tables.limits import LeftOut, LimitUse, Rush
from core.storage.tables.live_cards import LiveCard
from core.storage.tables.mail import LinkMailDay, LinkRecipient, OutgoingMail
from core.storage.tables.messages import (
    DeliveryPause,
    Dialogue,
    Digest,
    DigestProfile,
    DigestRun,
    InboxUpdate,
    Lease,
    OutboxMessage,
    Question,
    Repetition,
    Search,
)
from core.storage.tables.organisation import (
    Account,
    AuditLogEntry,
    Department,
    DepartmentTree,
    Heartbeat,
    LeftBranch,
    Logo,
    PrivacyPolicy,
)
from core.storage.tables.passwords import PasswordLink, PasswordRequest
from core.storage.tables.people import (
    CustomField,
    CustomRole,
    FieldValue,
    Invitation,
    InvitedDepartment,
    ManagedDepartment,
    User,
    WebSession,
)
from core.storage.tables.reminders import Reminder, ReminderCode, ReminderRound, ReminderRule, ReminderStop
from core.storage.tables.rosters import ExpectedPerson, ExpectedValue
from core.storage.tables.sign_up import Activation, LedgerEntry, Link, PendingSignUp, Profile, ProfileDepartment
from core.storage.tables.status_pages import StatusPage
from core.storage.tables.telegram import MiniAppVisit, TelegramCode, TelegramConnection

__all__ = [
    "AccessRequest",
    "Account",
    "Activation",
    "AuditLogEntry",
    "Base",
    "Course",
    "CustomField",
    "CustomRole",
    "DeliveryPause",
    "Department",
    "DepartmentTree",
    "Dialogue",
    "Digest",
    "DigestProfile",
    "DigestRun",
    "EmailChange",
    "Enrolment",
    "EnrolmentRule",
    "ExpectedPerson",
    "ExpectedValue",
    "FieldValue",
    "Heartbeat",
    "InboxUpdate",
    "Invitation",
    "InvitedDepartment",
    "Lease",
    "LedgerEntry",
    "LeftBranch",
    "LeftOut",
    "LimitUse",
    "Link",
    "LinkMailDay",
    "LinkRecipient",
    "LiveCard",
    "Logo",
    "ManagedDepartment",
    "MiniAppVisit",
    "Moment",
    "OutboxMessage",
    "OutgoingMail",
    "PasswordLink",
    "PasswordRequest",
    "PendingSignUp",
    "PrivacyPolicy",
    "Profile",
    "ProfileDepartment",
    "Question",
    "RaisedAlert",
    "Reminder",
    "ReminderCode",
    "ReminderRound",
    "ReminderRule",
    "ReminderStop",
    "Repetition",
    "RequestPage",
    "Rush",
    "Search",
    "SilencedAlert",
    "StatusPage",
    "TelegramCode",
    "TelegramConnection",
    "User",
    "WebSession",
    "table_of",
]
