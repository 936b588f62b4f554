"""What is erased of people who end: those who are deleted, and those who waited and didn't become learners."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Role, UserState
from core.services import courses, field_values, group_connections
from core.services.audit_log import ABOUT_USERS
from core.storage import (
    access_requests,
    activations,
    audit_log,
    dialogues,
    digests,
    email_changes,
    inbox,
    link_recipients,
    mail_outbox,
    outbox,
    password_links,
    password_requests,
    people,
    questions,
    reminders,
    repetitions,
    roles,
    rosters,
    searches,
    seats,
    sessions,
    status_pages,
    telegram_connections,
)
from core.storage.tables import User

FORGOTTEN_BY_NUMBER = (  # what is kept under a user's number, and ends with them
    digests,
    outbox,
    searches,
    questions,
    repetitions,
    password_links,
    password_requests,
    mail_outbox,
    dialogues,
    status_pages,
    email_changes,
)

# Facts of the audit log.
NOT_PERSONAL = ("department", "departments", "permissions", "profile", "role", "state", "through")


def erase_form(session: Session, user: User) -> None:
    """Erase what a locked user's sign-up form took, and mark the user as deleted; the name is left."""
    user.state = UserState.DELETED
    user.email = user.login = user.password_hash = user.consent_version = user.consent_at = None
    user.password_link_at = None
    user.phone = user.job_title = ""
    field_values.forget(session, user.id)
    telegram_connections.forget(session, user.id)


def erase_name(session: Session, user: User) -> None:
    """Put the number in the place of a deleted, locked user's name, in histories and in the audit log."""
    user.first_name, user.last_name, user.deleted_at = nameless(user), "", None
    audit_log.erase_subject(session, user.id, sorted(ABOUT_USERS), nameless(user), NOT_PERSONAL)


def nameless(user: User) -> str:
    """Return what stands for the name of an erased user."""
    return f"#{user.id}"


def erase(session: Session, user: User, by_id: int, now: datetime) -> None:
    """Erase all of a locked user but name and department, for the histories they are in. Rights are not checked here.

    Open invitations that they made, or that would connect them to the chat, end. The form by which they signed up can
    create an account again. The counter of seats must be locked before the user.
    """
    telegram_id, was_active = user.telegram_id, user.state == UserState.ACTIVE
    rosters.take_off(session, user)
    link_recipients.take_off(session, user, now)
    reminders.forget(session, user)
    if user.email:
        access_requests.forget_address(session, user.email, now)
        mail_outbox.forget_address(session, user.email)
    erase_form(session, user)
    user.deleted_at = now
    if was_active:
        seats.give_back(session)
    user.role, user.custom_role_id, user.telegram_id = Role.LEARNER, None, None
    courses.forget_enrolments(session, user.id)
    activations.end_form(session, user.id)
    people.set_managed(session, user.id, ())
    sessions.end_all(session, user.id)
    roles.end_invitations(session, user.id, now)
    for digest in digests.lock_all(session, user.id):
        group_connections.disconnect(session, digest, by_id, now)
    for subject in FORGOTTEN_BY_NUMBER:
        subject.forget(session, user.id)
    if telegram_id is not None:
        inbox.forget(session, telegram_id)
