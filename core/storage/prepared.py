"""Questions that are asked each second: their statements are built once, which takes longer than asking them."""

from collections.abc import Sequence
from typing import Any, TypeVarTuple

from sqlalchemy import Row, Select
from sqlalchemy.orm import Session

Columns = TypeVarTuple("Columns")


def finds(session: Session, prepared: Select[Any], **values: object) -> bool:
    """Return whether a prepared query finds anything."""
    return bool(rows(session, prepared, **values))


def rows(session: Session, prepared: Select[*Columns], **values: object) -> Sequence[Row[*Columns]]:
    """Return what a prepared query finds: columns, no objects that changes could be made to."""
    session.flush()
    return session.connection().execute(prepared, values).all()
