"""One-time links by which users set a new password: made by staff, used on the pages."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Permission, UserState
from core.domain.field_kinds import normal_identifier
from core.domain.form_fields import Newcomer
from core.domain.hashes import hash_of
from core.domain.mail import MailKind
from core.errors import NoLogIn, PasswordLinkGone
from core.services import audit_log, mail_outbox, people
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.department_lookup import Address
from core.storage import account, actors, password_requests, sessions
from core.storage import password_links as stored
from core.storage.tables import PasswordLink, User

LIFETIME = timedelta(hours=24)
MAILED_LIFETIME = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A new link with its code, which is not stored and can be shown only once; it works until `expires_at` (UTC)."""

    user_id: int
    name: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Open:
    """A link that can be used: what its user logs in with, and what a password is judged by.

    `strong_passwords`: the account requires strong ones, which don't contain what is known of the `person`.
    """

    user_id: int
    identifier: str
    person: Newcomer
    strong_passwords: bool


def make(session: Session, actor_id: int, user_id: int, now: datetime) -> Made:
    """Create a link for a user whom the acting user may change; their earlier one ends.

    Needs the permission to manage people, the user within scope, and for staff all of their permissions. The user is
    told at the next log-in. Raises UserNotFound, NotAllowed, NoLogIn.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    user = people.find_for_update(session, actor, user_id)
    if not user.email and not user.login:
        raise NoLogIn(user.full_name)
    made = _add(session, actor_id, user, now)
    user.password_link_at = now
    password_requests.forget(session, user.id)
    audit_log.record(session, actor_id, Action.PASSWORD_LINK_MADE, audit_log.of_user(user), now)
    return made


def add_person(session: Session, actor_id: int, newcomer: Newcomer, department: Address, now: datetime) -> Made:
    """Add a learner by hand, as `people.add` does, with a link by which they set their password."""
    card = people.add(session, actor_id, newcomer, None, department, now)
    return _add(session, actor_id, session.get_one(User, card.user_id), now)


def ask_by_mail(session: Session, identifier: str, language: str, now: datetime) -> None:
    """Queue a message with a link to a person with this e-mail address or login, who may not exist.

    One statement in either case: whose it is is looked up when it is sent. The edge counts it first.
    """
    mail_outbox.queue(session, None, normal_identifier(identifier), MailKind.PASSWORD_RESET, language, now)


def mailed(session: Session, user: User, now: datetime) -> Made:
    """Create a link that is sent to the address of a locked user who asked for it; earlier ones stay valid.

    A new one doesn't end the earlier ones, because strangers may ask for it, too.
    """
    return _keep(session, None, user, now + MAILED_LIFETIME)


def find(session: Session, code: str, now: datetime) -> Open:
    """Return what the page of a link shows. Changes nothing: messengers fetch links, too. Raises PasswordLinkGone."""
    user = session.get_one(User, _usable(session, code, now).user_id)
    return Open(
        user_id=user.id,
        identifier=user.email or user.login or "",
        person=Newcomer(
            first_name=user.first_name,
            last_name=user.last_name,
            email=user.email or "",
            login=user.login or "",
            phone=user.phone,
            job_title=user.job_title,
        ),
        strong_passwords=account.load(session).strong_passwords,
    )


def use(session: Session, code: str, password_hash: str, now: datetime, *, mail_in: str | None = None) -> int:
    """Set a new password, end all log-ins of the user and all their links; return their number.

    The user is told by e-mail in the language `mail_in`, unless it is None. Of concurrent calls with one code exactly
    one succeeds. Raises PasswordLinkGone.
    """
    user = stored.lock_user(session, _usable(session, code, now).user_id)
    if not stored.take(session, hash_of(code), now) or user.state == UserState.DELETED:
        raise PasswordLinkGone
    set_password(session, user, password_hash, now, mail_in=mail_in)
    return user.id


def set_password(
    session: Session, user: User, password_hash: str, now: datetime, *, mail_in: str | None = None
) -> None:
    """Set a locked user's password; their log-ins, links and requests for one end. Rights are not checked here.

    They are told by e-mail in the language `mail_in`, unless it is None.
    """
    user.password_hash = password_hash
    sessions.end_all(session, user.id)
    stored.forget(session, user.id)
    password_requests.forget(session, user.id)
    audit_log.record(session, user.id, Action.PASSWORD_SET, audit_log.of_user(user), now)
    if mail_in and user.email:
        mail_outbox.queue(session, user.id, user.email, MailKind.PASSWORD_CHANGED, mail_in, now)


def end_all(session: Session, user_id: int) -> None:
    """End a user's links, because those who could read them may no longer do so. Rights are not checked here."""
    stored.forget(session, user_id)


def has_been_told(session: Session, user_id: int) -> None:
    """Note that a user has read that staff made a link for them."""
    session.get_one(User, user_id).password_link_at = None


def sweep(session: Session, now: datetime) -> None:
    """Delete the links that have expired."""
    stored.sweep(session, now)


def _add(session: Session, actor_id: int, user: User, now: datetime) -> Made:
    """Add a link of staff for a locked or new user; the earlier ones end."""
    stored.forget(session, user.id)
    return _keep(session, actor_id, user, now + LIFETIME)


def _keep(session: Session, made_by: int | None, user: User, expires_at: datetime) -> Made:
    code = secrets.token_urlsafe(32)
    session.add(PasswordLink(code_hash=hash_of(code), user_id=user.id, made_by=made_by, expires_at=expires_at))
    return Made(user_id=user.id, name=user.full_name, code=code, expires_at=expires_at)


def _usable(session: Session, code: str, now: datetime) -> PasswordLink:
    """Find a link whose maker may still make such links. Raises PasswordLinkGone."""
    link = stored.find(session, hash_of(code), now)
    maker = actors.find(session, link.made_by) if link and link.made_by is not None else None
    if link is None or (link.made_by is not None and (maker is None or not maker.may(Permission.MANAGE_PEOPLE))):
        raise PasswordLinkGone
    return link
