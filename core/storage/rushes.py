"""Queries on rushes: more forms through one link, or for lost passwords, than people send."""

from datetime import datetime
from functools import cache

from sqlalchemy import Insert, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.domain.challenges import ASKED_FOR, ENDS_SOON
from core.storage.tables import Rush, table_of


def until(session: Session, subject: str) -> datetime | None:
    """Return when the last rush of a subject is over (UTC); None if there was none lately."""
    return session.scalars(select(Rush.until).where(Rush.subject == subject)).one_or_none()


def prolong(session: Session, subject: str, now: datetime) -> None:
    """Begin a rush, or prolong one that ends soon."""
    values = {"subject": subject, "until": now + ASKED_FOR, "ends_soon": now + ENDS_SOON}
    session.connection().execute(_prolonging(session.get_bind().dialect.name), values)


def sweep(session: Session, now: datetime) -> None:
    """Delete the rushes that are over, but for those that another transaction has locked, as `limits.sweep` does."""
    free = select(Rush.subject).where(Rush.until <= now).with_for_update(skip_locked=True)
    session.execute(delete(Rush).where(Rush.subject.in_(free)))


@cache
def _prolonging(dialect: str) -> Insert:
    """Return the statement of `prolong`, which each sign-up of a rush runs: built once, and with no objects to find."""
    begun = postgresql.insert(_TABLE) if dialect == "postgresql" else sqlite.insert(_TABLE)
    ends_soon = _TABLE.c.until < bindparam("ends_soon", type_=_TABLE.c.until.type)
    return begun.on_conflict_do_update(
        index_elements=[_TABLE.c.subject], set_={"until": begun.excluded.until}, where=ends_soon
    )


_TABLE = table_of(Rush)
