"""Queries on who could hear of something in the chat."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.storage.tables import DepartmentTree, ManagedDepartment, User


def managers_over(session: Session, department_ids: Collection[int]) -> dict[int, set[int]]:
    """Return who manages each of the departments, or one above it: the numbers of active users."""
    query = (
        select(DepartmentTree.descendant_id, ManagedDepartment.user_id)
        .join(ManagedDepartment, ManagedDepartment.department_id == DepartmentTree.ancestor_id)
        .join(User, User.id == ManagedDepartment.user_id)
        .where(DepartmentTree.descendant_id.in_(department_ids), User.state == UserState.ACTIVE)
    )
    found = defaultdict[int, set[int]](set)
    for department_id, user_id in session.execute(query):
        found[department_id].add(user_id)
    return found


def chats(session: Session, user_ids: Collection[int]) -> dict[int, int]:
    """Return the private chats of those of the users who are in the chat, by the users' numbers."""
    query = select(User.id, User.telegram_id).where(User.id.in_(user_ids), User.telegram_id.is_not(None))
    return {user_id: chat_id for user_id, chat_id in session.execute(query) if chat_id is not None}
