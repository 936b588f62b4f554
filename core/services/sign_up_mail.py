"""E-mail to people about what became of the sign-up that they wait for."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.mail import MailKind
from core.services import mail_outbox
from core.storage import status_pages
from core.storage.tables import User


def tell(session: Session, user: User, kind: MailKind, now: datetime) -> None:
    """Queue a message to a user, if a status page has promised one."""
    if user.email and (language := status_pages.mail_language(session, user.id)):
        mail_outbox.queue(session, user.id, user.email, kind, language, now)


def tell_declined(session: Session, user: User, now: datetime) -> None:
    """Queue the message that a person was not let in, before what is known of them is erased.

    It belongs to no user. The address is erased when the message is sent, or is no longer worth sending.
    """
    if user.email and (language := status_pages.mail_language(session, user.id)):
        mail_outbox.queue(session, None, user.email, MailKind.DECLINED, language, now)
