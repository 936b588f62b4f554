"""The connection of a person's digest to a group, which ends in several ways; rights are not checked here."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.services import audit_log
from core.services.audit_log import Action, Subject
from core.storage import outbox
from core.storage.tables import Digest, User


def disconnect(session: Session, digest: Digest, by_id: int | None, now: datetime) -> None:
    """Record that a locked digest no longer goes to its group, if it does, and drop what waits to be sent there.

    From now on it goes to the private chat, whoever schedules or sends it next. `by_id` None is the service itself.
    """
    if digest.connected_at is None:
        return
    audit_log.record(session, by_id, Action.GROUP_DISCONNECTED, subject_of(session, digest), now)
    outbox.cancel_digest(session, digest.id, digest.chat_id, now)
    digest.connected_at = digest.group_title = None
    bring_home(session, digest)


def connect(session: Session, digest: Digest, chat_id: int, now: datetime) -> None:
    """Let a locked digest go to the group again that it has lost, without a spreadsheet, and record it."""
    digest.chat_id, digest.thread_id = chat_id, digest.lost_thread_id
    digest.connected_at, digest.group_title = now, digest.lost_title
    digest.spreadsheet = False
    audit_log.record(session, digest.user_id, Action.GROUP_CONNECTED, subject_of(session, digest), now)


def note_loss(digest: Digest) -> None:
    """Keep which group a locked digest is about to lose, if it goes to one: it may go on there."""
    if digest.connected_at is not None:
        digest.lost_chat_id, digest.lost_thread_id = digest.chat_id, digest.thread_id
        digest.lost_title = digest.group_title


def forget_loss(digest: Digest) -> None:
    """Forget the group that a locked digest has lost: it goes on, or is ended."""
    digest.lost_chat_id = digest.lost_thread_id = digest.lost_title = None


def bring_home(session: Session, digest: Digest) -> None:
    """Let a digest go to its recipient's private chat; those of people without a Telegram account stay."""
    digest.chat_id = session.get_one(User, digest.user_id).telegram_id or digest.chat_id
    digest.thread_id = None


def subject_of(session: Session, digest: Digest) -> Subject:
    """Return the subject of an entry about a group: its name, with the recipient whose digest it gets."""
    return subject(session.get_one(User, digest.user_id), digest.group_title or "")


def subject(recipient: User, title: str) -> Subject:
    """Return the subject of an entry about a group of this name and a recipient."""
    return Subject(number=recipient.id, name=title, department_id=recipient.department_id)
