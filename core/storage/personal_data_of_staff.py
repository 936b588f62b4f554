"""The queries by which what is kept on staff besides is read: what they have in the chat."""

from sqlalchemy import func, literal, select

from core.domain.personal_data import Section
from core.storage.personal_data_queries import DEPARTMENT, Query
from core.storage.tables import (
    Dialogue,
    Digest,
    InboxUpdate,
    Invitation,
    ManagedDepartment,
    OutboxMessage,
    Question,
    Repetition,
    Search,
    User,
)


def of_chat(user: User) -> dict[Section, Query]:
    """Return what staff have in the chat. What they typed there is about others, so it is counted and dated only."""
    return {**_of_position(user), **_of_messages(user), **_of_typed(user)}


def _of_position(user: User) -> dict[Section, Query]:
    """Return what they manage, whom they invited and which digest they get."""
    return {
        Section.MANAGED: select(ManagedDepartment.department_id.label(DEPARTMENT))
        .where(ManagedDepartment.user_id == user.id)
        .order_by(ManagedDepartment.department_id),
        Section.INVITATIONS: select(
            Invitation.role, Invitation.expires_at.label("ends"), Invitation.used_at.label("used")
        )
        .where((Invitation.user_id == user.id) | (Invitation.created_by == user.id))
        .order_by(Invitation.id),
        Section.DIGEST: select(
            Digest.frequency,
            Digest.at.label("time"),
            Digest.next_due.label("next"),
            func.coalesce(Digest.group_title, Digest.lost_title).label("group"),
        ).where(Digest.user_id == user.id),
    }


def _of_messages(user: User) -> dict[Section, Query]:
    """Return when what was sent to them, and when they sent something."""
    by_sender = InboxUpdate.sender_id == user.telegram_id if user.telegram_id is not None else literal(value=False)
    return {
        Section.NOTICES: select(
            OutboxMessage.created_at.label("at"),
            OutboxMessage.kind.label("about"),
            OutboxMessage.state,
            OutboxMessage.ended_at.label("ended"),
        )
        .where(OutboxMessage.user_id == user.id)
        .order_by(OutboxMessage.id),
        Section.MESSAGES: select(InboxUpdate.received_at.label("at"), InboxUpdate.state)
        .where(by_sender)
        .order_by(InboxUpdate.update_id),
    }


def _of_typed(user: User) -> dict[Section, Query]:
    """Return when they began a form, were asked, searched and sent a line."""
    return {
        Section.FORMS: select(Dialogue.updated_at.label("at"), Dialogue.kind.label("about"))
        .where(Dialogue.user_id == user.id)
        .order_by(Dialogue.chat_id),
        Section.QUESTIONS: select(
            Question.asked_at.label("asked"), Question.about, Question.answered_at.label("answered")
        )
        .where(Question.user_id == user.id)
        .order_by(Question.id),
        Section.SEARCHES: select(Search.at).where(Search.user_id == user.id).order_by(Search.id),
        Section.LINES: select(Repetition.at).where(Repetition.user_id == user.id).order_by(Repetition.at),
    }
