"""Queries on to whom the database belongs, and what changes when it is given to another."""

from datetime import datetime

from sqlalchemy import delete, exists, func, select, true, update
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.outbox import OPEN, MessageState
from core.storage.tables import (
    Account,
    Dialogue,
    Digest,
    InboxUpdate,
    Invitation,
    LiveCard,
    MiniAppVisit,
    OutboxMessage,
    Question,
    TelegramCode,
    TelegramConnection,
    User,
)

NOWHERE = 0  # no chat has this number


def keep(session: Session, user: str, *, unless_used: bool) -> str | None:
    """Record to whom the database belongs, if it belongs to nobody; return to whom it belongs then.

    `unless_used`: record nothing if there are users.
    """
    unused = ~exists().where(User.id.is_not(None)) if unless_used else true()
    session.execute(update(Account).where(Account.belongs_to.is_(None), unused).values(belongs_to=user))
    return session.scalars(select(Account.belongs_to)).one()


def has_users(session: Session) -> bool:
    """Return whether anyone has an account here."""
    return session.scalars(select(User.id).limit(1)).first() is not None


def owner(session: Session) -> User | None:
    """Return the owner, if there is one."""
    return session.scalars(select(User).where(User.role == Role.OWNER)).one_or_none()


def count_in_chat(session: Session) -> int:
    """Count the users with a Telegram account."""
    return session.scalars(select(func.count()).where(User.telegram_id.is_not(None))).one()


def forget_updates(session: Session) -> None:
    """Delete all received updates, the open ones too."""
    session.execute(delete(InboxUpdate))


def disconnect_all(session: Session, now: datetime) -> None:
    """Disconnect all users from the chat, stop all digests and live cards, and end all messages that aren't sent yet.

    No digest and no message goes to a chat of before, and nobody is taken for a person of before.
    """
    session.execute(update(User).values(telegram_id=None))
    for made_up in (TelegramConnection, TelegramCode, MiniAppVisit, Dialogue):
        session.execute(delete(made_up))
    session.execute(update(LiveCard).where(LiveCard.ended_at.is_(None)).values(ended_at=now))
    nowhere = {"chat_id": NOWHERE, "thread_id": None, "connected_at": None, "group_title": None}
    lost = {"lost_chat_id": None, "lost_thread_id": None, "lost_title": None}
    session.execute(update(Digest).values(frequency=None, next_due=None, stopped_at=None, **nowhere, **lost))
    unsent = update(OutboxMessage).where(OutboxMessage.state.in_(OPEN))
    session.execute(unsent.values(state=MessageState.FAILED, ended_at=now))


def end_codes(session: Session, row: Account, now: datetime) -> None:
    """End all open invitations, the owner's link, and all open questions."""
    session.execute(update(Invitation).where(Invitation.expires_at > now).values(expires_at=now))
    row.owner_code_expires_at = None
    session.execute(delete(Question))
