"""People's values of custom fields, of which the unique ones are unique."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from core.domain.field_kinds import DEFINITIONS, Kind
from core.domain.form_fields import Newcomer
from core.domain.text import indexed_key
from core.errors import Conflict, InvalidForm, Problem
from core.services.sign_up_forms import custom_name
from core.storage import form_fields
from core.storage.database import refusing
from core.storage.links import FieldRow
from core.storage.tables import CustomField


def check_unique(session: Session, newcomer: Newcomer, fields: Sequence[CustomField | FieldRow]) -> None:
    """Check that a newcomer's unique values of custom fields are free. Raises InvalidForm."""
    if problems := taken(session, newcomer, fields):
        raise InvalidForm(problems)


def taken(session: Session, newcomer: Newcomer, fields: Sequence[CustomField | FieldRow]) -> dict[str, Problem]:
    """Return the problems of all unique values that other people have."""
    keys = unique_keys(newcomer, fields).items()
    return {custom_name(each[0]): Problem.TAKEN for each in keys if form_fields.is_taken(session, *each)}


def keep(session: Session, user_id: int, newcomer: Newcomer, fields: Sequence[CustomField | FieldRow]) -> None:
    """Store a newcomer's values of custom fields, the unique ones of which were checked. Raises Conflict."""
    keys = unique_keys(newcomer, fields)
    values = [
        {"user_id": user_id, "field_id": field.id, "value": newcomer.custom[field.id], "unique_key": keys.get(field.id)}
        for field in fields
        if field.id in newcomer.custom
    ]
    with refusing(session, uq_field_value_field_id_unique_key=Conflict()):
        form_fields.keep_values(session, values)


def forget(session: Session, user_id: int) -> None:
    """Delete a user's values of custom fields, when the user is deleted."""
    form_fields.forget(session, user_id)


def unique_keys(newcomer: Newcomer, fields: Sequence[CustomField | FieldRow]) -> dict[int, str]:
    """Return what must be unique: field number -> value, regardless of case."""
    unique = [row.id for row in fields if DEFINITIONS[Kind(row.kind)].unique]
    return {number: indexed_key(newcomer.custom[number]) for number in unique if number in newcomer.custom}
