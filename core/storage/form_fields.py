"""Queries on the form's own fields and what people filled into them."""

from collections.abc import Iterable

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from core.storage.tables import CustomField, FieldValue


def active(session: Session) -> list[CustomField]:
    """List the fields in the form's order."""
    return list(session.scalars(_in_order()))


def lock_all(session: Session) -> list[CustomField]:
    """Give and lock the fields in the form's order."""
    query = _in_order().with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(query))


def taken(session: Session, keys: Iterable[tuple[int, str]]) -> int | None:
    """Find a field whose unique value somebody has already; the values come with their fields' numbers."""
    for field_id, key in keys:
        query = select(FieldValue.field_id).where(FieldValue.field_id == field_id, FieldValue.unique_key == key)
        if session.scalars(query).first() is not None:
            return field_id
    return None


def values_of(session: Session, user_ids: Iterable[int]) -> dict[int, dict[int, str]]:
    """Give what users filled in: by the user's number, by the field's."""
    query = select(FieldValue).where(FieldValue.user_id.in_(set(user_ids)))
    found: dict[int, dict[int, str]] = {}
    for row in session.scalars(query):
        found.setdefault(row.user_id, {})[row.field_id] = row.value
    return found


def count_values(session: Session, field_id: int) -> int:
    """Count who filled a field in."""
    query = select(func.count()).select_from(FieldValue).where(FieldValue.field_id == field_id)
    return session.scalars(query).one()


def forget(session: Session, user_id: int) -> None:
    """Remove what a user filled in."""
    session.execute(delete(FieldValue).where(FieldValue.user_id == user_id))


def _in_order() -> Select[CustomField]:
    return select(CustomField).where(CustomField.removed_at.is_(None)).order_by(CustomField.position, CustomField.id)
