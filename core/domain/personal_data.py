"""What is kept on a person, by subject. The values stand in files that other programs read, so they never change."""

from enum import StrEnum


class Section(StrEnum):
    """A part of what is kept on a person."""

    ACCOUNT = "account"
    ANSWERS = "answers"
    CONSENT = "consent"
    SIGN_UP = "sign-up"
    PLACES = "places"
    COURSES = "courses"
    EXPECTED = "expected"
    LINKS = "links by e-mail"
    REQUESTS = "requests for access"
    STATUS_PAGES = "status pages"
    TELEGRAM = "connected telegram"
    LOG_INS = "log-ins"
    REMINDERS = "reminders"
    NO_REMINDERS = "no reminders"
    PASSWORD_LINKS = "password links"  # noqa: S105 - a subject
    PASSWORD_REQUESTS = "password requests"  # noqa: S105 - a subject
    E_MAILS = "e-mails"
    MANAGED = "managed departments"
    INVITATIONS = "invitations"
    DIGEST = "digest"
    NOTICES = "notices"
    MESSAGES = "messages"
    FORMS = "forms"
    QUESTIONS = "questions"
    SEARCHES = "searches"
    LINES = "lines"
    DONE_TO = "changes"
    DONE_BY = "actions"
