"""Queries on custom fields and people's values of them."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from core.storage.tables import CustomField, FieldValue, table_of

_KEEP = insert(table_of(FieldValue))


def active(session: Session) -> list[CustomField]:
    """List the fields that are not removed, in the form's order."""
    return list(session.scalars(_in_order()))


def removed_with_values(session: Session) -> list[CustomField]:
    """List the removed fields of which people still have values, in the order of their removal."""
    filled = select(FieldValue.user_id).where(FieldValue.field_id == CustomField.id).exists()
    query = select(CustomField).where(CustomField.removed_at.is_not(None), filled)
    return list(session.scalars(query.order_by(CustomField.removed_at, CustomField.id)))


def lock_all(session: Session) -> list[CustomField]:
    """Lock and list the fields that are not removed, in the form's order."""
    query = _in_order().with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(query))


def is_taken(session: Session, field_id: int, key: str) -> bool:
    """Return whether a person has a value with this unique key."""
    query = select(FieldValue.field_id).where(FieldValue.field_id == field_id, FieldValue.unique_key == key)
    return session.scalars(query).first() is not None


def holder_of(session: Session, field_id: int, key: str) -> int | None:
    """Return the number of the user who has the value with this unique key."""
    query = select(FieldValue.user_id).where(FieldValue.field_id == field_id, FieldValue.unique_key == key)
    return session.scalars(query).one_or_none()


def replace_value(session: Session, user_id: int, field_id: int, value: str, key: str | None) -> None:
    """Store a user's value in the place of an earlier one; an empty one is deleted. Violates the same constraint."""
    session.execute(delete(FieldValue).where(FieldValue.user_id == user_id, FieldValue.field_id == field_id))
    if value:
        keep_values(session, [{"user_id": user_id, "field_id": field_id, "value": value, "unique_key": key}])


def keep_values(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Add users' values, each with these values of columns. Violates uq_field_value_field_id_unique_key."""
    if rows:
        session.connection().execute(_KEEP, rows)


def values_of(session: Session, user_ids: Iterable[int]) -> dict[int, dict[int, str]]:
    """Return users' values: user number -> field number -> value."""
    query = select(FieldValue).where(FieldValue.user_id.in_(set(user_ids)))
    found: dict[int, dict[int, str]] = {}
    for row in session.scalars(query):
        found.setdefault(row.user_id, {})[row.field_id] = row.value
    return found


def count_values(session: Session, field_id: int) -> int:
    """Count the users who have a value of a field."""
    query = select(func.count()).select_from(FieldValue).where(FieldValue.field_id == field_id)
    return session.scalars(query).one()


def forget(session: Session, user_id: int) -> None:
    """Delete a user's values."""
    session.execute(delete(FieldValue).where(FieldValue.user_id == user_id))


def _in_order() -> Select[CustomField]:
    return select(CustomField).where(CustomField.removed_at.is_(None)).order_by(CustomField.position, CustomField.id)
