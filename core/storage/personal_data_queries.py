"""The queries by which what is kept on a learner is read, and what the audit log has of anybody, for each section."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, case, literal, select

from core.domain.hashes import hash_of
from core.domain.personal_data import Section
from core.storage import roster_matches
from core.storage.link_recipients import sent_to
from core.storage.tables import (
    AccessRequest,
    Activation,
    AuditLogEntry,
    Course,
    CustomField,
    CustomRole,
    Enrolment,
    ExpectedPerson,
    FieldValue,
    LedgerEntry,
    Link,
    LinkRecipient,
    OutgoingMail,
    PasswordLink,
    PasswordRequest,
    Reminder,
    ReminderStop,
    StatusPage,
    TelegramConnection,
    User,
    WebSession,
)

DEPARTMENT = "department"  # a column of this name has a number, for which the path is put
Query: TypeAlias = Select[*tuple[Any, ...]]


def of_learner(user: User) -> dict[Section, Query]:
    """Return what learners have, in the order in which it is shown."""
    return {
        Section.ACCOUNT: _account(user),
        **_of_form(user),
        **_of_sign_up(user),
        **_of_lists(user),
        **_of_pages(user),
        **_of_passwords(user),
    }


def _of_form(user: User) -> dict[Section, Query]:
    """Return what they entered in fields of the account's own, and what they agreed to."""
    return {
        Section.ANSWERS: select(CustomField.label.label("field"), FieldValue.value.label("answer"))
        .join(FieldValue, FieldValue.field_id == CustomField.id)
        .where(FieldValue.user_id == user.id)
        .order_by(CustomField.position, CustomField.id),
        Section.CONSENT: select(User.consent_version.label("version"), User.consent_at.label("at")).where(
            User.id == user.id, User.consent_version.is_not(None)
        ),
    }


def _of_sign_up(user: User) -> dict[Section, Query]:
    """Return how they came, and the courses that they were given."""
    return {
        Section.SIGN_UP: select(
            Activation.at,
            Activation.profile_id.label("profile"),
            Link.label.label("link"),
            Activation.department_id.label(DEPARTMENT),
            Activation.returned_at.label("returned"),
        )
        .join(Link, Link.id == Activation.link_id)
        .where(Activation.user_id == user.id),
        Section.PLACES: select(LedgerEntry.at, LedgerEntry.kind.label("event"), LedgerEntry.profile_id.label("profile"))
        .where(LedgerEntry.user_id == user.id)
        .order_by(LedgerEntry.id),
        Section.COURSES: select(
            Course.title,
            Enrolment.progress,
            Enrolment.enrolled_at.label("given"),
            Enrolment.due_at.label("due"),
            Enrolment.started_at.label("started"),
            Enrolment.completed_at.label("completed"),
        )
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(Enrolment.user_id == user.id)
        .order_by(Course.id),
    }


def _of_lists(user: User) -> dict[Section, Query]:
    """Return where staff listed their address, or they named it themselves."""
    return {Section.EXPECTED: _expected(user), Section.LINKS: _links(user), Section.REQUESTS: _requests(user)}


def _expected(user: User) -> Query:
    return (
        select(
            ExpectedPerson.added_at.label("added"),
            ExpectedPerson.profile_id.label("profile"),
            ExpectedPerson.department_id.label(DEPARTMENT),
            ExpectedPerson.first_name,
            ExpectedPerson.last_name,
            ExpectedPerson.email,
            ExpectedPerson.phone,
            ExpectedPerson.tried_at.label("tried"),
        )
        .where(roster_matches.expecting(user))
        .order_by(ExpectedPerson.id)
    )


def _links(user: User) -> Query:
    return (
        select(
            LinkRecipient.added_at.label("added"),
            LinkRecipient.profile_id.label("profile"),
            LinkRecipient.email,
            LinkRecipient.first_name,
            LinkRecipient.last_name,
            LinkRecipient.withdrawn_at.label("withdrawn"),
        )
        .where(sent_to(user))
        .order_by(LinkRecipient.id)
    )


def _requests(user: User) -> Query:
    return (
        select(
            AccessRequest.asked_at.label("asked"),
            AccessRequest.profile_id.label("profile"),
            AccessRequest.first_name,
            AccessRequest.last_name,
            AccessRequest.email,
            AccessRequest.message,
            AccessRequest.state,
            AccessRequest.ends_at.label("ends"),
        )
        .where(AccessRequest.email == user.email)
        .order_by(AccessRequest.id)
    )


def _of_pages(user: User) -> dict[Section, Query]:
    """Return the pages, log-ins, chat and reminders that are theirs."""
    key = hash_of(user.email or "")
    reminded = (Reminder.user_id == user.id) | (Reminder.person_key == key)
    return {
        Section.STATUS_PAGES: select(StatusPage.expires_at.label("ends"), StatusPage.mail_in.label("language"))
        .where(StatusPage.user_id == user.id)
        .order_by(StatusPage.expires_at),
        Section.TELEGRAM: select(
            TelegramConnection.telegram_id.label("number in Telegram"),
            TelegramConnection.connected_at.label("connected"),
        ).where(TelegramConnection.user_id == user.id),
        Section.LOG_INS: select(
            WebSession.device, WebSession.used_at.label("last used"), WebSession.expires_at.label("ends")
        )
        .where(WebSession.user_id == user.id)
        .order_by(WebSession.used_at),
        Section.REMINDERS: select(
            Reminder.at, Reminder.occasion.label("about"), _whether(Reminder.refused.is_(True)).label("address refused")
        )
        .where(reminded)
        .order_by(Reminder.id),
        Section.NO_REMINDERS: select(ReminderStop.stopped_at.label("at")).where(ReminderStop.person_key == key),
    }


def _account(user: User) -> Query:
    return (
        select(
            User.id.label("number"),
            User.first_name,
            User.last_name,
            User.email,
            User.login,
            User.phone,
            User.job_title,
            User.department_id.label(DEPARTMENT),
            User.state,
            User.role,
            CustomRole.name.label("custom role"),
            User.language,
            User.chosen_language.label("chosen language"),
            _whether(User.dark_pictures.is_(True)).label("dark pictures"),
            User.telegram_id.label("number in Telegram"),
            _whether(User.password_hash.is_not(None)).label("has a password"),
            User.created_at.label("created"),
        )
        .outerjoin(CustomRole, CustomRole.id == User.custom_role_id)
        .where(User.id == user.id)
    )


def _whether(condition: ColumnElement[bool]) -> ColumnElement[str]:
    return case((condition, literal("yes")), else_=literal("no"))


def _of_passwords(user: User) -> dict[Section, Query]:
    by_staff = _whether(PasswordLink.made_by.is_not(None))
    return {
        Section.PASSWORD_LINKS: select(PasswordLink.expires_at.label("ends"), by_staff.label("made by staff"))
        .where(PasswordLink.user_id == user.id)
        .order_by(PasswordLink.expires_at),
        Section.PASSWORD_REQUESTS: select(
            PasswordRequest.asked_at.label("asked"), PasswordRequest.identifier.label("entered")
        )
        .where(PasswordRequest.user_id == user.id)
        .order_by(PasswordRequest.id),
        Section.E_MAILS: select(
            OutgoingMail.created_at.label("at"),
            OutgoingMail.kind.label("about"),
            OutgoingMail.address.label("email"),
            OutgoingMail.state,
            OutgoingMail.reason,
            OutgoingMail.ended_at.label("ended"),
        )
        .where((OutgoingMail.user_id == user.id) | (OutgoingMail.address == user.email))
        .order_by(OutgoingMail.id),
    }


def of_record(user: User, about_users: Sequence[str]) -> dict[Section, Query]:
    """Return what the audit log has of a user: what was done to them, with changes; what they did, without to whom."""
    entry = AuditLogEntry
    return {
        Section.DONE_TO: select(entry.at, entry.action, entry.before, entry.after)
        .where(entry.subject_id == user.id, entry.action.in_(about_users))
        .order_by(entry.id),
        Section.DONE_BY: select(entry.at, entry.action).where(entry.actor_id == user.id).order_by(entry.id),
    }
