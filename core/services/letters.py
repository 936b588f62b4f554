"""The content of e-mail messages, collected when they are sent: by then its subject may have changed or be gone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.domain.mail import CLOSED, NOT_LISTED, MailKind
from core.services import (
    access_requests,
    confirmations,
    email_changes,
    mail_outbox,
    password_links,
    password_requests,
    reminder_letters,
)
from core.services.link_letters import HELD_UP, SENDABLE, LinkContent, link_content
from core.services.password_links import Made
from core.services.reminder_letters import ReminderContent
from core.storage import account, link_mails, people, roster_doors
from core.storage.tables import OutgoingMail, User


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a message says, to whom, and in which language; `contact` is whom to ask.

    `code` is the secret of the link in it, valid until `expires_at` (UTC), and `digits` what can be typed instead.
    `again`: an earlier attempt may have arrived, and the text must say so. `reference` identifies the message, the same
    in a repetition. `link`: the profile's link that it brings, if it does. `reminder`: what it reminds of, if it is a
    reminder.
    """

    kind: MailKind
    address: str
    language: str
    name: str
    organisation: str | None
    contact: str | None
    zone: ZoneInfo
    at: datetime
    code: str | None = None
    expires_at: datetime | None = None
    digits: str | None = None
    again: bool = False
    reference: str = ""
    link: LinkContent | None = None
    reminder: ReminderContent | None = None


def begin(session: Session, mail_id: int, holder: str, now: datetime) -> Letter | None:
    """Record that sending a message begins, and return its content.

    None: another process took the claim over, or the message has become pointless. The code of a link is made here, so
    that it is nowhere stored; each attempt has its own.
    """
    mail = mail_outbox.begin(session, mail_id, holder, now)
    if mail is None:
        return None
    return _WRITERS.get(MailKind(mail.kind), _to_user)(session, mail, now)


def _as_queued(session: Session, mail: OutgoingMail, _now: datetime) -> Letter:
    """Return a message to the address that it was queued for, whoever has it now."""
    return _letter(session, mail)


def _to_user(session: Session, mail: OutgoingMail, now: datetime) -> Letter | None:
    user = _recipient(session, mail)
    if user is None or user.email is None:
        if user is not None and mail.kind == MailKind.PASSWORD_RESET:  # nowhere to send it: staff can help
            password_requests.ask(session, mail.address, now)
        mail_outbox.drop(session, mail)
        return None
    mail.user_id, mail.address = user.id, user.email
    made = password_links.mailed(session, user, now) if mail.kind == MailKind.PASSWORD_RESET else None
    return _letter(session, mail, name=user.full_name, made=made)


def _invitation(session: Session, mail: OutgoingMail, now: datetime) -> Letter | None:
    """Return the message that a place is kept, with the code of a status page that is made for it."""
    code = access_requests.mailed_page(session, mail.address, now)
    if code is None:
        mail_outbox.drop(session, mail)
        return None
    return replace(_letter(session, mail), code=code)


def _confirmation(session: Session, mail: OutgoingMail, now: datetime) -> Letter | None:
    """Return the message that confirms an address, or to one with an account that it has one.

    It names nobody: a stranger may have entered the address.
    """
    mailed = confirmations.mailed(session, mail.user_id, mail.address, now)
    if mailed is None:
        mail_outbox.drop(session, mail)
        return None
    if confirmations.is_taken(session, mail.address):
        mail.kind = MailKind.HAS_ACCOUNT
        return _letter(session, mail)
    mail.kind = MailKind.CONFIRMATION
    letter = _letter(session, mail)
    return replace(letter, code=mailed.code, digits=mailed.digits, expires_at=mailed.expires_at)


def _new_address(session: Session, mail: OutgoingMail, now: datetime) -> Letter | None:
    """Return the message that confirms a new address, or to one of another account that it is in use."""
    mailed = email_changes.mailed(session, mail.user_id, mail.address, now)
    if mailed is None:
        mail_outbox.drop(session, mail)
        return None
    holder = people.by_identifier(session, mail.address)
    if holder is not None and holder.id != mail.user_id:
        mail.kind = MailKind.ADDRESS_IN_USE
        return _letter(session, mail)
    mail.kind = MailKind.NEW_ADDRESS
    return replace(_letter(session, mail), code=mailed.code, expires_at=mailed.expires_at)


def _letter(
    session: Session,
    mail: OutgoingMail,
    *,
    name: str = "",
    made: Made | None = None,
    link: LinkContent | None = None,
) -> Letter:
    row = account.load(session)
    return Letter(
        kind=MailKind(mail.kind),
        address=mail.address,
        language=mail.language,
        name=name,
        organisation=row.name,
        contact=row.contact,
        zone=ZoneInfo(row.zone),
        at=mail.created_at,
        code=made.code if made else None,
        expires_at=made.expires_at if made else None,
        again=mail.repetition > 0,
        reference=mail.reference,
        link=link,
    )


def _about_link(session: Session, mail: OutgoingMail, now: datetime) -> Letter | None:
    """Return the content of a message that brings a profile's link; None: nobody waits for it, or not now."""
    recipient = link_mails.pending_recipient(session, mail.recipient_id or 0)
    if recipient is None:
        mail_outbox.drop(session, mail)
        return None
    about = link_content(session, recipient.profile_id, recipient.added_by, now, link_id=recipient.link_id)
    if about.state in HELD_UP:
        mail_outbox.hold(mail, HELD_UP[about.state], now)
        return None
    if about.state not in SENDABLE:
        mail_outbox.end_unsent(mail, CLOSED, now)
        return None
    if roster_doors.turned_away(session, {recipient.profile_id: [recipient.email]}):
        mail_outbox.end_unsent(mail, NOT_LISTED, now)
        return None
    return _letter(session, mail, name=recipient.full_name, link=about)


def _reminder(session: Session, mail: OutgoingMail, now: datetime) -> Letter | None:
    """Return the content of a reminder; None: its reason is gone, or the person wants none."""
    found = reminder_letters.content(session, mail.reminder_id or 0, now)
    if found is None:
        mail_outbox.drop_reminder(session, mail)
        return None
    mail.address = found.address
    return replace(_letter(session, mail, name=found.name), reminder=found)


def _recipient(session: Session, mail: OutgoingMail) -> User | None:
    """Find the existing user whom a message is for, and lock them."""
    user = session.get(User, mail.user_id) if mail.user_id else people.by_identifier(session, mail.address)
    if user is None:
        return None
    session.refresh(user, with_for_update=True)
    return user if user.state in (UserState.ACTIVE, UserState.INACTIVE) else None


_WRITERS: Mapping[MailKind, Callable[[Session, OutgoingMail, datetime], Letter | None]] = {  # else `_to_user`
    MailKind.DECLINED: _as_queued,  # to nobody whom we still know
    MailKind.ACCESS_GRANTED: _invitation,
    MailKind.CONFIRMATION: _confirmation,
    MailKind.HAS_ACCOUNT: _confirmation,
    MailKind.NEW_ADDRESS: _new_address,
    MailKind.ADDRESS_IN_USE: _new_address,
    MailKind.ADDRESS_CHANGED: _as_queued,
    MailKind.SIGN_UP_LINK: _about_link,
    MailKind.REMINDER: _reminder,
}
