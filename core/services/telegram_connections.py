"""Learners in Telegram: they connect it by a link, hear there what concerns them, and stop it; no right in the chat."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.domain.hashes import hash_of
from core.domain.outbox import Kind
from core.errors import InvalidInvitation, TelegramTaken
from core.services import outbox
from core.storage import account, activations, password_links
from core.storage import telegram_connections as stored
from core.storage.tables import PendingSignUp, User

LIFETIME = timedelta(hours=1)  # of a link
SETTLED = timedelta(minutes=2)  # longer than a course that was given can be taken back by an undo
BATCH = 100


@dataclass(frozen=True, kw_only=True)
class Connected:
    """A learner whose Telegram is connected now; `waits`: their sign-up isn't answered yet."""

    organisation: str | None
    waits: bool


@dataclass(frozen=True, kw_only=True)
class Connection:
    """What a learner's Telegram does: `is_active`, it opens My Courses; `may_write`, messages come to it."""

    organisation: str | None
    is_active: bool
    may_write: bool


def remember_bot(session: Session, bot_name: str) -> None:
    """Store the bot's name in Telegram (without the @), which the links on the pages lead to."""
    account.set_bot_name(session, bot_name)


def link(session: Session, user_id: int, now: datetime) -> str | None:
    """Return a link by which a user connects their Telegram, once, within an hour; their earlier ones end.

    None if the bot hasn't run yet. No right is checked here.
    """
    bot_name = account.load(session).bot_name
    if bot_name is None:
        return None
    code = secrets.token_urlsafe(24)
    stored.add_code(session, user_id, hash_of(code), now + LIFETIME)
    return f"https://t.me/{bot_name}?start={code}"


def is_open(session: Session, code: str, now: datetime) -> bool:
    """Return whether a code connects anybody now."""
    return stored.is_open(session, hash_of(code), now)


def is_connected(session: Session, telegram_id: int | None) -> bool:
    """Return whether a Telegram account is a learner's."""
    return telegram_id is not None and stored.is_connected(session, telegram_id)


def find(session: Session, telegram_id: int) -> Connection | None:
    """Return the connection of a Telegram account; None if it isn't a learner's."""
    found = stored.by_telegram_id(session, telegram_id)
    if found is None:
        return None
    is_active = session.get_one(User, found.user_id).state == UserState.ACTIVE
    return Connection(organisation=account.load(session).name, is_active=is_active, may_write=found.may_write)


def accept(session: Session, code: str, telegram_id: int, language: str, now: datetime) -> Connected:
    """Connect the Telegram account that opened a link, in the place of an earlier one of the same learner.

    Its `language` (a code) counts only for people who didn't sign up: the others have that of the page they did it on.

    Raises InvalidInvitation; TelegramTaken if it is another learner's already.
    """
    user_id = stored.take_code(session, hash_of(code), now)
    if user_id is None:
        raise InvalidInvitation
    user = password_links.lock_user(session, user_id)
    if user.state == UserState.DELETED:
        raise InvalidInvitation
    if not stored.replace(session, user_id, telegram_id, now):
        raise TelegramTaken
    if not _signed_up(session, user_id):
        user.language = language
    return Connected(organisation=account.load(session).name, waits=user.state != UserState.ACTIVE)


def stop(session: Session, telegram_id: int) -> None:
    """End the connection of a Telegram account, by its person's wish."""
    stored.end(session, telegram_id)


def disconnect(session: Session, user_id: int) -> None:
    """End the connection of a user, by their wish on the pages."""
    stored.forget(session, user_id)


def connect_visitor(session: Session, visitor: str, user_id: int, state: UserState, now: datetime) -> None:
    """Connect a new user with the Telegram account in whose Mini App they signed up; write to it if they are active.

    A Telegram account that opens another user's courses already stays theirs: one person signed another up.
    """
    found = stored.visit(session, hash_of(visitor), now)
    if found is None or not stored.connect(session, user_id, found.telegram_id, now, may_write=found.may_write):
        return
    if state is UserState.ACTIVE:
        welcome(session, user_id, now)


def welcome(session: Session, user_id: int, now: datetime) -> None:
    """Queue a message with the way back to My Courses, if the bot may write to the user."""
    _tell(session, user_id, Kind.ACCOUNT_READY, now)
    if (found := stored.of_user(session, user_id)) is not None:
        found.courses_told_at = now


def any_new_courses(session: Session, now: datetime) -> bool:
    """Return whether `announce_courses` has a notice to queue; cheap."""
    return stored.any_to_tell_of_courses(session, now - SETTLED)


def announce_courses(session: Session, now: datetime) -> None:
    """Queue a notice to each of some learners who were given courses, once giving them can't be undone any more."""
    through = now - SETTLED
    for each in stored.lock_to_tell_of_courses(session, through, at_most=BATCH):
        each.courses_told_at = through
        outbox.queue(session, each.user_id, each.telegram_id, Kind.NEW_COURSES, each.user_id, now)


def tell_declined(session: Session, user_id: int, now: datetime) -> None:
    """Queue the message that a person was not let in, before their connection ends with their sign-up."""
    _tell(session, user_id, Kind.SIGN_UP_DECLINED, now)


def _signed_up(session: Session, user_id: int) -> bool:
    """Return whether a user filled in a form, also if it still waits; staff added or invited the others."""
    return activations.of_user(session, user_id) is not None or session.get(PendingSignUp, user_id) is not None


def _tell(session: Session, user_id: int, kind: Kind, now: datetime) -> None:
    found = stored.of_user(session, user_id)
    if found is not None and found.may_write:
        outbox.queue(session, user_id, found.telegram_id, kind, user_id, now)
